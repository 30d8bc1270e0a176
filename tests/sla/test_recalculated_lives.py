"""After any life a recalculated clock knows what it would have been, and can be it again."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.choices import Metric
from sla.models import Clock, LedgerEntry, Recalculation
from sla.recalculating import as_measured
from sla.rules import due_at, standing
from sla.services import draft_policy, publish_policy
from tests.factories import NOW, PersonFactory
from tests.sla.lives import attempt, gaps, verbs
from tests.sla.living import promise, sweep_at, target
from tests.sla.test_recalculations import applied, undone
from tests.tickets.making import opened_for

EXAMPLES = 25
lives = st.lists(st.tuples(verbs, gaps), max_size=5)
calendars = st.sampled_from(["Around the clock", "Office hours"])


@pytest.fixture
def policy(tenant):
    promise(90, response=20, priority=[1], pause_on=["awaiting_customer"])
    promise(4000, response=900, priority=[5], reopen="as_if_never_stopped")
    return promise(2000, response=300, priority=[3], order=2, reopen="new_cycle")


@pytest.fixture
def admin(policy):
    return PersonFactory(role="admin")


def live(ticket, life, actor, at):
    for verb, gap in life:
        at += gap
        attempt(verb, [ticket], actor, at)
    return at


def restate(policy, admin, calendar, minutes):
    terms = {"reopen": "new_cycle", "calendar": calendar}
    targets = [target("response", minutes / 7, **terms), target("resolution", minutes, **terms)]
    draft_policy(policy.pk, {"priority": [3]}, targets, actor=admin, now=NOW)
    publish_policy(policy.pk, actor=admin, now=NOW)


def said(ticket, at):
    """Return what each cycle says: state, due time, breach and elapsed time."""
    return [
        (clock.metric, clock.number, standing(clock.cycle(), at))
        for clock in Clock.objects.filter(ticket=ticket).order_by("metric", "number")
    ]


def measured(ticket, at):
    """Return what the ledgers say without recalculations, and what clocks keep of it."""
    cycles, kept = [], []
    for metric in sorted(Metric.values):
        rows = LedgerEntry.objects.filter(ticket=ticket, metric=metric).order_by("pk")
        for cycle in as_measured([row.entry() for row in rows]):
            cycles.append((metric, cycle.number, standing(cycle, at)))
            kept.append((metric, cycle.number, due_at(cycle)))
    return cycles, kept


def kept_by(ticket):
    return [
        (c.metric, c.number, c.measured_due_at if c.is_recalculated else c.due_at)
        for c in Clock.objects.filter(ticket=ticket).order_by("metric", "number")
    ]


def lived(policy, admin, parts, terms, acts):
    """Live through `parts` of a life with an act after each; return what is said in the end."""
    with transaction.atomic():
        ticket, at = opened_for(PersonFactory(role="requester")), NOW
        restate(policy, admin, *terms)
        for part, act in zip(parts, acts, strict=True):
            at = live(ticket, part, admin, at)
            act(at)
        sweep_at(admin, at)
        found = said(ticket, at), *measured(ticket, at), kept_by(ticket)
        transaction.set_rollback(True)
    return found


def nothing(at):
    return None


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(parts=st.tuples(lives, lives), terms=st.tuples(calendars, st.integers(500, 4000)))
def test_a_recalculated_clock_knows_what_it_would_have_been(policy, admin, parts, terms):
    acts = (lambda at: applied(admin, at), nothing)
    _, would_be, kept, by_clock = lived(policy, admin, parts, terms, acts)
    twin, *_ = lived(policy, admin, parts, terms, (nothing, nothing))

    assert would_be == twin
    assert by_clock == kept


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(parts=st.tuples(lives, lives, lives), terms=st.tuples(calendars, st.integers(500, 4000)))
def test_one_that_was_undone_is_what_it_would_have_been(policy, admin, parts, terms):
    given_back = set()

    def undo(at):
        begun = Recalculation.objects.latest("pk")
        if begun.applied:
            lines = undone(begun, admin, at).lines.exclude(kind="left_out")
            given_back.update(lines.values_list("clock__metric", "clock__number"))

    now, *_ = lived(policy, admin, parts, terms, (lambda at: applied(admin, at), undo, nothing))
    twin, *_ = lived(policy, admin, parts, terms, (nothing, nothing, nothing))

    # What ended or was switched in between is left as it is.
    known = [row for row in now if row[:2] in given_back]
    assert known == [row for row in twin if row[:2] in given_back]
