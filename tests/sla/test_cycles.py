"""Clocks that begin on the way: of the next response, of each team's part, and after a restart."""

import pytest

from sla.choices import Metric
from sla.models import Clock, LedgerEntry
from sla.rules import standing
from tests.factories import TeamFactory
from tests.sla.living import (
    breaches,
    clock,
    folded,
    in_force,
    ledger,
    minutes,
    move,
    sweep_at,
    target,
)
from tests.tickets.making import opened_for
from tickets import services as tickets

NEXT, OLA = Metric.NEXT_RESPONSE, Metric.OLA


@pytest.fixture
def network(tenant):
    return TeamFactory(name="Network")


@pytest.fixture
def field(tenant):
    return TeamFactory(name="Field")


@pytest.fixture
def promised(network):
    """Promise an answer to each question within 30 minutes, and parts to teams."""
    stated = [
        target("resolution", 600),
        target(NEXT, 30, pause_on=["awaiting_dependency"]),
        {**target(OLA, 60), "team": network},
        target(OLA, 120),
    ]
    return in_force(stated, name="Whole")


def say(ticket, who, at, words="Well"):
    tickets.add_comment(ticket.pk, words, actor=who, now=minutes(at))


def hand_to(ticket, team, who, at):
    tickets.assign_ticket(ticket.pk, {"team": team}, actor=who, now=minutes(at))


