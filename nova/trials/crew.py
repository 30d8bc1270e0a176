"""Give a filled tenant engineers, as a program of its own: prints how many tickets are open.

    python -m nova.trials.crew SLUG ENGINEERS waiting|held

They differ in teams, skills, sites and past performance, and are at work around the clock. What
is open is spread over teams, services and sites; it waits for somebody, or they have it already.
"""

import sys
from datetime import UTC, datetime, time
from random import Random
from typing import Any, TypeVar

import django

django.setup()

from django.db import connection  # noqa: E402 - models exist once Django is set up
from django.db.models import Model  # noqa: E402

from dispatch.models import (  # noqa: E402
    Engineer,
    EngineerSite,
    EngineerSkill,
    Performance,
    Shift,
    Skill,
    SkillNeed,
)
from nova.accounts.models import (  # noqa: E402
    Role,
    RoleGrant,
    Service,
    Site,
    Team,
    TeamMembership,
    User,
)
from nova.tenancy.fence import inside  # noqa: E402
from nova.tenancy.models import Tenant  # noqa: E402

THINGS: dict[Any, int] = {Team: 10, Service: 40, Site: 20, Skill: 30}
KNOWS = 12  # skills of one engineer
# An ordinary ticket is 100 points. Of what waits there is more than these people can carry.
CAPACITY = {"waiting": 1200, "held": 5000}
MIDNIGHT = time()
DICE = Random(1)  # noqa: S311 - not to keep secrets
SPREAD = """
    UPDATE tickets_ticket SET
        team_id = (%(team)s::bigint[])[1 + mod(id, array_length(%(team)s::bigint[], 1))],
        service_id = (%(service)s::bigint[])[
            1 + mod(id / 3, array_length(%(service)s::bigint[], 1))],
        site_id = (%(site)s::bigint[])[1 + mod(id / 7, array_length(%(site)s::bigint[], 1))],
        assignee_id = (%(holder)s::bigint[])[
            1 + mod(id / 11, array_length(%(holder)s::bigint[], 1))]
    WHERE tenant_id = %(tenant)s AND status NOT IN ('resolved', 'closed')
"""
Row = TypeVar("Row", bound=Model)


def main() -> None:
    """Print how many tickets wait for, or are held by, so many engineers."""
    slug, many, way = sys.argv[1:]
    tenant = Tenant.objects.get(slug=slug)
    with inside(tenant.pk):
        things: dict[Any, list[Any]] = {
            model: _things(tenant, model, count) for model, count in THINGS.items()
        }
        people = _people(tenant, int(many), things[Team])
        engineers = _made(
            tenant, Engineer, [{"person": each, "capacity": CAPACITY[way]} for each in people]
        )
        _bring(tenant, engineers, things)
        _ask(tenant, things)
        holders = [each.pk for each in people] if way == "held" else []
        sys.stdout.write(str(_spread(tenant, things, holders)))


def _made(tenant: Tenant, model: type[Row], rows: list[dict[str, Any]]) -> list[Row]:
    found: Any = model._default_manager
    return found.bulk_create([model(tenant=tenant, **row) for row in rows])


def _things(tenant: Tenant, model: type[Row], count: int) -> list[Row]:
    """Return so many of a kind: those that are there, and more."""
    there = list(model._default_manager.order_by("pk"))
    names = [f"More {n}" for n in range(len(there), count)]
    return there + _made(tenant, model, [{"name": name} for name in names])


def _people(tenant: Tenant, many: int, teams: list[Team]) -> list[User]:
    now = datetime.now(UTC)
    called = [(f"engineer{n}@{tenant.slug}.example", f"Engineer {n}") for n in range(many)]
    shared = {"password": "!", "joined_at": now}
    people = _made(tenant, User, [{"email": e, "name": n, **shared} for e, n in called])
    role = Role.objects.get(tenant=tenant, key="technician")
    _made(tenant, RoleGrant, [{"person": each, "role": role} for each in people])
    joined = [(each, DICE.sample(teams, DICE.choice([1, 1, 2]))) for each in people]
    rows = [{"person": each, "team": team} for each, some in joined for team in some]
    _made(tenant, TeamMembership, rows)
    return people


def _bring(tenant: Tenant, engineers: list[Engineer], things: dict[Any, list[Any]]) -> None:
    """Say what engineers know, where they serve, when they work and how they did so far."""
    days = [{"weekday": day, "opens": MIDNIGHT, "closes": MIDNIGHT} for day in range(7)]
    skills, sites, done = [], [], []
    for each in engineers:
        mine: dict[str, Any] = {"engineer": each}
        known = DICE.sample(things[Skill], KNOWS)
        skills += [{**mine, "skill": one, "level": DICE.randint(1, 5)} for one in known]
        near = DICE.sample(things[Site], DICE.choice([0, 3]))  # none: they serve all
        sites += [{**mine, "site": one} for one in near]
        done += [
            {**mine, "service": one, "as_of": each.person.joined_at, **_did()}
            for one in things[Service]
        ]
    _made(tenant, Shift, [{"engineer": each, **day} for each in engineers for day in days])
    for model, rows in ((EngineerSkill, skills), (EngineerSite, sites), (Performance, done)):
        _made(tenant, model, rows)


def _did() -> dict[str, int]:
    usual = DICE.choice([600, 1800, 3600])
    return {"resolved": 9, "usual_seconds": usual, "quality": DICE.randint(300, 900)}


def _ask(tenant: Tenant, things: dict[Any, list[Any]]) -> None:
    """Let every other service ask for a skill, half of them without fail."""
    rows = [
        {"service": each, "skill": skill, "level": 2, "is_mandatory": place % 4 == 0}
        for place, (each, skill) in enumerate(
            zip(things[Service], things[Skill] * 2, strict=False)
        )
        if place % 2 == 0
    ]
    _made(tenant, SkillNeed, rows)


def _spread(tenant: Tenant, things: dict[Any, list[Any]], holders: list[int]) -> int:
    told = {
        name: [each.pk for each in things[model]]
        for name, model in (("team", Team), ("service", Service), ("site", Site))
    }
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, {"tenant": tenant.pk, "holder": holders, **told})
        return cursor.rowcount


if __name__ == "__main__":
    main()
