"""Bring an organisation of the demo into being: places, departments, teams, services, people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from nova.accounts.models import (
    Department,
    Floor,
    Group,
    Region,
    Role,
    RoleGrant,
    Service,
    Site,
    Team,
    TeamMembership,
    User,
)
from nova.accounts.services import appoint_proxy
from nova.demo.tables.shapes import Organisation
from nova.tenancy.models import Tenant
from tickets.choices import FieldType, Kind
from tickets.models import Category, CustomField
from vip import services as vip

FIELDS = [
    ("asset_tag", "Asset tag", Kind.INCIDENT, FieldType.TEXT, [], True),
    ("on_air", "Affects what is on air", Kind.INCIDENT, FieldType.BOOLEAN, [], True),
    ("cost_centre", "Cost centre", Kind.REQUEST, FieldType.CHOICE, ["4711", "4720", "4805"], True),
    ("needed_by", "Needed by", Kind.REQUEST, FieldType.DATE, [], True),
    ("risk", "Risk", Kind.CHANGE, FieldType.CHOICE, ["low", "medium", "high"], False),
]
ADMIN = "admin"


@dataclass(frozen=True)
class Places:
    """Where the people of a tenant are, by name."""

    regions: dict[str, Region]
    sites: dict[str, Site]
    floors: dict[str, Floor]
    departments: dict[str, Department]


@dataclass(frozen=True)
class Cast:
    """All that takes part in tickets, by name; people by what stands before their @."""

    tenant: Tenant
    organisation: Organisation
    places: Places
    people: dict[str, User]
    teams: dict[str, Team]
    services: dict[str, Service]
    categories: dict[tuple[str, str], Category]


def assemble(tenant: Tenant, organisation: Organisation, password: str, *, now: datetime) -> Cast:
    """Create what is there before the first ticket. Call inside the tenant's fence."""
    places = _places(tenant, organisation)
    people = _people(tenant, organisation, places, password, now)
    teams = _teams(tenant, organisation, people)
    _fields(tenant)
    if organisation.shows_vips_to_technicians:
        _show_vips(tenant)
    for name, head in organisation.departments.items():
        Department.objects.filter(pk=places.departments[name].pk).update(head=people[head])
    for name, manager in organisation.operations.items():
        Site.objects.filter(pk=places.sites[name].pk).update(operations_manager=people[manager])
    categories = Category.objects.filter(tenant=tenant).select_related("parent")
    return Cast(
        tenant=tenant,
        organisation=organisation,
        places=places,
        people=people,
        teams=teams,
        services=_services(tenant, organisation, teams),
        categories={(c.parent.name if c.parent else "", c.name): c for c in categories},
    )


def _show_vips(tenant: Tenant) -> None:
    """Decide, as an admin may, that those who do the work see for whom it is."""
    for role in Role.objects.filter(tenant=tenant, key__in=["technician", "field_engineer"]):
        role.permissions = sorted({*role.permissions, "tickets.view_vip_flag"})
        role.save(update_fields=["permissions"])


def honour(cast: Cast, *, now: datetime) -> None:
    """Designate the VIPs, each on the day when it was decided."""
    named: dict[str, Mapping[str, Model]] = {
        "person": cast.people,
        "department": cast.places.departments,
        "floor": cast.places.floors,
        "group": {group.name: group for group in Group.objects.filter(tenant=cast.tenant)},
    }
    for row in cast.organisation.honours:
        since = now - timedelta(days=row.since_days)
        until = None if row.until_days is None else now - timedelta(days=row.until_days)
        designation = vip.designate_vip(
            {f"{row.kind}_id": named[row.kind][row.target].pk},
            row.level,
            reason=row.reason,
            source=row.source,
            ends_at=until,
            actor=cast.people[ADMIN],
            now=since,
        )
        vip.apply_designation(designation, actor=cast.people[ADMIN], now=since)
    _rule(cast, now=now)


