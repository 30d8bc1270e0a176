"""A desk with everybody in the chain, and steps to climb it by."""

from collections.abc import Iterable
from datetime import datetime

from nova.accounts.models import Department, Site, Team, User
from nova.accounts.system import system_of
from nova.events.consumers import consume
from nova.events.models import EventRecord, ParkedEvent
from nova.notifications.models import Delivery
from nova.tenancy import fence
from sla.models import Policy
from sla.services import create_policy, publish_policy
from sla.standing import NAMES
from tests.factories import NOW, DepartmentFactory, PersonFactory, SiteFactory, TeamFactory
from tests.sla.living import sweep_at, target
from tests.tickets.making import opened_for
from tickets import services as tickets
from tickets.models import Ticket


class Desk:
    """A team with lead and senior, a department with a head, a site with its manager."""

    def __init__(self) -> None:
        self.worker = PersonFactory(role="technician", name="Wim")
        self.backup = PersonFactory(role="technician", name="Bea")
        self.senior = PersonFactory(role="technician", name="Sam")
        self.lead = PersonFactory(role="lead", name="Lea")
        self.head = PersonFactory(role="manager", name="Hed")
        self.operations = PersonFactory(role="manager", name="Ops")
        self.requester = PersonFactory(role="requester", name="Req")
        self.team: Team = TeamFactory(lead=self.lead, senior=self.senior)
        self.department: Department = DepartmentFactory(head=self.head)
        self.site: Site = SiteFactory(operations_manager=self.operations)
        self.system = system_of(int(fence.current()))

    def ticket(self, *, at: datetime = NOW, requester: User | None = None, **stated) -> Ticket:
        """Return a ticket that Wim has, with Bea as a backup."""
        placed = {"department_id": self.department.pk, "site_id": self.site.pk}
        ticket = opened_for(requester or self.requester, at=at, **placed, **stated)
        people = {"assignee": self.worker, "backup": self.backup, "team": self.team}
        return tickets.assign_ticket(ticket.pk, people, actor=self.lead, now=at)

    def live_until(self, at: datetime) -> None:
        """Sweep, and let all consumers read what came of it."""
        sweep_at(self.system, at)
        consume(self.system.tenant_id, now=at)
        assert list(ParkedEvent.objects.values_list("error", flat=True)) == []


def stepped(steps: Iterable[dict], *, minutes: float = 60, **fields) -> Policy:
    """Return a published policy with these steps on its resolution."""
    acting = {"actor": system_of(int(fence.current())), "now": NOW}
    name = fields.pop("name", f"Steps in {minutes} minutes")
    rows = [{"channels": ["in_app", "email"], **step} for step in steps]
    targets = [target("resolution", minutes, pause_on=["awaiting_customer"])]
    policy = create_policy(name, fields.pop("order", 1), fields, targets, steps=rows, **acting)
    return publish_policy(policy.pk, **acting)


def tell(percent: int, *whom: str, **more) -> dict:
    return {"percent": percent, "tells": list(whom), **more}


def escalations(ticket: Ticket) -> list[tuple[int, int, list[str]]]:
    """Return every escalation: per cent, level, and the names of who is told."""
    records = EventRecord.objects.about("ticket", ticket.pk).filter(name__in=NAMES)
    return [
        (said.get("percent", 0), said["level"], [each["name"] for each in said["told"]])
        for said in records.values_list("payload", flat=True)
    ]


def heard(person: User, channel: str = "in_app") -> list[str]:
    """Return the subjects of what a person was told about clocks."""
    told = Delivery.objects.filter(recipient=person, channel=channel, kind__in=["risk", "breach"])
    return list(told.order_by("pk").values_list("subject", flat=True))
