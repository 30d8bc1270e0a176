"""On imminent breach a ticket goes to the backup, then to the lead, and it stays there."""

import pytest

from dispatch.models import Decision, Shift
from dispatch.services import arrange_assignment, balance
from nova.accounts.models import TeamMembership
from nova.accounts.system import system_of
from nova.events.consumers import consume
from nova.events.models import EventRecord, ParkedEvent
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, PersonFactory, TeamFactory
from tests.sla.escalated import stepped, tell
from tests.sla.living import minutes, sweep_at
from tests.tickets.making import opened_for
from tickets.models import Ticket

STEPS = [tell(90, reassign_to="backup"), tell(100, "lead", reassign_to="lead")]


@pytest.fixture
def desk(tenant, lead):
    """Return a desk of two at work, whom nobody hurries but the clock."""
    stated = {"balance_unanswered": 600, "balance_rest": 10}
    arrange_assignment(stated, note="", actor=PersonFactory(role="admin"), now=NOW)
    stepped(STEPS)
    team = TeamFactory(lead=lead)
    for name, capacity in (("Wim", 1000), ("Bea", 500)):
        engineer = EngineerFactory(person__name=name, capacity=capacity)
        ShiftFactory(engineer=engineer)
        TeamMembership.objects.create(tenant=tenant, team=team, person=engineer.person)
    return system_of(tenant.pk), team


def live_until(system, at):
    sweep_at(system, at)
    consume(system.tenant_id, now=at)
    assert not ParkedEvent.objects.values_list("error", flat=True)


def hands(ticket):
    found = Ticket.objects.select_related("assignee", "backup").get(pk=ticket.pk)
    return found.assignee.name, found.backup and found.backup.name


def test_to_the_backup_and_then_to_the_lead_whatever_the_engine_named(desk, lead):
    system, team = desk
    ticket = opened_for(PersonFactory(), team_id=team.pk)
    live_until(system, minutes(1))
    assert hands(ticket) == ("Wim", "Bea")
    assert Decision.objects.get().primary.name == "Wim"

    live_until(system, minutes(55))
    assert hands(ticket) == ("Bea", "Wim")
    told = EventRecord.objects.about("ticket", ticket.pk).filter(name="tickets.TicketAssigned")
    assert told.last().payload["reason"] == "Nobody was at it at 90 % of its time"
    live_until(system, minutes(61))
    assert hands(ticket)[0] == lead.name


def test_to_the_lead_at_once_where_the_backup_has_gone_home(desk, lead):
    system, team = desk
    ticket = opened_for(PersonFactory(), team_id=team.pk)
    live_until(system, minutes(1))
    Shift.objects.filter(engineer__person__name="Bea").update(closes="08:30")
    live_until(system, minutes(55))

    assert hands(ticket)[0] == lead.name


def test_the_balancer_does_not_send_it_back(desk):
    system, team = desk
    ticket = opened_for(PersonFactory(), team_id=team.pk)
    live_until(system, minutes(1))
    live_until(system, minutes(55))
    for _ in range(3):  # Bea has much by now, and Wim nothing
        other = opened_for(PersonFactory(), team_id=team.pk, at=minutes(55))
        Ticket.objects.filter(pk=other.pk).update(
            assignee=Ticket.objects.get(pk=ticket.pk).assignee
        )
    balance(system.tenant_id, actor=system, now=minutes(56))

    assert hands(ticket) == ("Bea", "Wim")
    assert not Decision.objects.filter(ticket=ticket, at__gt=minutes(55)).exists()


def test_the_panel_does_not_say_that_people_decided_what_the_clock_did(desk, lead, as_person):
    system, team = desk
    ticket = opened_for(PersonFactory(), team_id=team.pk)
    live_until(system, minutes(1))
    live_until(system, minutes(55))
    shown = as_person(lead).get(f"/dispatch/{ticket.reference}/panel").content.decode()

    assert "It went to somebody else since." in shown
