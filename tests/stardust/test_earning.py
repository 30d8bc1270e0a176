"""Who earns what by which ticket, exactly once, and what is taken back."""

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction

from nova.accounts.choices import PersonKind
from nova.events.models import EventRecord
from nova.tenancy import fence
from stardust.consumers import follow_moves
from stardust.models import Entry, OptOut
from stardust.services import opt_in, opt_out
from tests.factories import PersonFactory, TenantFactory
from tests.sla.living import minutes, promise
from tests.stardust.working import (
    follow,
    follow_again,
    moves,
    reopen,
    resolve,
    settle,
    solved,
    taken,
    written,
)
from tickets import services as tickets
from vip.services import designate_vip, reassess

EARNED, BACK = "earned", "taken_back"


@pytest.fixture
def vera(requester, lead):
    """Return a VIP, measured by the same promise as everybody."""
    designate_vip({"person_id": requester.pk}, "exec", reason="Board", actor=lead, now=minutes(0))
    reassess([requester.pk], actor=lead, now=minutes(0))
    return requester


def test_who_resolves_in_time_earns_by_what_was_left(tess, requester):
    ticket = solved(requester, tess, after=38, impact="high", urgency="high")
    follow(tess)

    entry = Entry.objects.get()
    assert (entry.person, entry.ticket, entry.points) == (tess, ticket, 11)
    assert entry.words == "8 for 62 % of the time left, +3 for a P1"
    assert (entry.at, entry.day) == (minutes(38), date(2026, 3, 3))
    fact = EventRecord.objects.get(name="stardust.StardustEarned")
    assert fact.payload == {
        "entry_id": entry.pk,
        "person_id": tess.pk,
        "ticket_id": ticket.pk,
        "points": 11,
    }


def test_a_day_is_that_of_where_the_person_is(tess, requester):
    tess.zone = "Pacific/Auckland"  # thirteen hours ahead
    tess.save()
    solved(requester, tess, at=60)
    follow(tess)
    assert Entry.objects.get().day == date(2026, 3, 4)


def test_a_vips_ticket_brings_a_bonus_in_a_row_of_its_own(tess, vera):
    solved(vera, tess)
    follow(tess)

    assert written() == [(EARNED, False, 8), (EARNED, True, 6)]
    names = EventRecord.objects.filter(name__startswith="stardust.").values_list("name", flat=True)
    assert list(names) == ["stardust.StardustEarned", "stardust.BonusEarned"]


def test_what_is_late_brings_nothing_and_says_so(tess, requester):
    solved(requester, tess, after=101)
    follow(tess)
    assert Entry.objects.get().words == "Nothing: its time was up."


def test_nobody_earns_by_what_they_asked_for(tess):
    solved(tess, tess)
    follow(tess)
    assert Entry.objects.get().words == "Nothing: who resolved it had asked for it."


def test_a_duplicate_brings_nothing(tess, requester):
    ticket, other = taken(requester, tess), taken(requester, tess)
    tickets.merge_ticket(ticket.pk, other.pk, actor=tess, now=minutes(5))
    follow(tess)
    assert Entry.objects.get().words == "Nothing: no clock measured it."


def test_it_is_the_assignees_whoever_presses_the_button(tess, lead, requester):
    resolve(taken(requester, tess), lead, 30)
    resolve(taken(requester, None), lead, 30)
    follow(tess)
    assert list(Entry.objects.values_list("person", flat=True)) == [tess.pk]


def test_a_service_account_earns_nothing(tess, requester):
    robot = PersonFactory(role="technician", kind=PersonKind.SERVICE)
    solved(requester, robot)
    follow(tess)
    assert not Entry.objects.exists()


def test_what_is_reopened_is_taken_back_once_from_who_had_earned_it(tess, lead, vera):
    ticket = solved(vera, tess)
    follow(tess)
    reopen(ticket, vera, 40)
    tickets.assign_ticket(ticket.pk, {"assignee": lead}, actor=lead, now=minutes(41))
    follow(tess)
    follow_again()

    assert written(person=tess)[2:] == [(BACK, False, -8), (BACK, True, -6)]
    back = Entry.objects.filter(kind=BACK).first()
    assert back.words == f"Taken back: {ticket.reference} was reopened."
    assert back.takes_back.points == 8
    assert not Entry.objects.exclude(person=tess).exists()


@pytest.mark.parametrize("mode", ["continue", "new_cycle", "as_if_never_stopped"])
def test_solved_again_it_counts_by_all_the_time_that_it_took(tenant, requester, mode):
    promise(100, reopen=mode)
    tess = PersonFactory(role="technician")
    ticket = solved(requester, tess, after=60)
    reopen(ticket, requester, 60)
    resolve(ticket, tess, 70)
    follow(tess)

    assert sorted(written()) == [(EARNED, False, 5), (EARNED, False, 5), (BACK, False, -5)]
    assert Entry.objects.last().ticket == ticket
    words = Entry.objects.filter(kind=EARNED).order_by("pk").values_list("words", flat=True)
    assert list(words) == ["5 for 40 % of the time left", "5 for 30 % of the time left"]


def test_to_reopen_and_resolve_again_and_again_brings_no_more(tess, requester):
    ticket = solved(requester, tess, after=10)
    for at in range(11, 20):
        reopen(ticket, tess, at)
        resolve(ticket, tess, at)
    follow(tess)
    assert sum(points for _kind, _bonus, points in written()) == 10


