"""What wraps every request: health, one transaction within the fence, refusals."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import get_random_string

from nova.accounts.zones import zone_named
from nova.errors import Refused, Stale
from nova.events.bus import REQUEST_ID
from nova.web import health

GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answer the probes before hosts, sessions and sign-in are looked at."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"ok": True})
        if request.path == "/readyz":
            failures = health.failures()
            return JsonResponse({"failures": failures}, status=503 if failures else 200)
        return self.get_response(request)


class FenceMiddleware:
    """Run each request in one transaction; signing in sets the fence for the rest of it.

    An error, or a refusal that a view did not catch, undoes all that the request wrote.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = REQUEST_ID.set(get_random_string(20))
        try:
            with transaction.atomic():
                response = self.get_response(request)
            response["X-Request-Id"] = REQUEST_ID.get()
        finally:
            REQUEST_ID.reset(mark)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        transaction.set_rollback(True)


class ZoneMiddleware:
    """Say the times of a page in the zone of whoever reads it. The API says them all in UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zone_named(request.user.zone)):
            return self.get_response(request)


class RefusedMiddleware:
    """Answer 409 with the message when a rule refused a page or a fragment."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        transaction.set_rollback(True)
        status = 412 if isinstance(error, Stale) else 409
        return HttpResponse(str(error), status=status, content_type="text/plain; charset=utf-8")
