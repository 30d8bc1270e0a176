"""What becomes of steps when a ticket's VIP level changes. Wired in `nova.settings`."""

from collections.abc import Sequence
from datetime import datetime

from nova.accounts.models import User
from nova.events.wiring import takes_batches
from sla.models import Clock, steps_by
from sla.rules import Change
from sla.services.clocks import latest_clocks
from sla.services.writing import Writing
from tickets.events import TicketMarked


@takes_batches
def reopen_steps(events: Sequence[TicketMarked], *, actor: User, now: datetime) -> None:
    """Let steps count that are for the ticket's level only now, also those passed already.

    They were noted as passed while they were for other tickets; of several the highest is told.
    """
    writing = Writing(actor, now)
    latest = latest_clocks([event.ticket_id for event in events])
    for event in events:
        for clock in latest[event.ticket_id].values():
            regained = _regained(clock, event.before, event.after)
            if regained:
                clock.fired = [key for key in clock.fired if key not in regained]
                writing.put(clock, Change((), (clock.cycle(),)))
    writing.write()


def _regained(clock: Clock, before: str, after: str) -> set[str]:
    steps = steps_by(clock.policy_version_id).steps
    gained = {s.step.key for s in steps if s.is_for(after) and not s.is_for(before)}
    return gained.intersection(clock.fired)
