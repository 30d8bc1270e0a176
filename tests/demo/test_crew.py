"""The demo's engineers are people of it, and at any hour somebody of the desk is at work."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.presence import second_of
from dispatch.roster import Shift, hours_of, presence_at
from nova.demo.services import ORGANISATIONS
from nova.demo.tables.acme import ACME, DESK

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = [MONDAY + timedelta(hours=hour) for hour in range(7 * 24)]


def people_of(organisation):
    return {person.email: person for person in organisation.people}


def at_work(row, now):
    zone = next(
        place.zone for place in ACME.places if place.name == people_of(ACME)[row.email].site
    )
    shifts = [Shift(day, second_of(opens), second_of(closes)) for day, opens, closes in row.week]
    return presence_at(hours_of(ZoneInfo(zone), shifts, []), now).until is not None


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda one: one.slug)
def test_engineers_are_people_who_work_at_the_desk(organisation):
    people = people_of(organisation)
    assert all(people[row.email].teams for row in organisation.crew)
    assert len({row.email for row in organisation.crew}) == len(organisation.crew)


def test_somebody_of_the_desk_is_at_work_at_every_hour():
    desk = [row for row in ACME.crew if DESK in people_of(ACME)[row.email].teams]
    assert [now for now in HOURS if not any(at_work(row, now) for row in desk)] == []


def test_somebody_is_on_leave_now():
    absences = [each for row in ACME.crew for each in row.absences]
    assert any(each.kind == "leave" and each.first <= 0 <= each.last for each in absences)
