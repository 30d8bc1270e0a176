"""People and teams that another system only names: found here, or made for its history's sake."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from nova.accounts.models import Team, User
from nova.tenancy.models import Tenant

PLAIN = re.compile(r"[a-z0-9]+( [a-z0-9]+)*")


@transaction.atomic
def people_named(
    names: Iterable[str], tenant: Tenant, *, system: str, now: datetime
) -> dict[str, int]:
    """Return by name the id of a person of the tenant.

    A name that is the e-mail of somebody here is that person. Others are made: inactive, without
    password or role, with an address that no mail can reach.
    """
    wanted = {name: _address(name, system, tenant.slug) for name in names}
    known = _ids({name.lower() for name in wanted if "@" in name} | set(wanted.values()), tenant)
    made = [
        User(
            tenant=tenant,
            email=address,
            name=name,
            password=make_password(None),
            is_active=False,
            joined_at=now,
        )
        for name, address in wanted.items()
        if name.lower() not in known and address not in known
    ]
    if made:
        User.objects.bulk_create(made, ignore_conflicts=True)
        known |= _ids({person.email for person in made}, tenant)
    return {name: known.get(name.lower()) or known[address] for name, address in wanted.items()}


@transaction.atomic
def teams_named(names: Iterable[str], tenant: Tenant) -> dict[str, int]:
    """Return by name the id of a team of the tenant, made where there was none."""
    wanted = list(names)
    fresh = [Team(tenant=tenant, name=name) for name in wanted]
    if fresh:
        Team.objects.bulk_create(fresh, ignore_conflicts=True)
    found = Team.objects.filter(tenant=tenant, name__in=wanted)
    return dict(found.values_list("name", "pk"))


def _address(name: str, system: str, slug: str) -> str:
    """Return an address that names this person for ever; two names never share one."""
    plain = name.lower()
    if PLAIN.fullmatch(plain) and len(plain) <= 40:  # noqa: PLR2004 - of an address's 64
        local = plain.replace(" ", "-")
    else:
        local = f"person-{hashlib.sha256(plain.encode()).hexdigest()[:16]}"
    return f"{local}@{system}.{slug}.invalid"


def _ids(emails: set[str], tenant: Tenant) -> dict[str, int]:
    found = User.objects.filter(tenant=tenant, email__in=emails)
    return dict(found.values_list("email", "pk"))
