"""Tickets as CSV: streamed, without a cap, and harmless in a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from nova.accounts.models import User
from nova.tenancy.fence import inside
from tickets.lens import Lens
from tickets.models import TicketQuerySet
from tickets.rows import METRICS
from tickets.shape import Shape, shapes

CHUNK = 500
PLAIN = (
    "reference",
    "title",
    "kind",
    "type",
    "status",
    "priority",
    "impact",
    "urgency",
    "module",
    "source",
    "location",
    "opened_at",
    "updated_at",
    "responded_at",
    "resolved_at",
    "closed_at",
    "reopen_count",
)
NAMED = ("category", "service", "department", "site", "region", "team", "requester", "assignee")
CLOCK = ("state", "due_at", "breached_at")


def rows_of(
    tickets: TicketQuerySet, user: User, *, now: datetime, chunk: int = CHUNK
) -> Iterator[list[Any]]:
    """Yield the rows of a file of `tickets`, the head first, as `user` may see them.

    The response outlives the request's transaction, so each chunk opens one of its own.
    """
    lens = Lens.of(user)
    yield header(lens)
    last = None
    while True:
        with inside(user.tenant_id):
            page = tickets if last is None else tickets.filter(pk__lt=last)
            ids = list(page.order_by("-pk").values_list("pk", flat=True)[:chunk])
            found = shapes(ids, lens, now=now)
        if not ids:
            return
        last = ids[-1]
        yield from ([*cells(shape, lens)] for shape in found)


def header(lens: Lens) -> list[str]:
    """Return the names of the columns that a viewer gets."""
    clocks = [f"{m}_{part}" for m in METRICS for part in CLOCK] if lens.clocks else []
    return [*PLAIN, *NAMED, *clocks, *(["vip_level", "vip_priority_score"] if lens.vip else [])]


def cells(shape: Shape, lens: Lens) -> Iterator[Any]:
    """Yield one ticket's values, in the order of `header`."""
    yield from (shape.get(name) for name in PLAIN)
    yield from ((shape.get(name) or {}).get("name") for name in NAMED)
    if lens.clocks:
        clocks = shape["sla"]
        yield from (clocks.get(m, {}).get(part) for m in METRICS for part in CLOCK)
    if lens.vip:
        yield shape["vip"]["level"]
        yield shape["vip"]["priority_score"]
