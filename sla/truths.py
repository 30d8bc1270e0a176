"""Both truths about clocks: as recalculated, and as it was measured then. For reports."""

from datetime import datetime

from django.db.models import Q

from sla.choices import ClockState
from sla.models import Clock

# A running clock is breached from its due time on, whether or not a sweep has noted it yet.
RUNNING = Q(state=ClockState.RUNNING)


def breached_now(now: datetime) -> Q:
    """Return which clocks are breached by the terms that they have, recalculated or not."""
    return Q(breached_at__isnull=False) | (RUNNING & Q(due_at__lt=now))


def breached_then(now: datetime) -> Q:
    """Return which clocks would be breached, had nothing been recalculated."""
    noted = Q(measured_breached_at__isnull=False) | (RUNNING & Q(measured_due_at__lt=now))
    return (Q(is_recalculated=False) & breached_now(now)) | (Q(is_recalculated=True) & noted)


def told_apart(now: datetime) -> Q:
    """Return the recalculated clocks whose verdict is another by the terms of then."""
    return Q(is_recalculated=True) & (
        (breached_now(now) & ~breached_then(now)) | (breached_then(now) & ~breached_now(now))
    )


def breached_as_measured(clock: Clock, now: datetime) -> datetime | None:
    """Return when a recalculated clock would have been breached by `now` without it."""
    due_at = clock.measured_due_at
    is_late = clock.state == ClockState.RUNNING and due_at is not None and due_at < now
    return clock.measured_breached_at or (due_at if is_late else None)
