"""What a browser missed while it was away."""

from collections.abc import Collection

from nova.events.models import EventRecord
from nova.live.consumers import groups_of

FARTHEST = 500


def latest() -> int:
    """Return the last sequence of the present tenant."""
    numbered = EventRecord.objects.exclude(sequence=None).order_by("-sequence")
    return numbered.values_list("sequence", flat=True).first() or 0


def missed(groups: Collection[str], since: int) -> dict[str, int] | None:
    """Return which of `groups` changed after `since`, or None when that is too long ago."""
    records = list(EventRecord.objects.numbered_after(since)[: FARTHEST + 1])
    if len(records) > FARTHEST:
        return None
    return {group: n for group, n in groups_of(records).items() if group in groups}
