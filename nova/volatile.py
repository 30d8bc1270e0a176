"""What Redis holds: marks that help and may be lost. Nothing here can fail or slow down a caller.

After an error nobody asks again for a moment, so that a Redis that is down costs the requests
of that time nothing.
"""

from collections.abc import Callable
from functools import cache
from time import monotonic
from typing import TypeVar

import structlog
from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PATIENCE_SECONDS = 0.25
REST_SECONDS = 2.0
T = TypeVar("T")
log = structlog.get_logger(__name__)


class Breaker:
    """Remembers until when Redis is left alone."""

    until = 0.0


@cache
def client() -> "Redis":
    """Return this process's client of the volatile database."""
    return Redis.from_url(
        settings.VOLATILE_URL,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        # A connection kept through a restart of Redis fails once; the second try makes a new one.
        retry=Retry(NoBackoff(), 1),
    )


def attempt(command: Callable[["Redis"], T], default: T) -> T:
    """Return what Redis answers to `command`, or `default` where it does not answer."""
    if monotonic() < Breaker.until:
        return default
    try:
        return command(client())
    except (RedisError, OSError) as error:
        Breaker.until = monotonic() + REST_SECONDS
        log.warning("redis_does_not_answer", error=str(error))
        return default
