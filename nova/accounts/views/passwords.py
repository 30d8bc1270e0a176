"""A new password: by mail for those who forgot it, by the old one for those who did not."""

from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    PasswordResetConfirmView,
)
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods
from kombu.exceptions import OperationalError

from nova.accounts import services, tasks
from nova.accounts.forms import ResetForm
from nova.accounts.identity import person_by_id
from nova.accounts.models import User
from nova.accounts.throttling import Limit, client_address
from nova.accounts.views.sign_in import INVALID, remembering


@login_not_required
@require_http_methods(["GET", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for an e-mail to send a link to. The answer is the same whoever it is."""
    form = ResetForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"].lower()
        limits = [Limit(f"reset:{email}", 3), Limit(f"reset:{client_address(request)}", 20)]
        admitted = [limit.admit() for limit in limits]
        if all(admitted):
            transaction.on_commit(partial(_queue_reset, email))
        return redirect("accounts:password_reset_sent")
    status = INVALID if form.is_bound else None
    return render(request, "accounts/password_reset.html", {"form": form}, status=status)


@login_not_required
@require_GET
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_sent.html")


class PasswordResetConfirm(PasswordResetConfirmView):
    """Take a new password from whoever has the link of the mail."""

    template_name = "accounts/password_reset_confirm.html"
    form_class: type[SetPasswordForm] = SetPasswordForm
    success_url = reverse_lazy("accounts:sign_in")

    def get_user(self, uidb64: str) -> User | None:
        try:
            return person_by_id(int(urlsafe_base64_decode(uidb64)))
        except ValueError:
            return None

    def form_valid(self, form: Any) -> HttpResponse:
        person, password = cast(User, self.user), form.cleaned_data["new_password1"]
        services.change_password(person, password, way="reset", now=timezone.now())
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, _("Your new password is set. Sign in with it."))
        return remembering(redirect(self.get_success_url()), self.request, person)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Take a new password from somebody who knows the old one."""
    person = cast(User, request.user)
    form = PasswordChangeForm(person, request.POST or None)
    limit = Limit(f"password:{person.pk}", 10)
    if form.is_bound and not limit.admit():
        form.add_error(None, _("Too many tries. Wait a quarter of an hour and try again."))
    elif form.is_valid():
        password = form.cleaned_data["new_password1"]
        services.change_password(person, password, way="own", now=timezone.now())
        update_session_auth_hash(request, person)
        messages.success(request, _("Your new password is set. You are signed out elsewhere."))
        return redirect("accounts:profile")
    status = INVALID if form.is_bound else None
    return render(request, "accounts/password_change.html", {"form": form}, status=status)


def _queue_reset(email: str) -> None:
    """Let a worker send the mail; without Redis, send it here and now."""
    try:
        tasks.send_reset.apply_async([email], retry=False)
    except OperationalError:
        services.send_reset(email)
