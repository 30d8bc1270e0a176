"""Keep on tickets what their clocks say of them as a whole."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sla.choices import PROMISED, ClockState
from sla.models import Clock
from tickets import services as tickets
from tickets.choices import SlaState
from tickets.services import SlaProjection

AT_RISK = "75"


class Said(NamedTuple):
    """What counts of a clock for its ticket. Bare columns: a sweep reads thousands."""

    ticket_id: int
    metric: str
    state: str
    due_at: datetime | None
    breached_at: datetime | None
    fired: Sequence[str]


def project(ticket_ids: Sequence[int]) -> None:
    """Keep on tickets the state and the due time of their most pressing clock.

    Teams' parts are left out: what they owe each other is not what the requester was promised.
    """
    clocks: dict[int, list[Said]] = {ticket_id: [] for ticket_id in ticket_ids}
    found = Clock.objects.filter(ticket_id__in=ticket_ids, metric__in=PROMISED).order_by("number")
    for said in map(Said._make, found.values_list(*Said._fields)):
        clocks[said.ticket_id].append(said)
    tickets.project_sla([projection_of(pk, of_ticket) for pk, of_ticket in clocks.items()])


def projection_of(ticket_id: int, clocks: Iterable[Said]) -> SlaProjection:
    """Return what a ticket's clocks, older cycles first, say of it as a whole."""
    latest = list({said.metric: said for said in clocks}.values())
    due = [said.due_at for said in latest if said.state == ClockState.RUNNING and said.due_at]
    return SlaProjection(ticket_id, state_of(latest), min(due, default=None))


def state_of(latest: Iterable[Said]) -> SlaState:
    """Return the state of a ticket whose metrics have these latest cycles.

    What can still be done decides: a live clock outweighs one that has its verdict, so a late
    answer no longer colours a ticket whose resolution is in time. Its breach stays on its clock,
    and is the ticket's verdict once all have stopped. Paused, only a breach presses.
    """
    clocks = [clock for clock in latest if clock.state != ClockState.CANCELLED]
    running = [clock for clock in clocks if clock.state == ClockState.RUNNING]
    live = [clock for clock in clocks if clock.state != ClockState.STOPPED]
    checks = (
        (SlaState.BREACHED, any(clock.breached_at for clock in live)),
        (SlaState.AT_RISK, any(AT_RISK in clock.fired for clock in running)),
        (SlaState.RUNNING, bool(running)),
        (SlaState.PAUSED, bool(live)),
        (SlaState.BREACHED, any(clock.breached_at for clock in clocks)),
        (SlaState.MET, bool(clocks)),
    )
    return next((state for state, holds in checks if holds), SlaState.NONE)
