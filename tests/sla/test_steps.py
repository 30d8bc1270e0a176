"""When steps are, whom they may tell when, and how they read."""

from datetime import UTC, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sla.calendars import hours_from_json
from sla.ledger import Terms
from sla.rules import Step, start
from sla.step_words import moment_of, said
from sla.steps import (
    DEFAULT,
    DEFAULT_FOR_VIPS,
    FOR_VIPS,
    ORDINARY,
    Escalation,
    VersionSteps,
    highest,
    is_early,
    waits_until,
)
from tests.factories import NOW

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = hours_from_json({"tz": "UTC", "weekly": {day: [["09:00", "17:00"]] for day in WEEKDAYS}})
TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")


def at(text, zone=UTC):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def waited(now, zone, *, hours="waking", wakes=False, quiet_until=time(7)):
    step = Escalation(Step("x"), hours=hours, quiet_until=quiet_until)
    return waits_until(step, now.astimezone(UTC), zone, OFFICE, wakes=wakes).astimezone(zone)


@pytest.mark.parametrize("zone", [TOKYO, BERLIN])
@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-03T03:00", "2026-03-03T07:00"),
        ("2026-03-03T06:59:59", "2026-03-03T07:00"),
        ("2026-03-03T07:00", "2026-03-03T07:00"),
        ("2026-03-03T12:00", "2026-03-03T12:00"),
        ("2026-03-03T23:30", "2026-03-04T07:00"),
        ("2026-03-29T01:30", "2026-03-29T07:00"),  # in Berlin that night has an hour less
    ],
)
def test_nobody_is_woken_in_their_own_night(zone, now, then):
    assert waited(at(now, zone), zone) == at(then, zone)


def test_what_is_urgent_wakes_people_and_a_step_may_be_for_any_hour():
    night = at("2026-03-03T03:00", TOKYO)

    assert waited(night, TOKYO, wakes=True) == night
    assert waited(night, TOKYO, hours="any") == night


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-03T10:00", "2026-03-03T10:00"),
        ("2026-03-03T17:00", "2026-03-04T09:00"),
        ("2026-03-07T12:00", "2026-03-09T09:00"),
    ],
)
def test_a_step_may_wait_until_the_desk_is_open_whoever_it_is_for(now, then):
    assert waited(at(now), BERLIN, hours="open", wakes=True) == at(then)


def test_of_steps_passed_at_once_the_last_counts_and_all_that_fall_with_it():
    cycle = start(Terms(3600, OFFICE), NOW).cycle
    steps = [
        Escalation(Step("half", 50)),
        Escalation(Step("most", 90)),
        Escalation(Step("six minutes before", 100, -360)),
    ]

    assert [each.step.key for each in highest(cycle, steps)] == ["most", "six minutes before"]


def test_steps_for_vips_come_earlier_and_closer_together():
    usual = [each.step.percent for each in ORDINARY]
    theirs = [each.step.percent for each in FOR_VIPS]

    assert (usual, theirs) == ([75, 90, 100, 150, 200], [50, 75, 85, 90, 95, 100])
    assert max(b - a for a, b in pairwise(theirs)) <= 25


@pytest.mark.parametrize("steps", [DEFAULT, DEFAULT_FOR_VIPS])
def test_no_two_steps_of_a_version_share_a_key(steps):
    keys = [each.step.key for each in steps]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("percent", "whom", "early"),
    [(50, "assignee", True), (75, "assignee", False), (75, "senior", True), (95, "head", True)],
)
def test_who_is_told_earlier_than_of_others_tickets(percent, whom, early):
    assert is_early(Escalation(Step("x", percent)), whom) == early


def test_only_vips_tickets_come_to_a_step_of_their_policy_or_of_their_levels():
    everybody, theirs = Escalation(Step("x")), Escalation(Step("y"), vip_levels=("exec",))

    assert not VersionSteps((everybody,)).tells_of_vips(everybody)
    assert VersionSteps((theirs,)).tells_of_vips(theirs)
    assert VersionSteps((everybody,), is_for_vips=True).tells_of_vips(everybody)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step("x", 90), "at 90 %"),
        (Step("x", 100, -1800), "30 min of working time before the due time"),
        (Step("x", 100, 3600, is_working_time=False), "1 h after the due time"),
        (Step("x", 50, 60), "1 min of working time after 50 %"),
    ],
)
def test_when_a_step_is_can_be_read(step, words):
    assert moment_of(step) == words


def test_a_step_reads_as_one_sentence():
    step = Escalation(
        Step("x", 90),
        metric="resolution",
        vip_levels=("exec",),
        tells=("senior", "lead"),
        channels=("email", "in_app"),
        reassign_to="backup",
        posts_to=3,
    )

    assert said(step, {3: "#desk"}) == (
        "at 90 % of the resolution (Exec): tell the senior engineer and team lead by e-mail and "
        "in Nova, not at night (until 07:00); reassign to the backup, or else to the team lead; "
        "post to #desk"
    )
