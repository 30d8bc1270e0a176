"""How well people did: fairly compared, and counted anew from what they resolved."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.models import Performance
from dispatch.performance import (
    UNKNOWN,
    Rates,
    Tally,
    qualities,
    quality_of,
    rates_of,
    usual_rates,
)
from dispatch.reading import engineers_of
from dispatch.services import measure_performance
from dispatch.tasks import measure_performance as nightly
from nova.events.models import EventRecord
from tests.dispatch.making import EngineerFactory
from tests.factories import NOW, PersonFactory, ServiceFactory
from tests.tickets.making import opened_for
from tickets.models import Rating, StageVisit, Ticket


@st.composite
def tallies(draw):
    most = st.integers(0, 200)
    resolved, measured, rated = draw(most), draw(most), draw(most)
    return Tally(
        resolved=resolved,
        reopened=draw(st.integers(0, resolved)),
        measured=measured,
        in_time=draw(st.integers(0, measured)),
        rated=rated,
        stars=draw(st.integers(rated, 5 * rated)),
    )


rates = st.builds(Rates, *[st.floats(0, 1)] * 3)
keys = st.tuples(st.integers(1, 3), st.sampled_from([None, 1, 2]))
many = st.dictionaries(keys, tallies(), max_size=6)


@given(tallies(), rates)
def test_quality_is_a_share_per_mille(tally, usual):
    assert 0 <= quality_of(rates_of(tally, usual)) <= 1000


@given(rates)
def test_who_did_nothing_yet_is_like_everybody(usual):
    assert quality_of(rates_of(Tally(), usual)) == quality_of(usual)


@given(tallies(), rates)
def test_what_is_better_is_never_worth_less(tally, usual):
    before = quality_of(rates_of(tally, usual))
    better = [
        replace(tally, reopened=max(0, tally.reopened - 1)),
        replace(tally, in_time=min(tally.measured, tally.in_time + 1)),
        replace(tally, stars=min(5 * tally.rated, tally.stars + 1)),
    ]
    assert all(quality_of(rates_of(each, usual)) >= before for each in better)


@given(tallies(), rates)
def test_a_share_is_between_ones_own_and_the_usual(tally, usual):
    kept = rates_of(tally, usual).kept
    own = (tally.resolved - tally.reopened) / tally.resolved if tally.resolved else usual.kept
    assert min(own, usual.kept) - 1e-9 <= kept <= max(own, usual.kept) + 1e-9


@given(many, st.randoms())
def test_order_means_nothing(counted, dice):
    shuffled = list(counted.items())
    dice.shuffle(shuffled)
    assert qualities(dict(shuffled)) == qualities(counted)


def test_a_few_good_cases_are_worth_less_than_many():
    usual = Rates(0.8, 0.8, 0.8)
    few, lots = (Tally(resolved=n, in_time=n, measured=n, rated=n, stars=5 * n) for n in (2, 200))
    assert quality_of(usual) < quality_of(rates_of(few, usual)) < 850
    assert quality_of(rates_of(lots, usual)) > 980


def test_where_nothing_is_known_all_are_in_the_middle():
    assert usual_rates({}) == {None: UNKNOWN}
    assert qualities({(1, None): Tally()}) == {(1, None): 500}


@pytest.fixture
def payroll(tenant):
    return ServiceFactory(name="Payroll")


def solved(engineer, *, days_ago=1, score=None, worked=600, **stands):
    at = NOW - timedelta(days=days_ago)
    ticket = opened_for(PersonFactory(), at=at - timedelta(hours=2))
    stands = {"status": "resolved", "resolved_at": at, "sla_state": "met", **stands}
    Ticket.objects.filter(pk=ticket.pk).update(assignee=engineer.person, **stands)
    began = at - timedelta(seconds=worked)
    StageVisit.objects.create(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        status="in_progress",
        entered_at=began,
        left_at=at,
    )
    if score:
        by = {"rated_by": ticket.requester, "rated_at": at}
        Rating.objects.create(tenant_id=ticket.tenant_id, ticket=ticket, score=score, **by)


def measured(tenant, lead):
    return measure_performance(tenant.pk, actor=lead, now=NOW)


def counted(row):
    return Tally(*(getattr(row, field.name) for field in fields(Tally)))


def test_it_is_counted_by_service_and_in_all(tenant, lead, payroll):
    mara = EngineerFactory()
    solved(mara, service=payroll, score=5, worked=600)
    solved(mara, service=payroll, sla_state="breached", reopen_count=1, score=2, worked=1800)
    solved(mara, worked=1200, sla_state="")
    assert measured(tenant, lead) == 1
    own, everything = Performance.objects.order_by("service")
    assert counted(own) == Tally(2, 1, 1, 2, 2, 7)
    assert counted(everything) == Tally(3, 1, 1, 2, 2, 7)
    assert (own.usual_seconds, everything.usual_seconds) == (1200, 1200)
    assert own.as_of == NOW
    assert EventRecord.objects.get(name="dispatch.PerformanceMeasured").payload == {"engineers": 1}


def test_only_what_counts_is_counted(tenant, lead, payroll):
    mara = EngineerFactory()
    solved(mara, days_ago=181)
    solved(mara, deleted_at=NOW)
    solved(mara, status="in_progress", resolved_at=None)
    assert measured(tenant, lead) == 0
    assert not Performance.objects.exists()


def test_to_count_again_is_to_count_anew(tenant, lead):
    mara = EngineerFactory()
    solved(mara, days_ago=179)
    measured(tenant, lead)
    nightly()  # of today, by which that is long ago
    assert not Performance.objects.exists()


def test_who_did_well_is_ahead_and_who_is_new_is_like_everybody(tenant, lead, payroll):
    good, bad, new = EngineerFactory.create_batch(3)
    for _ in range(4):
        solved(good, service=payroll, score=5)
        solved(bad, service=payroll, score=1, sla_state="breached", reopen_count=1)
    measured(tenant, lead)
    found = {each.pk: each.quality[payroll.pk] for each in engineers_of(tenant.pk, NOW)}
    assert found[good.person_id] > found[new.person_id] > found[bad.person_id]


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_the_same_for_few_and_many(count, tenant, lead, django_assert_num_queries):
    for engineer in EngineerFactory.create_batch(count):
        solved(engineer)
    # a point to go back to, the lock, the count, the old rows away, the new ones, the fact
    with django_assert_num_queries(7):
        measured(tenant, lead)
