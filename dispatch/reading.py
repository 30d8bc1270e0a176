"""Ask for engineers as the engine looks at them, in as many queries for few as for many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime

from django.db.models import Count

from dispatch.attendance.gateway import Gateway, gateway_of
from dispatch.engine import facts
from dispatch.models import Engineer, Performance
from dispatch.performance import Tally, usual_quality
from dispatch.points import points_of
from nova.accounts.zones import zone_named
from tickets.models import Ticket


def engineers_of(
    tenant_id: int, now: datetime, presences: Gateway | None = None
) -> list[facts.Engineer]:
    """Return all who are given work, as they stand at an instant, in the order of their ids.

    Who is at work the tenant's own gateway says, unless another one is given.
    Who is not on duty is among them: a gate refuses them, and says so.
    """
    rows = Engineer.objects.filter(tenant=tenant_id).at_work().with_known().order_by("person")
    engineers = list(rows)
    present = (presences or gateway_of(tenant_id))(engineers, now)
    loads = loads_of([each.person_id for each in engineers])
    usual, own = _qualities(engineers)
    return [
        replace(
            _fact(each, present[each.pk], now),
            load=loads[each.person_id],
            quality={**usual, **own.get(each.pk, {})},
        )
        for each in engineers
    ]


def loads_of(people: Iterable[int]) -> dict[int, int]:
    """Return by person the points of the tickets that they have; a person without any has 0."""
    loads: dict[int, int] = defaultdict(int)
    held = Ticket.objects.unresolved().filter(assignee__in=people)
    counted = held.values_list("assignee", "priority", "status").annotate(Count("pk")).order_by()
    for person, priority, status, count in counted:
        loads[person] += count * points_of(priority, status)
    return loads


def _qualities(engineers: Sequence[Engineer]) -> tuple[dict[int, int], dict[int, dict[int, int]]]:
    """Return by service how well everybody does, and by engineer how well they do by service.

    As plain values: there are as many rows as engineers times services.
    """
    counted: dict[int | None, list[list[int]]] = defaultdict(list)
    own: dict[int, dict[int, int]] = defaultdict(dict)
    done = Performance.objects.filter(engineer__in=engineers)
    for engineer, service, quality, *tally in done.values_list(
        "engineer_id", "service_id", "quality", *(field.name for field in fields(Tally))
    ):
        counted[service].append(tally)
        if service is not None:
            own[engineer][service] = quality
    sums = {service: Tally.sum_of(rows) for service, rows in counted.items()}
    return usual_quality(sums), own


def _fact(engineer: Engineer, presence: facts.Presence, now: datetime) -> facts.Engineer:
    today = now.astimezone(zone_named(engineer.person.zone)).date()
    held = engineer.certificates.all()
    return facts.Engineer(
        pk=engineer.person_id,
        name=str(engineer.person),
        presence=presence,
        teams=frozenset(team.pk for team in engineer.person.teams.all()),
        skills={known.skill_id: known.level for known in engineer.skills.all()},
        certificates=frozenset(h.certificate_id for h in held if h.is_valid_on(today)),
        sites=frozenset(site.pk for site in engineer.sites.all()),
        languages=frozenset(engineer.languages),
        capacity=engineer.capacity,
        last_given_at=engineer.last_given_at,
        is_for_vips=engineer.is_for_vips,
    )
