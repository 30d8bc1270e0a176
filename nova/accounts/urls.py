from django.contrib.auth.views import LogoutView
from django.urls import path

from nova.accounts.views import keys, passwords, profile, proxies, sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/code", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-out", LogoutView.as_view(), name="sign_out"),
    path("password-reset", passwords.password_reset, name="password_reset"),
    path("password-reset/sent", passwords.password_reset_sent, name="password_reset_sent"),
    path(
        "password-reset/<uidb64>/<token>",
        passwords.PasswordResetConfirm.as_view(),
        name="password_reset_confirm",
    ),
    path("password", passwords.password_change, name="password_change"),
    path("profile", profile.profile, name="profile"),
    path("profile/absence", profile.absence, name="absence"),
    path("proxies", proxies.proxies, name="proxies"),
    path("proxies/of/<int:person_id>", proxies.proxies, name="proxies_of"),
    path("proxies/<int:pk>/dismiss", proxies.dismiss, name="dismiss_proxy"),
    path("keys", keys.keys, name="keys"),
    path("keys/<int:pk>/revoke", keys.revoke, name="revoke_key"),
    path("two-factor", profile.two_factor, name="two_factor"),
    path("two-factor/begin", profile.two_factor_begin, name="two_factor_begin"),
    path("two-factor/set-up", profile.two_factor_set_up, name="two_factor_set_up"),
    path("two-factor/codes", profile.two_factor_codes, name="two_factor_codes"),
    path("two-factor/remove", profile.two_factor_remove, name="two_factor_remove"),
]
