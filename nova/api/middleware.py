"""Tells each client of the API what is left of its limits."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class RateLimitMiddleware:
    """Adds `RateLimit` and `RateLimit-Policy` to whatever a throttled view answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if allowances := getattr(request, "allowances", None):
            response["RateLimit-Policy"] = ", ".join(a.policy for a in allowances)
            response["RateLimit"] = ", ".join(a.state for a in allowances)
        return response
