"""Who is looking at the same thing now, and who is typing. It lives in Redis, and fades."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from redis import Redis

from nova import volatile
from nova.accounts.models import User

FADES_AFTER = 40
STATES = ("here", "typing")


@dataclass(frozen=True)
class Present:
    """A person at a place."""

    person_id: int
    name: str
    is_typing: bool


def note(group: str, person: User, state: str, *, now: datetime) -> bool:
    """Note that a person is at the place of `group`; return whether that is news."""
    key = _key(person.tenant_id, group)
    fresh = orjson.dumps([person.name, state, int(now.timestamp())])

    def command(redis: "Redis") -> bool:
        with redis.pipeline(transaction=False) as pipe:
            pipe.hget(key, str(person.pk))
            pipe.hset(key, str(person.pk), fresh.decode())
            pipe.expire(key, FADES_AFTER)
            before = pipe.execute()[0]
        return _state(before, now) != state

    return volatile.attempt(command, False)


def leave(group: str, person: User) -> bool:
    """Forget a person at once; return whether they were there."""
    key = _key(person.tenant_id, group)
    return volatile.attempt(lambda redis: bool(redis.hdel(key, str(person.pk))), False)


def present(tenant_id: int, group: str, *, now: datetime) -> list[Present]:
    """Return who is there, by name; nobody when Redis does not answer."""
    empty: dict[Any, Any] = {}
    found = volatile.attempt(lambda redis: redis.hgetall(_key(tenant_id, group)), empty)
    people = [
        Present(int(pk), orjson.loads(value)[0], _state(value, now) == "typing")
        for pk, value in found.items()
        if _state(value, now)
    ]
    return sorted(people, key=lambda person: (person.name, person.person_id))


def _state(value: bytes | None, now: datetime) -> str:
    if value is None:
        return ""
    _, state, at = orjson.loads(value)
    return str(state) if now.timestamp() - at < FADES_AFTER else ""


def _key(tenant_id: int, group: str) -> str:
    return f"presence:{tenant_id}:{group}"
