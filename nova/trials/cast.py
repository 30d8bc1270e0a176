"""Prepare a tenant for a trial, as a program of its own: prints who may sign in, as JSON.

    python -m nova.trials.cast SLUG

Run again, it makes nothing new and prints fresh tokens.
"""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - models exist once Django is set up
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.cached_db import SessionStore  # noqa: E402

from nova.accounts.choices import VipLevel  # noqa: E402
from nova.accounts.models import (  # noqa: E402
    Department,
    Role,
    RoleGrant,
    Service,
    Site,
    Team,
    TeamMembership,
    User,
)
from nova.accounts.tokens import issue  # noqa: E402
from nova.events.consumers import consume  # noqa: E402
from nova.events.seal import SEALER  # noqa: E402
from nova.tenancy.fence import inside  # noqa: E402
from nova.tenancy.models import Tenant  # noqa: E402
from nova.tenancy.services import create_tenant  # noqa: E402
from vip.services import apply_due, designate_vip  # noqa: E402

TEAMS, TECHNICIANS, REQUESTERS, VIPS = 4, 20, 2000, 40
STAFF = {"admin": 1, "lead": 2, "technician": TECHNICIANS, "manager": 1}


def main() -> None:
    """Print what a trial needs to know of the tenant that the argument names."""
    now = datetime.now(UTC)
    slug = sys.argv[1]
    tenant = Tenant.objects.filter(slug=slug).first() or _create(slug, now)
    consume(tenant.pk, now=now)  # all is in step before there are tickets
    with inside(tenant.pk):
        sys.stdout.write(json.dumps(_known_of(tenant)))


def _create(slug: str, now: datetime) -> Tenant:
    tenant = create_tenant(slug, slug.title(), now=now)
    with inside(tenant.pk):
        _arrange_places(tenant)
        staff = {role: _staff(tenant, role, count, now) for role, count in STAFF.items()}
        for place, person in enumerate(staff["technician"]):
            team = Team.objects.get(tenant=tenant, name=f"Team {place % TEAMS}")
            TeamMembership.objects.create(tenant=tenant, team=team, person=person)
        _invite_requesters(tenant, now)
        admin = staff["admin"][0]
        designate(tenant, admin, 0, now)
        apply_due(tenant.pk, actor=admin, now=now)
    return tenant


def _arrange_places(tenant: Tenant) -> None:
    places: list[tuple[Any, int]] = [(Department, 20), (Site, 5), (Service, 10), (Team, TEAMS)]
    for model, count in places:
        name = model.__name__
        model.objects.bulk_create(model(tenant=tenant, name=f"{name} {n}") for n in range(count))


def _staff(tenant: Tenant, role: str, count: int, now: datetime) -> list[User]:
    held = Role.objects.get(tenant=tenant, key=role)
    people = [
        User.objects.create_user(
            f"{role}{n}@{tenant.slug}.example", tenant=tenant, name=f"{role} {n}", joined_at=now
        )
        for n in range(count)
    ]
    RoleGrant.objects.bulk_create(
        RoleGrant(tenant=tenant, person=person, role=held) for person in people
    )
    return people


def _invite_requesters(tenant: Tenant, now: datetime) -> None:
    departments = list(Department.objects.filter(tenant=tenant))
    held = Role.objects.get(tenant=tenant, key="requester")
    people = User.objects.bulk_create(
        User(
            tenant=tenant,
            email=f"person{n}@{tenant.slug}.example",
            name=f"Person {n}",
            department=departments[n % len(departments)],
            password="!",  # noqa: S106 - nobody signs in by one
            joined_at=now,
        )
        for n in range(REQUESTERS)
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(tenant=tenant, person=person, role=held) for person in people
    )


def designate(tenant: Tenant, admin: User, first: int, now: datetime) -> list[int]:
    """Make VIPs of requesters from a place on, of all levels in turn; return who they are."""
    people = User.objects.filter(tenant=tenant, name__startswith="Person").order_by("pk")
    vips = list(people[first : first + VIPS].values_list("pk", flat=True))
    for place, pk in enumerate(vips):
        level = VipLevel.values[place % len(VipLevel.values)]
        designate_vip({"person_id": pk}, level, reason="Board", actor=admin, now=now)
    return vips


def _known_of(tenant: Tenant) -> dict[str, object]:
    people = User.objects.filter(tenant=tenant)
    firsts = {role: people.get(email=f"{role}0@{tenant.slug}.example") for role in STAFF}
    firsts["requester"] = people.get(email=f"person{REQUESTERS - 1}@{tenant.slug}.example")
    firsts["vip"] = people.get(email=f"person0@{tenant.slug}.example")
    return {
        "tenant_id": tenant.pk,
        "tokens": {role: str(issue(person).access_token) for role, person in firsts.items()},
        "sessions": {role: _session(person) for role, person in firsts.items()},
        "emails": {role: person.email for role, person in firsts.items()},
        "readers": [*settings.EVENT_CONSUMERS, SEALER],
    }


def _session(person: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main()
