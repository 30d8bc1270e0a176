"""Who is told as time runs out."""

import pytest

from nova.events.consumers import consume
from nova.notifications.models import Delivery
from tests.factories import NOW, PersonFactory
from tests.sla.living import minutes, promise, sweep_at
from tests.tickets.making import opened_for
from tickets import services as tickets
from vip.services import designate_vip

HALF, MOST = minutes(31), minutes(46)


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead", name="Lead")


@pytest.fixture
def vip(lead):
    person = PersonFactory(name="Vera")
    designate_vip({"person_id": person.pk}, "exec", reason="Board", actor=lead, now=NOW)
    return person


def warned(tenant, at, worker, requester):
    """Return who was warned by then of a ticket with an hour to go that `worker` has."""
    promise(60)
    ticket = opened_for(requester)
    tickets.assign_ticket(ticket.pk, {"assignee": worker}, actor=worker, now=NOW)
    sweep_at(worker, at)
    consume(tenant.pk, now=at)
    told = Delivery.objects.filter(kind="risk", channel="in_app")
    return list(told.values_list("recipient__name", flat=True))


def test_an_early_warning_reaches_only_who_may_know_whose_ticket_it_is(tenant, lead, vip):
    """At the half of the time nobody but a VIP's desk is warned, so the warning itself tells."""
    assert warned(tenant, HALF, PersonFactory(role="technician"), vip) == ["Lead"]


def test_who_may_know_is_warned_early_of_what_is_theirs(tenant, lead, vip):
    assert warned(tenant, HALF, PersonFactory(role="lead", name="Mine"), vip) == ["Mine"]


@pytest.mark.parametrize(("at", "names"), [(HALF, []), (MOST, ["Tim"])])
def test_of_others_tickets_who_has_them_is_warned_late(tenant, lead, at, names):
    worker = PersonFactory(role="technician", name="Tim")

    assert warned(tenant, at, worker, PersonFactory()) == names
