"""Slow down those who guess. Counters live in Redis and forget by themselves.

Failures are counted by e-mail and address together, so that a stranger elsewhere locks nobody
out; by address, against one who tries many people; and by e-mail, against one who has many
addresses. A browser that has signed a person in before is counted by itself alone: whatever
strangers do, that person still comes in (docs/decisions/0011).
"""

import hashlib
import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import get_random_string, salted_hmac
from redis import Redis

from nova import volatile

WINDOW_SECONDS = 15 * 60
DEVICE_COOKIE = "nova_device"
DEVICE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Limit:
    """At most `most` tries within the window, counted under `key`."""

    key: str
    most: int

    def admit(self) -> bool:
        """Count one try, and say whether it may go on.

        It is counted before its outcome is known: tries made at the same time all count.
        Without Redis every try is admitted, because else nobody could sign in.
        """

        def command(redis: "Redis") -> int:
            with redis.pipeline() as pipe:
                pipe.incr(self._mark)
                pipe.expire(self._mark, WINDOW_SECONDS, nx=True)
                return int(pipe.execute()[0])

        return volatile.attempt(command, 0) <= self.most

    def forgive(self) -> None:
        """Take back one try, because it was right."""
        volatile.attempt(lambda redis: redis.decr(self._mark), 0)

    @property
    def _mark(self) -> str:
        return f"tries:{self.key}"


@dataclass(frozen=True)
class Visitor:
    """Where a sign-in comes from: an address, and the mark of a browser that we know."""

    address: str
    device: str = ""

    def limits_for(self, email: str) -> list[Limit]:
        """Return what this visitor must stay within when signing in as `email`."""
        whose, _, nonce = self.device.partition(".")
        if whose == _mark(email):
            return [Limit(f"device:{nonce}", 10)]
        return [
            Limit(f"pair:{_digest(email, self.address)}", 5),
            Limit(f"address:{self.address}", 100),
            Limit(f"email:{_digest(email)}", 50),
        ]


def visitor(request: HttpRequest) -> Visitor:
    """Return where a request comes from. A mark that is not ours, or too old, counts as none."""
    signer = signing.TimestampSigner(salt=DEVICE_COOKIE)
    try:
        device = signer.unsign(request.COOKIES.get(DEVICE_COOKIE, ""), max_age=DEVICE_SECONDS)
    except signing.BadSignature:
        device = ""
    return Visitor(client_address(request), device)


def device_mark(email: str) -> str:
    """Return a mark for a browser that has just signed `email` in."""
    nonce = get_random_string(16)
    return signing.TimestampSigner(salt=DEVICE_COOKIE).sign(f"{_mark(email)}.{nonce}")


def client_address(request: HttpRequest) -> str:
    """Return the client's address, as told by as many proxies as `settings.PROXIES` trusts.

    An IPv6 address stands for its network: one household has more of them than we can count.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    told = hops[-settings.PROXIES :][0] if settings.PROXIES else ""
    try:
        address = ipaddress.ip_address(told.strip() or request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if address.version == 6:  # noqa: PLR2004
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _mark(email: str) -> str:
    return salted_hmac(DEVICE_COOKIE, email.lower(), algorithm="sha256").hexdigest()[:20]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).lower().encode()).hexdigest()[:32]
