"""How much one person, and one key, may ask for in a span of time."""

from dataclasses import dataclass
from time import time
from typing import Any

from django.conf import settings
from redis import Redis
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from nova import volatile
from nova.accounts.models import ApiKey


@dataclass(frozen=True)
class Allowance:
    """What is left of one limit: `left` is negative once it is exceeded."""

    name: str
    most: int
    window: int
    left: int
    resets_in: int

    @property
    def policy(self) -> str:
        return f'"{self.name}";q={self.most};w={self.window}'

    @property
    def state(self) -> str:
        return f'"{self.name}";r={max(0, self.left)};t={self.resets_in}'


class Limits(BaseThrottle):
    """Counts each request against `settings.API_LIMITS`, in Redis, in one round trip.

    What is left goes into headers (draft-ietf-httpapi-ratelimit-headers). Without Redis every
    request passes: to be unprotected for a while is better than to be closed.
    """

    allowances: list[Allowance]

    def allow_request(self, request: Request, view: Any) -> bool:
        self.allowances = count(_counted(request), time())
        request._request.allowances = self.allowances  # type: ignore[attr-defined]
        return all(allowance.left >= 0 for allowance in self.allowances)

    def wait(self) -> float | None:
        return max(a.resets_in for a in self.allowances if a.left < 0)


def count(counted: dict[str, str], now: float) -> list[Allowance]:
    """Count one request for each thing counted; return what is left of each limit."""
    limits = [(name, key, *settings.API_LIMITS[name]) for name, key in counted.items()]

    none: list[int] = []
    taken = volatile.attempt(lambda redis: [_take(redis, *limit, now) for limit in limits], none)
    return [
        Allowance(name, most, window, most - used, window - int(now % window))
        for (name, _, most, window), used in zip(limits, taken, strict=False)
    ]


def _take(redis: "Redis", name: str, key: str, most: int, window: int, now: float) -> int:
    mark = f"limit:{name}:{key}:{int(now // window)}"
    used = int(redis.incr(mark))
    if used == 1:  # the first of its window says when the count may go
        redis.expire(mark, window)
    return used


def _counted(request: Request) -> dict[str, str]:
    if not request.user.is_authenticated:
        return {}
    key = {"key": str(request.auth.pk)} if isinstance(request.auth, ApiKey) else {}
    return {"person": str(request.user.pk), **key}
