"""Make the tenant that is simulated: a lead, technicians with a roster, requesters, VIPs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from nova.accounts.choices import VipLevel
from nova.accounts.models import Role, RoleGrant, Team, TeamMembership, User
from nova.accounts.system import system_of
from nova.demo.simulation.strategies import Worker
from nova.tenancy.models import Tenant
from vip import services as vip

DOMAIN = "simulation.invalid"  # RFC 2606: no mail ever arrives there
REQUESTERS, VIPS = 30, 6
WEEK, WORKDAYS = frozenset(range(7)), frozenset(range(5))
# In turn; the first keeps the desk alive at night and on Sundays.
SHIFTS = (
    (22, 7, WEEK),
    (7, 15, WORKDAYS),
    (9, 17, WORKDAYS),
    (13, 22, WORKDAYS),
    (7, 22, WEEK - WORKDAYS),
)
ABSENT = 0.08  # of a technician's days


@dataclass(frozen=True)
class Staff:
    """Who takes part."""

    tenant: Tenant
    nova: User
    lead: User
    team: Team
    people: dict[int, User]
    workers: Sequence[Worker]
    requesters: Sequence[User]
    vips: Sequence[User]


def hire(tenant: Tenant, technicians: int, days: int, dice: Random, *, now: datetime) -> Staff:
    """Create everybody. Call inside the tenant's fence."""
    [lead] = _people(tenant, "lead", "Lead", 1, now)
    team = Team.objects.create(tenant=tenant, name="Desk", lead=lead)
    desk = _people(tenant, "technician", "Technician", technicians, now)
    TeamMembership.objects.bulk_create(
        TeamMembership(tenant=tenant, team=team, person=person) for person in desk
    )
    vips = _people(tenant, "requester", "VIP", VIPS, now)
    _honour(tenant, vips, now)
    return Staff(
        tenant=tenant,
        nova=system_of(tenant.pk),
        lead=lead,
        team=team,
        people={person.pk: person for person in desk},
        workers=[_worker(number, person, days, dice) for number, person in enumerate(desk)],
        requesters=_people(tenant, "requester", "Requester", REQUESTERS, now),
        vips=vips,
    )


def _people(tenant: Tenant, role: str, name: str, count: int, now: datetime) -> list[User]:
    held = Role.objects.get(tenant=tenant, key=role)
    people = [
        User.objects.create_user(
            f"{name.lower()}{n}@{DOMAIN}", tenant=tenant, name=f"{name} {n}", joined_at=now
        )
        for n in range(count)
    ]
    RoleGrant.objects.bulk_create(RoleGrant(tenant=tenant, person=p, role=held) for p in people)
    return people


def _honour(tenant: Tenant, vips: Sequence[User], now: datetime) -> None:
    nova = system_of(tenant.pk)
    for place, person in enumerate(vips):
        level = VipLevel.values[place % len(VipLevel.values)]
        target = {"person_id": person.pk}
        made = vip.designate_vip(target, level, reason="Board", actor=nova, now=now)
        vip.apply_designation(made, actor=nova, now=now)


def _worker(number: int, person: User, days: int, dice: Random) -> Worker:
    opens, closes, weekdays = SHIFTS[number % len(SHIFTS)]
    absent = frozenset(day for day in range(days) if dice.random() < ABSENT)
    return Worker(number, person.pk, opens, closes, weekdays, absent)
