"""A browser shows nobody's alerts to somebody else."""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.signing import BadSignature
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from nova.notifications.devices import remove_device
from nova.notifications.models import PushSubscription
from nova.tenancy.fence import inside

COOKIE = "nova_device"
KEPT_SECONDS = 400 * 24 * 3600  # as long as browsers keep a cookie
GetResponse = Callable[[HttpRequest], HttpResponse]


class Device(NamedTuple):
    """What a browser remembers of its registration."""

    tenant_id: int
    person_id: int
    pk: int


class DeviceMiddleware:
    """End the alerts of a browser when their person signs out of it, or somebody else comes in.

    That a session has merely ended does not end them: they are for whoever is not at the desk.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        device = device_of(request)
        if device is None:
            return self.get_response(request)
        owner = str(device.person_id)
        was_here = request.session.get(SESSION_KEY) == owner
        response = self.get_response(request)
        who = request.session.get(SESSION_KEY)
        is_over = (was_here and who is None) or who not in (None, owner)
        if is_over and not transaction.get_rollback():
            _forget(device)
            response.delete_cookie(COOKIE)
        return response


def device_of(request: HttpRequest) -> Device | None:
    """Return which device this browser is registered as, by its own word that we signed."""
    try:
        kept = request.get_signed_cookie(COOKIE, default="")
        return Device(*map(int, kept.split("."))) if kept else None
    except (BadSignature, ValueError, TypeError):
        return None


def remember(response: HttpResponse, device: PushSubscription) -> None:
    """Let a browser know as which device it is registered."""
    response.set_signed_cookie(
        COOKIE,
        f"{device.tenant_id}.{device.person_id}.{device.pk}",
        max_age=KEPT_SECONDS,
        secure=settings.BEHIND_TLS,
        httponly=True,
        samesite="Lax",
    )


def _forget(known: Device) -> None:
    with inside(known.tenant_id):
        named = PushSubscription.objects.select_related("person")
        device = named.filter(pk=known.pk, person=known.person_id).first()
        if device is not None:
            because = _("Its person signed out, or somebody else signed in.")
            now = timezone.now()  # noqa: TID251 - the edge: they sign out now
            remove_device(device.pk, because=because, actor=device.person, now=now)
