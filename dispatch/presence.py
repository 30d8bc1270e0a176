"""Who is at work by the roster that Nova keeps itself."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dispatch.engine.facts import Presence
from dispatch.models import Engineer, RosterChange, Shift
from dispatch.roster import LOOK_AHEAD, Change, hours_of, presence_at
from dispatch.roster import Shift as Hours
from nova.accounts.zones import zone_named
from nova.hours import Spans, WorkingHours

DAY = timedelta(days=1)


def presences(engineers: Sequence[Engineer], now: datetime) -> dict[int, Presence]:
    """Return by engineer whether they are at work at an instant. Costs two queries.

    Asks for `person` of each, for the zone.
    """
    first, last = now.date() - 2 * DAY, (now + LOOK_AHEAD + DAY).date()
    hours = rosters(engineers, first, last)
    return {pk: presence_at(each, now) for pk, each in hours.items()}


def rosters(engineers: Sequence[Engineer], first: date, last: date) -> dict[int, WorkingHours]:
    """Return by engineer when they work, with what differs within these days."""
    shifts: dict[int, list[Hours]] = defaultdict(list)
    for shift in Shift.objects.filter(engineer__in=engineers):
        shifts[shift.engineer_id].append(hours_of_shift(shift))
    changes: dict[int, list[Change]] = defaultdict(list)
    for change in RosterChange.objects.filter(
        engineer__in=engineers, first__lte=last, last__gte=first
    ):
        changes[change.engineer_id].append(hours_of_change(change))
    return {
        each.pk: hours_of(zone_named(each.person.zone), shifts[each.pk], changes[each.pk])
        for each in engineers
    }


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
