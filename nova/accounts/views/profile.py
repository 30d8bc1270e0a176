"""What people see and change of themselves: who they are, and how they sign in."""

from io import BytesIO
from typing import cast

import qrcode
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from qrcode.image.svg import SvgPathImage

from nova.accounts import services, totp
from nova.accounts.forms import (
    WORKS_AT_DESK,
    AbsenceForm,
    CodeForm,
    PasswordForm,
    ProfileForm,
)
from nova.accounts.models import Proxy, User
from nova.accounts.services.factors import asks_for_code, pending_secret
from nova.accounts.throttling import Limit
from nova.accounts.views.sign_in import INVALID
from nova.errors import Refused

ISSUER = "Nova"


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show who one is, and take a new name, phone number and time zone."""
    person = cast(User, request.user)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=person.pk))
    if form.is_valid():
        services.edit_profile(**form.cleaned_data, actor=person, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    return _profile(request, form, AbsenceForm(person))


@require_POST
@permission_required(WORKS_AT_DESK, raise_exception=True)
def absence(request: HttpRequest) -> HttpResponse:
    """Take until when somebody of the desk is away, and who stands in."""
    person = cast(User, request.user)
    form = AbsenceForm(person, request.POST)
    if not form.is_valid():
        return _profile(request, ProfileForm(instance=person), form)
    stated = form.cleaned_data
    services.set_absence(stated["until"], stated["stands_in"], actor=person, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("accounts:profile")


@require_GET
def two_factor(request: HttpRequest) -> HttpResponse:
    """Show whether an authenticator app is set up, and what can be done about it."""
    person = cast(User, request.user)
    context = {"asks_for_code": asks_for_code(person), "form": PasswordForm(person)}
    return render(request, "accounts/two_factor.html", context)


@require_POST
def two_factor_begin(request: HttpRequest) -> HttpResponse:
    """Make a new secret for an authenticator app."""
    services.begin_second_factor(cast(User, request.user))
    return redirect("accounts:two_factor_set_up")


@never_cache
@require_http_methods(["GET", "POST"])
def two_factor_set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret, and take the first code of the app as proof."""
    person = cast(User, request.user)
    secret = pending_secret(person)
    if secret is None:
        return redirect("accounts:two_factor")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            codes = services.confirm_second_factor(person, code, now=timezone.now())
        except Refused as refused:
            form.add_error("code", str(refused))
        else:
            return render(request, "accounts/two_factor_codes.html", {"codes": codes})
    uri = totp.enrolment_uri(secret, account=person.email, issuer=ISSUER)
    context = {"form": form, "secret": secret, "picture": _picture(uri)}
    status = INVALID if form.is_bound else None
    return render(request, "accounts/two_factor_set_up.html", context, status=status)


@never_cache
@require_POST
def two_factor_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes for somebody who knows their password."""
    person = cast(User, request.user)
    form = _confirmed(request, person)
    if not form.is_valid():
        return _asked_again(request, form)
    codes = services.make_recovery_codes(person, now=timezone.now())
    return render(request, "accounts/two_factor_codes.html", {"codes": codes})


@require_POST
def two_factor_remove(request: HttpRequest) -> HttpResponse:
    """Ask for a password alone again, if somebody knows it."""
    person = cast(User, request.user)
    form = _confirmed(request, person)
    if not form.is_valid():
        return _asked_again(request, form)
    services.remove_second_factor(person, actor=person, now=timezone.now())
    messages.success(request, _("Your password alone lets you in again."))
    return redirect("accounts:two_factor")


def _profile(request: HttpRequest, form: ProfileForm, away: AbsenceForm) -> HttpResponse:
    person = cast(User, request.user)
    acting = Proxy.objects.filter(person=person).in_force(timezone.now())
    context = {
        "form": form,
        "away": away,
        "asks_for_code": asks_for_code(person),
        "panels": [
            reverse(name)
            for name, needs in settings.PROFILE_PANELS
            if any(person.has_perm(permission) for permission in needs)
        ],
        "proxies": [one.proxy for one in acting.select_related("proxy").order_by("proxy__name")],
    }
    status = INVALID if form.is_bound or away.is_bound else None
    return render(request, "accounts/profile.html", context, status=status)


def _confirmed(request: HttpRequest, person: User) -> PasswordForm:
    form = PasswordForm(person, request.POST)
    if not Limit(f"password:{person.pk}", 10).admit():
        form.add_error(None, _("Too many tries. Wait a quarter of an hour and try again."))
    return form


def _asked_again(request: HttpRequest, form: PasswordForm) -> HttpResponse:
    context = {"asks_for_code": asks_for_code(form.person), "form": form}
    return render(request, "accounts/two_factor.html", context, status=INVALID)


def _picture(uri: str) -> SafeString:
    """Return the address as a QR code, drawn as SVG."""
    drawn = BytesIO()
    qrcode.make(uri, image_factory=SvgPathImage, border=2).save(drawn)
    svg = drawn.getvalue().decode().partition("?>")[2]
    return mark_safe(svg)  # noqa: S308 - drawn by the package, of an address of ours