def test_late_or_not_it_counts_as_it_was_when_it_was_resolved(tess, lead, vera):
    ticket = solved(vera, tess)
    tickets.assign_ticket(ticket.pk, {"assignee": lead}, actor=lead, now=minutes(31))
    changes = {"impact": "high", "urgency": "high", "kind": "problem"}
    tickets.edit_ticket(ticket.pk, changes, actor=lead, now=minutes(32))
    tickets.assign_ticket(ticket.pk, {"assignee": None}, actor=lead, now=minutes(33))
    follow(tess)

    assert written() == [(EARNED, False, 8), (EARNED, True, 6)]
    assert set(Entry.objects.values_list("person", "words")) == {
        (tess.pk, "8 for 50 % of the time left"),  # by the hour that VIPs are promised
        (tess.pk, "6 for a ticket of level Exec with 50 % of the time left"),
    }


def test_a_moment_that_is_read_after_its_reopening_is_taken_back_all_the_same(tess, requester):
    ticket = solved(requester, tess)
    reopen(ticket, requester, 40)
    resolving, reopening = moves()

    follow_moves([reopening])
    assert written() == []
    follow_moves([resolving])
    assert written() == [(EARNED, False, 8), (BACK, False, -8)]
    follow_again()
    assert len(written()) == 2


def test_a_consumer_that_repeats_itself_writes_nothing_twice(tess, vera):
    ticket = solved(vera, tess)
    follow(tess)
    before = written()
    follow_again()
    assert written() == before
    reopen(ticket, vera, 40)
    follow_again()
    follow_again()
    assert len(written()) == 4


def test_workers_at_once_write_each_fact_once_and_keep_the_limit(transactional_db, at_once):
    with fence.inside(TenantFactory().pk):
        promise(100)
        tess, requester = PersonFactory(role="technician"), PersonFactory()
        settle(tess, daily_limit=20)
        for _ in range(4):
            solved(requester, tess)
        facts = list(moves())

    def follow_some(some):
        with fence.inside(tess.tenant_id):
            follow_moves(some)

    at_once(follow_some, [facts[:2], facts[2:], facts[1:3], facts])
    with fence.inside(tess.tenant_id):
        assert sorted(points for _kind, _bonus, points in written()) == [0, 4, 8, 8]


def test_a_day_has_its_limit_and_bonuses_one_of_their_own(tess, vera):
    settle(tess, daily_limit=20, bonus_daily_limit=7)
    for _ in range(3):
        solved(vera, tess)
    follow(tess)
    solved(vera, tess, at=24 * 60)
    follow(tess)

    assert [points for _k, is_bonus, points in written() if not is_bonus] == [8, 8, 4, 8]
    assert [points for _k, is_bonus, points in written() if is_bonus] == [6, 1, 0, 6]


@pytest.mark.parametrize("is_late", [False, True])
def test_what_was_taken_back_makes_room_in_its_day_again(tess, requester, is_late):
    settle(tess, daily_limit=10)
    ticket = solved(requester, tess, after=30)
    solved(requester, tess, after=35)
    if not is_late:
        follow(tess)
    reopen(ticket, requester, 40)
    solved(requester, tess, after=45)
    follow(tess)

    expected = [(EARNED, False, 8), (EARNED, False, 2), (EARNED, False, 8), (BACK, False, -8)]
    assert sorted(written()) == sorted(expected)
    assert sum(points for _kind, _bonus, points in written()) == 10


def test_who_opted_out_earns_nothing_from_then_on(tess, requester):
    solved(requester, tess, after=30)
    opt_out(actor=tess, now=minutes(45))
    opt_out(actor=tess, now=minutes(46))
    solved(requester, tess, after=60)
    follow(tess)
    assert written() == [(EARNED, False, 8)]
    opt_in(actor=tess, now=minutes(70))
    opt_in(actor=tess, now=minutes(71))
    solved(requester, tess, at=80)
    follow(tess)

    assert len(written()) == 2
    assert not OptOut.objects.standing().exists()
    told = EventRecord.objects.filter(
        name__in=["stardust.StardustLeft", "stardust.StardustJoined"]
    )
    assert told.count() == 2


def test_what_is_read_late_earns_as_if_it_had_been_read_at_once(tess, requester):
    opt_out(actor=tess, now=minutes(10))
    solved(requester, tess, after=20)
    opt_in(actor=tess, now=minutes(40))
    opt_out(actor=tess, now=minutes(50))
    opt_in(actor=tess, now=minutes(60))
    follow(tess)
    assert written() == []


def test_who_opted_out_still_gives_back_what_was_not_done(tess, requester):
    ticket = solved(requester, tess)
    opt_out(actor=tess, now=minutes(31))
    reopen(ticket, requester, 40)
    follow(tess)
    assert written() == [(EARNED, False, 8), (BACK, False, -8)]


def test_switched_off_nobody_earns_and_reopenings_still_count(tess, requester):
    ticket = solved(requester, tess)
    follow(tess)
    settle(tess, is_on=False)
    solved(requester, tess)
    reopen(ticket, requester, 40)
    follow(tess)
    assert written() == [(EARNED, False, 8), (BACK, False, -8)]


@pytest.mark.parametrize(
    "statement", ["UPDATE stardust_entry SET points = 99", "DELETE FROM stardust_entry"]
)
def test_the_ledger_only_grows_also_for_raw_sql(tess, requester, statement):
    solved(requester, tess)
    follow(tess)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("count", [3, 30])
def test_a_batch_costs_the_same_for_few_and_many(
    tess, requester, count, django_assert_num_queries
):
    for _ in range(count):
        ticket = solved(requester, tess)
        reopen(ticket, requester, 40)
        resolve(ticket, tess, 50)
    facts = list(moves())

    follow_moves(facts[:1])
    with django_assert_num_queries(24):
        follow_moves(facts)
