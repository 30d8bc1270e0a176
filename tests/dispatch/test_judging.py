"""The benchmark's judge of a matching finds what is wrong with one."""

from datetime import UTC, datetime, timedelta

from dispatch.engine.facts import Engineer, Job, Policy, Presence
from dispatch.engine.matching import Given, match
from dispatch.engine.terms import WEIGHTS
from nova.trials.judging import Judged, judged

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = Policy(weights=WEIGHTS)
PEOPLE = [
    Engineer(pk=pk, name="", presence=Presence(NOW + timedelta(hours=8), NOW), capacity=200)
    for pk in (1, 2)
]
WORK = [Job(pk=pk) for pk in range(5)]


def test_what_is_well_given_is_found_well_given():
    given = match(WORK, PEOPLE, POLICY, NOW)
    assert judged(given, WORK, PEOPLE, POLICY, NOW) == Judged(given=4, doubled=0, forced=0, left=0)


def test_too_much_for_somebody_twice_given_and_left_over_are_counted():
    given = [Given(0, 0), Given(1, 0), Given(2, 0), Given(2, 1)]
    assert judged(given, WORK, PEOPLE, POLICY, NOW) == Judged(given=4, doubled=1, forced=1, left=2)
