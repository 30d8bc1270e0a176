"""Topics and sources to try sockets with: a queue for staff, and things with a public side."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from nova.accounts.models import User
from nova.events.base import Event


@dataclass(frozen=True, kw_only=True)
class Replied(Event):
    is_public: ClassVar[bool] = True

    thing: int


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    thing: int


def queue(user: User, argument: str) -> str | None:
    return "queue" if user.has_perm("tickets.view_ticket") else None


def thing(user: User, argument: str) -> str | None:
    staff = user.has_perm("tickets.view_ticket")
    return f"thing.{argument}" if staff else f"thing.{argument}.public"


def sources(event: Event, record) -> Iterator[str]:
    yield "queue"
    yield f"thing.{event.thing}"
    yield f"thing.{event.thing}.public"
