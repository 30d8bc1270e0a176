"""What clocks add to the ticket as the API shows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sla import rules
from sla.models import Clock
from tickets.lens import Lens


def add_clocks(page: dict[int, dict[str, Any]], lens: Lens, now: datetime) -> None:
    """Add `sla`, by metric the latest cycle as it stands now, for those who may see clocks."""
    if not lens.clocks:
        return
    clocks = Clock.objects.filter(ticket_id__in=page).select_related("calendar_version")
    for shape in page.values():
        shape["sla"] = {}
    for clock in clocks.order_by("number"):
        page[clock.ticket_id]["sla"][clock.metric] = clock_shape(clock, now)


def clock_shape(clock: Clock, now: datetime) -> dict[str, Any]:
    """Return one clock as the API shows it. Remaining seconds below zero are time overdue."""
    standing = rules.standing(clock.cycle(), now)
    return {
        "state": clock.state,
        "target_seconds": standing.target_seconds,
        "elapsed_seconds": standing.elapsed_seconds,
        "remaining_seconds": standing.remaining_seconds,
        "due_at": _instant(standing.due_at),
        "breached_at": _instant(standing.breach_at),
    }


def shapes_of(clocks: Iterable[Clock], now: datetime) -> list[dict[str, Any]]:
    """Return every cycle of a ticket as the clocks endpoint shows it."""
    return [
        {"metric": clock.metric, "cycle": clock.number, **clock_shape(clock, now)}
        for clock in clocks
    ]


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