def _rule(cast: Cast, *, now: datetime) -> None:
    for row in cast.organisation.rulings:
        clauses = [
            {"attribute": name, "operator": operator, **({"value": value} if value else {})}
            for name, operator, value in row.clauses
        ]
        vip.make_rule(
            row.name,
            row.level,
            {"match": "all", "clauses": clauses},
            reason=row.reason,
            actor=cast.people[ADMIN],
            now=now - timedelta(days=row.since_days),
        )


def entrust(cast: Cast, *, now: datetime) -> None:
    """Let people act for others, each by their own word on the day when it was said."""
    for row in cast.organisation.trusts:
        person = cast.people[row.person]
        appoint_proxy(
            person,
            cast.people[row.proxy],
            row.scopes,
            reason=row.reason,
            ends_at=None if row.until_days is None else now - timedelta(days=row.until_days),
            actor=person,
            now=now - timedelta(days=row.since_days),
        )


def _places(tenant: Tenant, organisation: Organisation) -> Places:
    names = dict.fromkeys(place.region for place in organisation.places)
    regions = {name: Region(tenant=tenant, name=name) for name in names}
    Region.objects.bulk_create(regions.values())
    sites = {
        place.name: Site(
            tenant=tenant, name=place.name, region=regions[place.region], zone=place.zone
        )
        for place in organisation.places
    }
    Site.objects.bulk_create(sites.values())
    floors = {
        f"{place.name} {floor}": Floor(tenant=tenant, site=sites[place.name], name=floor)
        for place in organisation.places
        for floor in place.floors
    }
    Floor.objects.bulk_create(floors.values())
    departments = {name: Department(tenant=tenant, name=name) for name in organisation.departments}
    Department.objects.bulk_create(departments.values())
    return Places(regions, sites, floors, departments)


def _people(
    tenant: Tenant, organisation: Organisation, places: Places, password: str, now: datetime
) -> dict[str, User]:
    hashed = make_password(password)  # once: a hash takes a third of a second, and it is no secret
    people = {
        person.email: User(
            tenant=tenant,
            email=f"{person.email}@{organisation.domain}",
            name=person.name,
            title=person.title,
            password=hashed,
            department=places.departments[person.department],
            site=places.sites[person.site],
            floor=places.floors[f"{person.site} {person.floor}"],
            zone=places.sites[person.site].zone,
            phone=f"+49 40 5550 {1000 + place}",
            joined_at=now,
        )
        for place, person in enumerate(organisation.people)
    }
    User.objects.bulk_create(people.values())
    for person in organisation.people:
        head = organisation.departments[person.department]
        people[person.email].manager = people[head] if head != person.email else None
    User.objects.bulk_update(people.values(), ["manager"])
    roles = {role.key: role for role in Role.objects.filter(tenant=tenant)}
    RoleGrant.objects.bulk_create(
        RoleGrant(tenant=tenant, person=people[person.email], role=roles[person.role])
        for person in organisation.people
    )
    return people


def _teams(tenant: Tenant, organisation: Organisation, people: dict[str, User]) -> dict[str, Team]:
    teams = {
        name: Team(
            tenant=tenant,
            name=name,
            lead=people[lead],
            senior=people.get(organisation.seniors.get(name, "")),
        )
        for name, lead in organisation.teams.items()
    }
    Team.objects.bulk_create(teams.values())
    TeamMembership.objects.bulk_create(
        TeamMembership(tenant=tenant, team=teams[name], person=people[person.email])
        for person in organisation.people
        for name in person.teams
    )
    return teams


def _services(
    tenant: Tenant, organisation: Organisation, teams: dict[str, Team]
) -> dict[str, Service]:
    services = {
        name: Service(tenant=tenant, name=name, team=teams[team])
        for name, team in organisation.services.items()
    }
    Service.objects.bulk_create(services.values())
    return services


def _fields(tenant: Tenant) -> None:
    CustomField.objects.bulk_create(
        CustomField(
            tenant=tenant,
            key=key,
            label=label,
            kind=kind,
            type=type_,
            options=options,
            is_in_portal=is_in_portal,
        )
        for key, label, kind, type_, options, is_in_portal in FIELDS
    )
