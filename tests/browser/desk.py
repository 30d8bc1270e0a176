"""A small organisation with people in every place, and ways to act in it behind the browser."""

from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from dispatch.models import Engineer, EngineerSkill, Shift, Skill
from nova.accounts.choices import PersonKind, VipLevel
from nova.accounts.models import Role, TeamMembership, User
from nova.accounts.services import appoint_proxy
from nova.tenancy import fence
from nova.tenancy.models import Tenant
from tests.factories import DepartmentFactory, PersonFactory, SiteFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets import services
from tickets.models import Ticket
from vip.services import designate_vip

VIP_RIGHTS = ["tickets.view_vip_flag"]


class Desk:
    """The organisation of a test. Each method is committed when it returns."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        with self.inside():
            self._let_technicians_see_vips()
            self.site = SiteFactory(name="HQ")
            self.department = DepartmentFactory(name="Broadcast Ops")
            self.lead = self._person("lead", "Ada Osei", "Lead of the desk")
            self.team = TeamFactory(name="Service desk", lead=self.lead)
            self.technician = self._person("technician", "Mia Ruiz", "Technician")
            self.colleague = self._person("technician", "Noor Haddad", "Technician")
            self.admin = self._person("admin", "Ines Brandt", "Administrator")
            self.requester = self._person("requester", "Ken Sato", "Editor")
            self.executive = self._person("requester", "Vera Lind", "Editor")
            self.ordinary = self._person("requester", "Vita Lund", "Editor")
            self.assistant = self._person("requester", "Aylin Kaya", "Assistant")
            self.program = self._person("integration", "Monitor", "", kind=PersonKind.SERVICE)

    def inside(self) -> Any:
        return fence.inside(self.tenant.pk)

    def honour(self, person: User) -> None:
        """Make a person a VIP of the highest level, from now on."""
        with self.inside():
            designate_vip(
                {"person_id": person.pk},
                VipLevel.EXEC,
                reason="Chief financial officer",
                actor=self.admin,
                now=timezone.now(),
            )

    def engage(self, person: User, skill: str) -> Engineer:
        """Let a person be an engineer of the team who is there at every hour."""
        of: dict[str, Any] = {"tenant": self.tenant}
        with self.inside():
            TeamMembership.objects.create(team=self.team, person=person, **of)
            made = Engineer.objects.create(person=person, **of)
            known = Skill.objects.create(name=skill, **of)
            EngineerSkill.objects.create(engineer=made, skill=known, level=2, **of)
            hours = {"opens": time(), "closes": time()}
            Shift.objects.bulk_create(
                Shift(engineer=made, weekday=day, **hours, **of) for day in range(7)
            )
        return made

    def opened(self, requester: User, title: str, **stated: Any) -> Ticket:
        """Return a ticket that a person opened just now."""
        with self.inside():
            return opened_for(requester, at=timezone.now(), title=title, **stated)

    def some_tickets(self, *titles: str) -> list[Ticket]:
        """Return ordinary tickets, a minute apart, the first one opened first."""
        now, count = timezone.now(), len(titles)
        with self.inside():
            return [
                opened_for(self.requester, at=now - timedelta(minutes=count - n), title=title)
                for n, title in enumerate(titles)
            ]

    def tickets(self) -> list[Ticket]:
        with self.inside():
            return list(Ticket.objects.order_by("number"))

    def let_act(self, person: User, proxy: User, *scopes: str) -> None:
        """Let somebody act for a person, by that person's word."""
        with self.inside():
            appoint_proxy(person, proxy, scopes, actor=person, now=timezone.now())

    def reply(self, ticket: Ticket, author: User, body: str, **behind: User) -> None:
        with self.inside():
            services.add_comment(ticket.pk, body, actor=author, now=timezone.now(), **behind)

    def take(self, ticket: Ticket, by: User) -> None:
        with self.inside():
            services.assign_ticket(ticket.pk, {"assignee": by}, actor=by, now=timezone.now())

    def move(self, ticket: Ticket, to: str, by: User, **words: str) -> None:
        with self.inside():
            services.move_ticket(ticket.pk, to, actor=by, now=timezone.now(), **words)

    def rename(self, ticket: Ticket, title: str) -> None:
        with self.inside():
            services.edit_ticket(ticket.pk, {"title": title}, actor=self.lead, now=timezone.now())

    def _person(self, role: str, name: str, title: str, **fields: Any) -> User:
        first = name.split(maxsplit=1)[0].lower()
        return PersonFactory(
            role=role,
            name=name,
            title=title,
            email=f"{first}@acme.example",
            site=self.site,
            department=self.department,
            **fields,
        )

    def _let_technicians_see_vips(self) -> None:
        role = Role.objects.get(key="technician")
        role.permissions = [*role.permissions, *VIP_RIGHTS]
        role.save(update_fields=["permissions"])
