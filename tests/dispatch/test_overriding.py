"""Somebody else than the engine names: with a reason, an approval, and kept for the report."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dispatch.choices import Cause, OverrideStatus
from dispatch.events import OverrideSettled
from dispatch.models import Engineer, Override
from dispatch.services import (
    approve_override,
    ask_override,
    assign_by_engine,
    refuse_override,
    withdraw_override,
)
from nova.accounts.system import system_of
from nova.errors import Refused
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from nova.tenancy import fence
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing
from tests.tickets.making import opened_for
from tickets.models import Ticket
from tickets.services import (
    assign_ticket,
    delete_ticket,
    edit_many,
    merge_ticket,
    move_ticket,
    take_ticket,
)

LATER = NOW + timedelta(minutes=1)
SOON = {"now": NOW + timedelta(minutes=2)}


@pytest.fixture
def first(tenant):
    return ShiftFactory().engineer.person


@pytest.fixture
def other(first):
    return ShiftFactory(engineer=EngineerFactory(capacity=100)).engineer.person


@pytest.fixture
def ticket(first, other):
    """Return a ticket that the engine gave to the first, who has more room."""
    made = opened_for(PersonFactory(role="requester"))
    actor = system_of(made.tenant_id)
    assign_by_engine([made.pk], cause=Cause.OPENED, actor=actor, now=LATER)
    made.refresh_from_db()
    assert made.assignee == first
    return made


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead")


def assignee_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).assignee


def test_it_awaits_the_manager_who_is_told_and_then_it_is_done(ticket, first, other, lead):
    asked = ask_override(
        ticket.pk, other, reason="Knows the site", approver=lead, actor=first, **SOON
    )
    consume(ticket.tenant_id, now=LATER)

    assert asked.status == OverrideStatus.ASKED
    assert asked.decision.primary == first
    assert assignee_of(ticket) == first
    told = Delivery.objects.filter(template="dispatch/mail/override_asked", channel="in_app")
    assert [(each.recipient, "Knows the site" in each.text) for each in told] == [(lead, True)]

    approve_override(asked.pk, actor=lead, comment="Yes", **SOON)
    consume(ticket.tenant_id, now=LATER)
    assert assignee_of(ticket) == other
    settled = Delivery.objects.filter(template="dispatch/mail/override_settled", channel="in_app")
    assert [each.recipient for each in settled] == [first]


def test_what_is_refused_or_taken_back_leaves_it_where_it_is(ticket, first, other, lead):
    wish = {"reason": "Knows the site", "approver": lead, "actor": first}
    refused = ask_override(ticket.pk, other, **wish, **SOON)
    refuse_override(refused.pk, actor=lead, comment="No", **SOON)
    asked = ask_override(ticket.pk, other, **wish, **SOON)
    with pytest.raises(Refused, match="Only who asked"):
        withdraw_override(asked.pk, actor=lead, **SOON)
    withdraw_override(asked.pk, actor=first, **SOON)

    assert assignee_of(ticket) == first
    with pytest.raises(Refused, match="decided already"):
        approve_override(asked.pk, actor=lead, **SOON)


def test_a_manager_who_asks_decides_at_once(ticket, other, lead):
    done = ask_override(ticket.pk, other, reason="So", approver=lead, actor=lead, **SOON)

    assert done.status == OverrideStatus.APPROVED
    assert assignee_of(ticket) == other
    assert Ticket.objects.get(pk=ticket.pk).backup is None  # who was it has it now


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": "  "}, "Say why"),
        ({"approver": "first"}, "may not approve"),
        ({"chosen": "first"}, "has it already"),
    ],
)
def test_a_wish_that_lacks_something_is_refused(ticket, first, other, lead, change, said):
    named = {"first": first}
    stated = {"chosen": other, "reason": "So", "approver": lead} | {
        key: named.get(value, value) for key, value in change.items()
    }
    with pytest.raises(Refused, match=said):
        ask_override(ticket.pk, stated.pop("chosen"), actor=first, **stated, **SOON)


def test_nobody_asks_twice_for_one_ticket(ticket, first, other, lead):
    wish = {"reason": "So", "approver": lead, "actor": first}
    ask_override(ticket.pk, other, **wish, **SOON)
    with pytest.raises(Refused, match="awaits approval"):
        ask_override(ticket.pk, other, **wish, **SOON)


def test_nobody_goes_round_the_engine_by_hand(ticket, first, other):
    with pytest.raises(Refused, match="Ask for it with a reason"):
        assign_ticket(ticket.pk, {"assignee": other}, actor=first, **SOON)

    assert assignee_of(ticket) == first


def test_a_manager_who_assigns_by_hand_says_why_and_it_is_kept(ticket, other, lead):
    with pytest.raises(Refused, match="Say why"):
        assign_ticket(ticket.pk, {"assignee": other}, actor=lead, **SOON)
    assign_ticket(ticket.pk, {"assignee": other}, reason="Knows it", actor=lead, **SOON)

    kept = Override.objects.get()
    assert (kept.status, kept.chosen, kept.approver) == (OverrideStatus.APPROVED, other, lead)
    assert assignee_of(ticket) == other


def test_of_many_only_what_the_engine_gave_to_another_refuses(ticket, first, other):
    free = opened_for(PersonFactory(role="requester"))
    changes = {"assignee": other, "urgency": "high"}
    refused = edit_many([ticket.pk, free.pk], changes, actor=first, **SOON)

    assert list(refused) == [ticket.reference]
    assert (assignee_of(ticket), assignee_of(free)) == (first, other)
    assert Ticket.objects.get(pk=ticket.pk).urgency == ticket.urgency


def test_what_the_engine_gave_to_nobody_may_be_taken(tenant, other):
    made = opened_for(PersonFactory(role="requester"))
    take_ticket(made.pk, actor=other, **SOON)

    assert assignee_of(made) == other
    assert not Override.objects.exists()


def test_to_give_it_to_whom_the_engine_names_is_no_override(ticket, first, other, lead):
    ask_override(ticket.pk, other, reason="So", approver=lead, actor=lead, **SOON)
    assign_ticket(ticket.pk, {"assignee": first}, actor=other, **SOON)

    assert assignee_of(ticket) == first
    assert Override.objects.count() == 1


def resolved(ticket, lead, _other):
    move_ticket(ticket.pk, "resolved", actor=lead, **SOON)


def merged(ticket, lead, _other):
    merge_ticket(ticket.pk, opened_for(ticket.requester).pk, actor=lead, **SOON)


def deleted(ticket, lead, _other):
    delete_ticket(ticket.pk, actor=lead, **SOON)


def gone(_ticket, _lead, other):
    other.is_active = False
    other.save()


def idle(_ticket, _lead, other):
    Engineer.objects.filter(person=other).update(takes_work=False)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (resolved, "is not open"),
        (merged, "is not open"),
        (deleted, "is deleted"),
        (gone, "is given no work"),
        (idle, "is given no work"),
    ],
)
def test_a_wish_is_not_granted_once_it_cannot_be(ticket, first, other, lead, happens, said):
    asked = ask_override(ticket.pk, other, reason="So", approver=lead, actor=first, **SOON)
    happens(ticket, lead, other)
    with pytest.raises(Refused, match=said):
        approve_override(asked.pk, actor=lead, **SOON)

    assert assignee_of(ticket) == first
    assert refuse_override(asked.pk, actor=lead, **SOON).status == OverrideStatus.REFUSED


@pytest.mark.parametrize("is_whom_they_asked_for", [True, False])
def test_a_manager_who_assigns_by_hand_settles_what_was_asked_and_it_is_told(
    ticket, first, other, lead, is_whom_they_asked_for
):
    third = ShiftFactory(engineer=EngineerFactory(capacity=100)).engineer.person
    asked = ask_override(ticket.pk, other, reason="So", approver=lead, actor=first, **SOON)
    chosen = other if is_whom_they_asked_for else third
    assign_ticket(ticket.pk, {"assignee": chosen}, reason="Now", actor=lead, **SOON)
    consume(ticket.tenant_id, now=LATER)

    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == (
        OverrideStatus.APPROVED if is_whom_they_asked_for else OverrideStatus.REFUSED,
        lead,
    )
    assert Override.objects.count() == (1 if is_whom_they_asked_for else 2)
    facts = EventRecord.objects.filter(name=OverrideSettled.name)
    assert {fact.payload["chosen_id"] for fact in facts} == {other.pk, chosen.pk}
    told = Delivery.objects.filter(template="dispatch/mail/override_settled", channel="in_app")
    assert [each.recipient for each in told] == [first]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does():
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        first, other = (ShiftFactory().engineer.person for _ in range(2))
        leads = [PersonFactory(role="lead") for _ in range(2)]
        made = opened_for(PersonFactory())
        wish = {"reason": "So", "approver": leads[0], "actor": first}
        asked = ask_override(made.pk, other, **wish, **SOON)

    def decide(lead, verb):
        with fence.inside(tenant.pk):
            try:
                return verb(asked.pk, actor=lead, **SOON).status
            except Refused:
                return "too late"

    with ThreadPoolExecutor(2) as pool:
        verbs = (approve_override, refuse_override)
        found = list(pool.map(lambda one: closing(decide, *one), zip(leads, verbs, strict=True)))

    assert sorted(found).count("too late") == 1
    with fence.inside(tenant.pk):
        asked.refresh_from_db()
        is_given = assignee_of(made) == other
        assert is_given == (asked.status == OverrideStatus.APPROVED)
