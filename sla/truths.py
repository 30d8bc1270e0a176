"""What a recalculated clock would say without its recalculation. Reports: `sla.compliance`."""

from datetime import datetime

from sla.choices import ClockState
from sla.models import Clock


def breached_as_measured(clock: Clock, now: datetime) -> datetime | None:
    """Return when a recalculated clock would have been breached by `now` without it.

    From its due time on, whether or not a sweep has noted it.
    """
    due_at = clock.measured_due_at
    is_late = clock.state == ClockState.RUNNING and due_at is not None and due_at < now
    return clock.measured_breached_at or (due_at if is_late else None)
