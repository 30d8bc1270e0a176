"""Who is at work by what Nova keeps itself: the roster, and who has stated to be away."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatch.engine.facts import Presence
from dispatch.models import Engineer, RosterChange, Shift
from dispatch.roster import LOOK_AHEAD, Change, hours_of, unless_away
from dispatch.roster import Shift as Hours
from nova.accounts.zones import zone_named
from nova.hours import Spans, WorkingHours

DAY = timedelta(days=1)


class Kept(NamedTuple):
    """What is kept of when somebody works: their week, and what changes of it within some days."""

    shifts: list[Shift]
    changes: list[RosterChange]

    def hours(self, zone: ZoneInfo) -> WorkingHours:
        shifts = [hours_of_shift(shift) for shift in self.shifts]
        return hours_of(zone, shifts, [hours_of_change(change) for change in self.changes])


def presences(engineers: Sequence[Engineer], now: datetime) -> dict[int, Presence]:
    """Return by engineer whether they are at work at an instant. Costs two queries.

    Asks for `person` of each, for the zone and for when they are away.
    """
    latest = max((away for each in engineers if (away := each.person.away_until)), default=now)
    first, last = now.date() - 2 * DAY, (max(now, latest) + LOOK_AHEAD + DAY).date()
    kept = kept_of(engineers, first, last)
    return {
        each.pk: unless_away(kept[each.pk].hours(zone_of(each)), now, each.person.away_until)
        for each in engineers
    }


def kept_of(engineers: Sequence[Engineer], first: date, last: date) -> dict[int, Kept]:
    """Return by engineer what is kept of when they work, with what changes within these days."""
    kept = {each.pk: Kept([], []) for each in engineers}
    for shift in Shift.objects.filter(engineer__in=engineers):
        kept[shift.engineer_id].shifts.append(shift)
    changes = RosterChange.objects.filter(engineer__in=engineers)
    for change in changes.filter(first__lte=last, last__gte=first):
        kept[change.engineer_id].changes.append(change)
    return kept


def zone_of(engineer: Engineer) -> ZoneInfo:
    return zone_named(engineer.person.zone)


def hours_of_shift(shift: Shift) -> Hours:
    return Hours(shift.weekday, second_of(shift.opens), second_of(shift.closes))


def hours_of_change(change: RosterChange) -> Change:
    """Return what a change makes of its days: other hours, or none."""
    spans: Spans = ()
    if change.opens is not None and change.closes is not None:
        spans = ((second_of(change.opens), second_of(change.closes)),)
    return Change(change.first, change.last, spans, change.get_kind_display())


def second_of(at: time) -> int:
    """Return the second of the day."""
    return at.hour * 3600 + at.minute * 60 + at.second
