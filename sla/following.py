"""What becomes of steps when a ticket's VIP level changes. Wired in `nova.settings`."""

from nova.events.models import EventRecord
from sla.models import Clock, steps_by
from sla.rules import Change
from sla.services.clocks import latest_clocks
from sla.services.writing import Writing
from tickets.events import TicketMarked


def reopen_steps(event: TicketMarked, record: EventRecord) -> None:
    """Let steps count that are for the ticket's level only now, also those passed already.

    They were noted as passed while they were for other tickets; of several the highest is told.
    """
    writing = Writing(record.actor, record.occurred_at)
    for clock in latest_clocks([event.ticket_id])[event.ticket_id].values():
        regained = _regained(clock, event.before, event.after)
        if regained:
            clock.fired = [key for key in clock.fired if key not in regained]
            writing.put(clock, Change((), (clock.cycle(),)))
    writing.write()


def _regained(clock: Clock, before: str, after: str) -> set[str]:
    steps = steps_by(clock.policy_version_id).steps
    gained = {s.step.key for s in steps if s.is_for(after) and not s.is_for(before)}
    return gained.intersection(clock.fired)