def cycles(ticket, metric):
    rows = Clock.objects.filter(ticket=ticket, metric=metric).order_by("number")
    return [(row.number, row.state, row.target_seconds // 60) for row in rows]


def agrees(ticket, metric, at):
    """Say whether the clocks say what their ledger alone says."""
    rows = Clock.objects.filter(ticket=ticket, metric=metric).order_by("number")
    said = tuple(standing(row.cycle(), minutes(at)) for row in rows)
    return said == folded(ticket, metric, minutes(at))


def test_a_question_before_the_first_answer_waits_for_that_one(promised, requester, technician):
    ticket = opened_for(requester)
    say(ticket, requester, 5)

    assert cycles(ticket, NEXT) == []


def test_each_question_is_answered_within_its_time_or_not(promised, requester, technician):
    ticket = opened_for(requester)
    say(ticket, technician, 10)
    say(ticket, requester, 20)
    say(ticket, requester, 25)
    say(ticket, technician, 40)
    say(ticket, requester, 100)
    sweep_at(technician, minutes(140))
    say(ticket, technician, 145)

    assert ledger(ticket, NEXT) == [
        ("started", 20.0),
        ("stopped", 40.0),
        ("started", 100.0),
        ("breached", 130.0),
        ("stopped", 145.0),
    ]
    assert breaches(ticket) == [("next_response", 2, 130.0)]
    assert agrees(ticket, NEXT, 150)


def test_a_note_among_the_desk_answers_nobody(promised, requester, technician):
    ticket = opened_for(requester)
    say(ticket, technician, 10)
    say(ticket, requester, 20)
    note = {"actor": technician, "now": minutes(22), "is_internal": True}
    tickets.add_comment(ticket.pk, "Hm", **note)

    assert cycles(ticket, NEXT) == [(1, "running", 30)]


def test_a_question_on_a_ticket_that_waits_for_others_waits_too(promised, requester, technician):
    ticket = opened_for(requester)
    move(ticket, "awaiting_dependency", technician, minutes(10))
    say(ticket, requester, 20)
    assert cycles(ticket, NEXT) == [(1, "paused", 30)]
    move(ticket, "in_progress", technician, minutes(60))

    assert clock(ticket, NEXT).due_at == minutes(90)
    assert agrees(ticket, NEXT, 70)


def test_resolving_answers_the_question(promised, requester, technician):
    ticket = opened_for(requester)
    say(ticket, technician, 10)
    say(ticket, requester, 20)
    move(ticket, "resolved", technician, minutes(30))

    assert cycles(ticket, NEXT) == [(1, "stopped", 30)]


def test_the_due_time_of_a_question_is_that_of_its_ticket(promised, requester, technician):
    ticket = opened_for(requester)
    say(ticket, technician, 10)
    say(ticket, requester, 20)
    ticket.refresh_from_db()

    assert ticket.next_due_at == minutes(50)


def test_a_part_begins_with_the_team_and_ends_with_it(
    promised, network, field, requester, technician
):
    ticket = opened_for(requester)
    hand_to(ticket, network, technician, 10)
    hand_to(ticket, field, technician, 80)
    move(ticket, "resolved", technician, minutes(100))

    assert cycles(ticket, OLA) == [(1, "stopped", 60), (2, "stopped", 120)]
    parts = Clock.objects.filter(ticket=ticket, metric=OLA).order_by("number")
    assert [str(part.team) for part in parts] == ["Network", "Field"]
    assert breaches(ticket) == [("ola", 1, 70.0)]
    assert agrees(ticket, OLA, 110)


def test_handing_over_never_touches_what_the_requester_was_promised(
    promised, network, requester, technician
):
    ticket = opened_for(requester)
    before = Clock.objects.filter(ticket=ticket, metric="resolution").values().get()
    hand_to(ticket, network, technician, 10)

    assert Clock.objects.filter(ticket=ticket, metric="resolution").values().get() == before
    ticket.refresh_from_db()
    assert ticket.next_due_at == before["due_at"]


def test_a_ticket_opened_with_its_team_has_a_part_from_the_start(
    promised, network, requester, technician
):
    ticket = opened_for(requester, team_id=network.pk)

    assert (clock(ticket, OLA).due_at, clock(ticket, OLA).team_id) == (minutes(60), network.pk)


def test_a_late_part_colours_no_ticket(promised, network, requester, technician):
    ticket = opened_for(requester, team_id=network.pk)
    sweep_at(technician, minutes(90))
    ticket.refresh_from_db()

    assert breaches(ticket) == [("ola", 1, 60.0)]
    assert ticket.sla_state == "running"


def test_taking_a_ticket_from_its_team_ends_the_part(promised, network, requester, technician):
    ticket = opened_for(requester, team_id=network.pk)
    hand_to(ticket, None, technician, 10)

    assert cycles(ticket, OLA) == [(1, "stopped", 60)]


def test_a_target_may_count_anew_when_a_ticket_comes_to_it(requester, technician):
    in_force(
        [target("resolution", 60, on_change="restart")],
        name="Hot",
        conditions={"kind": ["change"]},
    )
    in_force([target("resolution", 30)], name="Cold", order=2)
    ticket = opened_for(requester)
    tickets.edit_ticket(ticket.pk, {"kind": "change"}, actor=technician, now=minutes(45))

    assert cycles(ticket, "resolution") == [(1, "cancelled", 30), (2, "running", 60)]
    assert clock(ticket).due_at == minutes(105)
    assert breaches(ticket) == [("resolution", 1, 30.0)]
    assert agrees(ticket, "resolution", 50)


def test_a_count_that_begins_anew_on_a_waiting_ticket_waits(requester, technician):
    in_force(
        [target("resolution", 60, on_change="restart")],
        name="Hot",
        conditions={"kind": ["change"]},
    )
    in_force([target("resolution", 30)], name="Cold", order=2)
    ticket = opened_for(requester)
    move(ticket, "awaiting_customer", technician, minutes(10))
    tickets.edit_ticket(ticket.pk, {"kind": "change"}, actor=technician, now=minutes(45))
    move(ticket, "in_progress", technician, minutes(50))

    assert clock(ticket).due_at == minutes(110)
    assert agrees(ticket, "resolution", 60)


def test_the_ledger_says_which_version_gave_the_terms(promised, requester, technician):
    ticket = opened_for(requester)

    started = LedgerEntry.objects.get(ticket=ticket, metric="resolution", kind="started")
    assert started.policy_version_id == promised.current_id
    assert clock(ticket).policy_version_id == promised.current_id
