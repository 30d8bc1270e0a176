"""Who acts for somebody: appointed and dismissed by themselves, or by who manages proxies."""

from datetime import datetime
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nova.accounts import services
from nova.accounts.forms import ProxyForm
from nova.accounts.models import Proxy, User
from nova.accounts.models.proxies import ProxyQuerySet
from nova.accounts.views.sign_in import INVALID
from nova.errors import Refused

SHORTEST, MOST, LONGEST = 2, 10, 100
SHOWN = 50


@require_http_methods(["GET", "POST"])
def proxies(request: HttpRequest, person_id: int | None = None) -> HttpResponse:
    """Show who acts for a person; look for somebody by `who`, and appoint one of those found."""
    person, now = _person(request, person_id), timezone.now()
    words = request.GET.get("who", "").replace("\0", "").strip()[:LONGEST]
    form = ProxyForm(_found(person, words), request.POST or None, now=now) if words else None
    if form and form.is_valid() and _appointed(request, person, form, now):
        return redirect(request.path)
    viewer = cast(User, request.user)
    context = {
        "person": person,
        "is_own": person == viewer,
        "here": request.path,
        "words": words,
        "form": form if form and form.people else None,
        "theirs": _rows(Proxy.objects.filter(person=person), now),
        "acting": _rows(Proxy.objects.filter(proxy=person).standing(now), now),
        "now": now,
    }
    status = INVALID if form and form.is_bound else None
    return render(request, "accounts/proxies.html", context, status=status)


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """End that somebody acts for another: each of the two may, and who manages proxies."""
    viewer = cast(User, request.user)
    found = get_object_or_404(Proxy.objects.visible_to(viewer).select_related("proxy"), pk=pk)
    services.dismiss_proxy(found.pk, actor=viewer, now=timezone.now())
    messages.success(request, _("It is ended."))
    if viewer.pk in (found.person_id, found.proxy_id):
        return redirect("accounts:proxies")
    return redirect("accounts:proxies_of", found.person_id)


def _person(request: HttpRequest, person_id: int | None) -> User:
    """Return whose page it is: one's own, or anybody's for those who manage proxies."""
    viewer = cast(User, request.user)
    if person_id is None or person_id == viewer.pk:
        return viewer
    if not viewer.has_perm("accounts.manage_proxies"):
        raise PermissionDenied
    return get_object_or_404(User.objects.visible_to(viewer).who_sign_in(), pk=person_id)


def _found(person: User, words: str) -> list[User]:
    if len(words) < SHORTEST:
        return []
    people = User.objects.may_stand_for(person).matching(words)
    return list(people.select_related("department").order_by("name", "pk")[:MOST])


def _appointed(request: HttpRequest, person: User, form: ProxyForm, now: datetime) -> bool:
    """Appoint whom the form names, or tell it why not."""
    actor = cast(User, request.user)
    try:
        services.appoint_proxy(person, **form.terms(), actor=actor, now=now)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Saved."))
    return True


def _rows(proxies: ProxyQuerySet, now: datetime) -> list[tuple[Proxy, str]]:
    """Return appointments with how they stand, the newest first."""
    found = proxies.select_related("person", "proxy", "author").order_by("-created_at", "-pk")
    return [(one, one.state(now)) for one in found[:SHOWN]]
