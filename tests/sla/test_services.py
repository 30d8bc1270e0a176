"""Clocks follow their tickets: every verb, every policy, and what is told of it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from sla.choices import Metric
from sla.models import LedgerEntry
from sla.services import draft_policy, publish_policy
from tests.sla.living import (
    breaches,
    breaches_written,
    clock,
    ledger,
    marks,
    minutes,
    move,
    promise,
    sweep_at,
    target,
    told,
    warnings,
)
from tests.tickets.making import opened_for
from tickets import services as tickets
from tickets.models import QUEUE_ORDER, Ticket
from vip.services import designate_vip, reassess

RESOLUTION, RESPONSE = Metric.RESOLUTION, Metric.RESPONSE


@pytest.fixture
def ticket(requester):
    """Return a ticket that must be answered in ten hours and resolved in one."""
    promise(60)
    return opened_for(requester)


def edited(ticket, actor, at, **changes):
    return tickets.edit_ticket(ticket.pk, changes, actor=actor, now=at)


def test_a_ticket_starts_a_clock_for_each_target_and_bears_the_earliest_due_time(ticket):
    ticket.refresh_from_db()

    assert (clock(ticket).due_at, clock(ticket, RESPONSE).due_at) == (minutes(60), minutes(600))
    assert (ticket.sla_state, ticket.next_due_at, ticket.queue_at) == (
        "running",
        minutes(60),
        minutes(60),
    )


def test_the_clock_pauses_while_awaiting_and_is_due_later_by_as_much(ticket, technician):
    move(ticket, "awaiting_customer", technician, minutes(20))
    paused = clock(ticket)
    move(ticket, "in_progress", technician, minutes(50))

    assert (paused.state, paused.due_at, paused.next_action_at) == ("paused", None, None)
    assert (clock(ticket).state, clock(ticket).due_at) == ("running", minutes(90))


def test_what_waits_stands_behind_what_came_later_until_it_goes_on(ticket, technician, requester):
    later = opened_for(requester, at=minutes(10))
    queue = Ticket.objects.unresolved().order_by(*QUEUE_ORDER).values_list("pk", flat=True)
    before = list(queue.all())
    move(ticket, "awaiting_customer", technician, minutes(20))
    meanwhile = list(queue.all())
    move(ticket, "in_progress", technician, minutes(25))

    assert before == list(queue.all()) == [ticket.pk, later.pk]
    assert meanwhile == [later.pk, ticket.pk]


def test_what_waits_while_its_clock_runs_keeps_its_place(requester, technician):
    promise(60, pause_on=[])
    ticket = opened_for(requester)
    move(ticket, "awaiting_customer", technician, minutes(20))
    ticket.refresh_from_db()

    assert ticket.queue_at == minutes(60)


def test_the_first_answer_stops_the_response_alone(ticket, technician):
    tickets.add_comment(ticket.pk, "Looking at it", actor=technician, now=minutes(5))

    assert (clock(ticket, RESPONSE).state, clock(ticket).state) == ("stopped", "running")
    assert clock(ticket, RESPONSE).ended_at == minutes(5)


def test_an_internal_note_and_the_requesters_own_words_are_no_answer(
    ticket, technician, requester
):
    tickets.add_comment(ticket.pk, "Hm", is_internal=True, actor=technician, now=minutes(5))
    tickets.add_comment(ticket.pk, "Hello?", actor=requester, now=minutes(6))

    assert clock(ticket, RESPONSE).state == "running"


@pytest.mark.parametrize(
    ("at", "warned", "breached"),
    [
        (30, [], []),
        (31, [50], []),
        (46, [50, 75], []),
        (55, [50, 75, 90], []),
        (60, [50, 75, 90], []),
        (61, [50, 75, 90], [60.0]),
    ],
)
def test_each_share_is_warned_of_when_it_is_used_up_and_the_breach_is_dated(
    ticket, technician, at, warned, breached
):
    for minute in range(0, at + 1):
        sweep_at(technician, minutes(minute))

    assert warnings(ticket) == [(RESOLUTION, percent) for percent in warned]
    assert [minute for _, _, minute in breaches(ticket)] == breached
    assert [minute for _, minute in breaches_written(ticket)] == breached


@pytest.mark.parametrize(
    ("at", "warned"), [(31, [50]), (46, [75]), (59, [90]), (120, []), (1000, [])]
)
def test_a_sweep_that_slept_tells_only_the_highest_step_and_dates_the_breach_just_the_same(
    ticket, technician, at, warned
):
    sweep_at(technician, minutes(at))

    assert [percent for metric, percent in warnings(ticket) if metric == RESOLUTION] == warned
    assert (clock(ticket).breached_at == minutes(60)) == (at > 60)
    assert marks(ticket) == ["50", "75", "90"][: (at >= 31) + (at >= 46) + (at >= 55)]


def test_a_step_that_a_pause_hid_is_told_when_the_clock_runs_again(ticket, technician):
    move(ticket, "awaiting_customer", technician, minutes(50))
    asleep = sweep_at(technician, minutes(55))
    move(ticket, "in_progress", technician, minutes(70))

    assert (asleep, warnings(ticket)) == (0, [(RESOLUTION, 75)])


def test_a_second_sweep_has_nothing_left_to_do(ticket, technician):
    done = [sweep_at(technician, minutes(at)) for at in (61, 61, 62)]

    assert done == [1, 0, 0]
    assert len(breaches(ticket)) == 1


def test_ending_in_the_due_second_is_in_time_and_a_second_later_is_not(requester, technician):
    promise(60)
    just, late = opened_for(requester), opened_for(requester)
    move(just, "resolved", technician, minutes(60))
    move(late, "resolved", technician, minutes(60) + timedelta(seconds=1))
    just.refresh_from_db()
    late.refresh_from_db()

    assert (clock(just).breached_at, just.sla_state) == (None, "met")
    assert (clock(late).breached_at, late.sla_state) == (minutes(60), "breached")


@pytest.mark.parametrize("end", ["resolved", "awaiting_customer"])
def test_a_verb_that_comes_before_the_sweep_announces_the_breach_that_it_shows(
    ticket, technician, end
):
    move(ticket, end, technician, minutes(90))
    sweep_at(technician, minutes(100))

    assert breaches(ticket) == [(RESOLUTION, 1, 60.0)]
    assert breaches_written(ticket) == [(RESOLUTION, 60.0)]


def test_a_switch_that_puts_the_due_time_into_the_past_announces_the_breach_once(
    requester, technician
):
    promise(60, priority=[1])
    promise(480, name="Other")
    ticket = opened_for(requester)
    edited(ticket, technician, minutes(181), impact="high", urgency="high")
    sweep_at(technician, minutes(182))
    ticket.refresh_from_db()

    assert breaches(ticket) == [(RESOLUTION, 1, 60.0)]
    assert warnings(ticket) == []
    assert ticket.sla_state == "breached"


def test_a_switch_tells_only_the_highest_step_that_it_crosses(requester, technician):
    promise(60, priority=[1])
    promise(480, name="Other")
    ticket = opened_for(requester)
    edited(ticket, technician, minutes(50), impact="high", urgency="high")
    sweep_at(technician, minutes(51))

    assert warnings(ticket) == [(RESOLUTION, 75)]
    assert marks(ticket) == ["50", "75"]


def test_relief_takes_the_breach_from_the_clock_and_leaves_it_in_the_ledger(requester, technician):
    promise(480, priority=[5])
    promise(60, name="Other")
    ticket = opened_for(requester)
    sweep_at(technician, minutes(70))
    edited(ticket, technician, minutes(80), impact="low", urgency="low")
    ticket.refresh_from_db()

    assert (clock(ticket).breached_at, clock(ticket).due_at) == (None, minutes(480))
    assert (marks(ticket), ticket.sla_state) == ([], "running")
    assert breaches_written(ticket) == [(RESOLUTION, 60.0)]


def test_terms_that_come_back_are_not_warned_of_again(requester, technician):
    promise(60, priority=[1])
    promise(480, name="Other")
    ticket = opened_for(requester)
    for at, level in ((50, "high"), (51, "medium"), (52, "high")):
        edited(ticket, technician, minutes(at), impact=level, urgency=level)
    sweep_at(technician, minutes(53))
    sweep_at(technician, minutes(55))

    assert warnings(ticket) == [(RESOLUTION, 75), (RESOLUTION, 90)]


def test_a_priority_edited_while_paused_keeps_the_pause_and_its_credit(requester, technician):
    promise(180, priority=[1])
    promise(480, name="Other")
    ticket = opened_for(requester)
    move(ticket, "awaiting_customer", technician, minutes(60))
    edited(ticket, technician, minutes(120), impact="high", urgency="high")
    held = clock(ticket)
    move(ticket, "in_progress", technician, minutes(240))

    assert (held.state, held.counted_seconds, held.target_seconds) == ("paused", 3600, 180 * 60)
    assert clock(ticket).due_at == minutes(360)


def test_a_policy_that_does_not_pause_lets_a_held_clock_run(requester, technician):
    promise(180, priority=[1], pause_on=[])
    promise(480, name="Other")
    ticket = opened_for(requester)
    move(ticket, "awaiting_customer", technician, minutes(60))
    edited(ticket, technician, minutes(120), impact="high", urgency="high")

    assert (clock(ticket).state, clock(ticket).due_at) == ("running", minutes(240))
    assert ledger(ticket)[-2:] == [("policy_switched", 120.0), ("resumed", 120.0)]


def test_a_version_published_later_does_not_touch_running_clocks_even_at_the_next_edit(
    ticket, technician
):
    acting = {"actor": technician, "now": minutes(5)}
    draft_policy(clock(ticket).policy_id, {}, [target(RESOLUTION, 1)], **acting)
    publish_policy(clock(ticket).policy_id, **acting)
    edited(ticket, technician, minutes(10), kind="request")
    sweep_at(technician, minutes(20))

    assert (clock(ticket).target_seconds, clock(ticket).due_at) == (3600, minutes(60))
    assert breaches(ticket) == []


def test_a_policy_that_matches_only_now_counts_from_the_opening(requester, technician):
    ticket = opened_for(requester, kind="problem")
    ticket.clocks.all().delete()
    move(ticket, "awaiting_customer", technician, minutes(10))
    move(ticket, "in_progress", technician, minutes(30))
    promise(60, kind=["change"])
    edited(ticket, technician, minutes(40), kind="change")

    assert clock(ticket).due_at == minutes(80)
    assert (clock(ticket, RESPONSE).state, clock(ticket, RESPONSE).ended_at) == (
        "stopped",
        minutes(10),
    )


def test_reassignment_never_touches_a_clock(ticket, technician):
    before = ledger(ticket)
    tickets.assign_ticket(ticket.pk, {"assignee": technician}, actor=technician, now=minutes(9))

    assert ledger(ticket) == before


@pytest.mark.parametrize(
    ("mode", "number", "due", "breached"),
    [
        ("continue", 1, 160, []),
        ("new_cycle", 2, 180, []),
        ("as_if_never_stopped", 1, 60, [(RESOLUTION, 1, 60.0)]),
    ],
)
def test_a_reopened_clock_goes_the_way_that_its_target_says(
    requester, technician, mode, number, due, breached
):
    promise(60, reopen=mode)
    ticket = opened_for(requester)
    move(ticket, "resolved", technician, minutes(20))
    move(ticket, "reopened", requester, minutes(120))
    sweep_at(technician, minutes(130))

    assert (clock(ticket).number, clock(ticket).due_at) == (number, minutes(due))
    assert breaches(ticket) == breached
    assert clock(ticket, RESPONSE).ended_at == minutes(20)


def test_the_cycle_before_a_new_one_keeps_its_verdict(requester, technician):
    promise(60, reopen="new_cycle")
    ticket = opened_for(requester)
    move(ticket, "resolved", technician, minutes(70))
    move(ticket, "reopened", requester, minutes(120))
    move(ticket, "resolved", technician, minutes(130))
    cycles = list(ticket.clocks.filter(metric=RESOLUTION).order_by("number"))
    ticket.refresh_from_db()

    assert [cycle.breached_at for cycle in cycles] == [minutes(60), None]
    assert ticket.sla_state == "met"


def test_a_reopened_ticket_is_measured_by_what_it_became_meanwhile(requester, technician):
    promise(60, priority=[1])
    promise(480, name="Other")
    ticket = opened_for(requester)
    move(ticket, "resolved", technician, minutes(20))
    edited(ticket, technician, minutes(30), impact="high", urgency="high")
    untouched = clock(ticket).target_seconds
    move(ticket, "reopened", requester, minutes(40))

    assert (untouched, clock(ticket).target_seconds) == (480 * 60, 3600)


def test_a_deleted_ticket_is_late_for_nobody_and_a_restored_one_runs_on(ticket, technician):
    tickets.delete_ticket(ticket.pk, actor=technician, now=minutes(30))
    sweep_at(technician, minutes(500))
    while_deleted = breaches(ticket)
    tickets.restore_ticket(ticket.pk, actor=technician, now=minutes(600))

    assert while_deleted == []
    assert (clock(ticket).state, clock(ticket).due_at) == ("running", minutes(630))


@pytest.mark.parametrize(
    ("stage", "state"), [("awaiting_dependency", "paused"), ("resolved", "stopped")]
)
def test_a_restored_ticket_stays_as_its_stage_has_it(ticket, technician, stage, state):
    move(ticket, stage, technician, minutes(20))
    tickets.delete_ticket(ticket.pk, actor=technician, now=minutes(30))
    tickets.restore_ticket(ticket.pk, actor=technician, now=minutes(40))

    assert clock(ticket).state == state


def test_becoming_a_vip_shortens_the_clock_and_losing_it_gives_the_time_back(
    requester, technician
):
    ticket = opened_for(requester)
    named = designate_vip(
        {"person_id": requester.pk}, "exec", reason="Board", actor=technician, now=minutes(20)
    )
    reassess([requester.pk], actor=technician, now=minutes(20))
    as_vip = clock(ticket)
    named.revoked_at = minutes(40)
    named.save()
    requester.refresh_from_db()
    reassess([requester.pk], actor=technician, now=minutes(40))

    assert (as_vip.policy_name, as_vip.due_at) == ("VIP", minutes(60))
    assert (clock(ticket).policy_name, clock(ticket).due_at) == ("Moderate", minutes(24 * 60))
    assert [event["after"] for event in told(ticket, "sla.PolicySwitched")] == [
        "VIP",
        "VIP",
        "Moderate",
        "Moderate",
    ]
    assert breaches(ticket) == [(RESPONSE, 1, 5.0)]


def test_a_vip_gets_the_better_of_the_vip_policy_and_the_general_one(requester, technician):
    promise(30, response=20, priority=[3])
    ticket = opened_for(requester)
    designate_vip(
        {"person_id": requester.pk}, "gold", reason="Board", actor=technician, now=minutes(1)
    )
    reassess([requester.pk], actor=technician, now=minutes(1))

    assert (clock(ticket).policy_name, clock(ticket).due_at) == ("30 minutes", minutes(30))
    assert (clock(ticket, RESPONSE).policy_name, clock(ticket, RESPONSE).due_at) == (
        "VIP",
        minutes(5),
    )


@pytest.mark.parametrize("change", [{"reason": "Excused"}, {"at": minutes(1)}, {"kind": "x"}])
def test_the_database_refuses_to_rewrite_the_ledger(ticket, change):
    rows = LedgerEntry.objects.filter(ticket=ticket)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(**change)


def test_the_database_refuses_to_tear_a_page_out_of_the_ledger(ticket):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerEntry.objects.filter(ticket=ticket).delete()


def test_a_sweep_touches_nothing_of_another_tenant(ticket, outsider):
    assert sweep_at(outsider, minutes(500)) == 0
    assert Ticket.objects.get(pk=ticket.pk).sla_state == "running"
