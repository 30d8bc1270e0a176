"""One's own API keys: made here with their text shown once, and revoked."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from nova.accounts import services
from nova.accounts.forms import OwnKeyForm
from nova.accounts.models import ApiKey, User
from nova.accounts.permissions import labels_of
from nova.accounts.views.sign_in import INVALID

may_make = permission_required("accounts.make_keys", raise_exception=True)


@never_cache
@may_make
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Show one's keys, and make one. Its text is on the page that answers, and nowhere later."""
    person, now, text = cast(User, request.user), timezone.now(), ""
    form = OwnKeyForm(person, request.POST or None)
    status = INVALID if form.is_bound and not form.is_valid() else None
    if form.is_valid():
        _key, text = services.create_api_key(
            person,
            form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(now),
            actor=person,
            now=now,
        )
        form = OwnKeyForm(person)
    held = ApiKey.objects.of(person).order_by("-created_at", "-pk")
    rows = [(key, key.is_valid(now), labels_of(key.scopes)) for key in held]
    context = {"form": form, "rows": rows, "text": text, "now": now}
    return render(request, "accounts/keys.html", context, status=status)


@may_make
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's keys at once."""
    person = cast(User, request.user)
    key = get_object_or_404(ApiKey.objects.of(person), pk=pk)
    services.revoke_api_key(key.pk, actor=person, now=timezone.now())
    messages.success(request, _("%(key)s is revoked.") % {"key": key.name})
    return redirect("accounts:keys")
