"""Tickets as the engine looks at them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from dispatch.choices import Cause
from dispatch.engine.facts import WHOLE, Job, Wanted
from dispatch.models import CertificateNeed, Decision, Performance, SkillNeed
from dispatch.points import points_of
from tickets.models import Ticket

# Whoever had as many tickets of a requester in this time knows them wholly.
KNOWN_FOR, KNOWN_WHOLLY = timedelta(days=30), 3
TAKES_AT_FIRST = int(timedelta(minutes=30).total_seconds())
Needs = Mapping[tuple[str, int], Sequence[Any]]


def jobs_of(tickets: Sequence[Ticket], now: datetime, rest: timedelta) -> list[Job]:
    """Return what each ticket asks for, in as many queries for few as for many.

    From whom it was taken back within `rest` is not to have it at once again.
    """
    skills, certificates = _needs(SkillNeed, "skill"), _needs(CertificateNeed, "certificate")
    known, lost = _known_by(tickets, now), _taken_from(tickets, now - rest)
    usual = _usual_seconds(tickets)
    return [
        Job(
            pk=ticket.pk,
            requester=ticket.requester_id,
            team=ticket.team_id,
            service=ticket.service_id,
            site=ticket.site_id,
            language=str(ticket.custom_fields.get("language", "")),
            skills=tuple(_wanted(_of(skills, ticket))),
            certificates={
                need.certificate_id: need.certificate.name for need in _of(certificates, ticket)
            },
            takes_seconds=usual.get(ticket.service_id, TAKES_AT_FIRST),
            points=points_of(ticket.priority, ticket.status),
            is_for_vip=bool(ticket.vip_level),
            excluded=dict.fromkeys(lost.get(ticket.pk, ()), _("had it, and it was taken back")),
            known_by=known.get(ticket.requester_id, {}),
        )
        for ticket in tickets
    ]


def _needs(model: Any, what: str) -> Needs:
    """Return by service or category what work of it asks for."""
    found: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for need in model.objects.select_related(what).order_by("pk"):
        key = ("service", need.service_id) if need.service_id else ("category", need.category_id)
        found[key].append(need)
    return found


def _of(needs: Needs, ticket: Ticket) -> Iterable[Any]:
    """Yield what a ticket's service asks for, its category, and its subcategory."""
    yield from needs.get(("service", ticket.service_id or 0), ())
    yield from needs.get(("category", ticket.category_id or 0), ())
    yield from needs.get(("category", ticket.subcategory_id or 0), ())


def _wanted(needs: Iterable[SkillNeed]) -> Iterable[Wanted]:
    """Yield each skill once; where several ask for it, the most that is asked for counts."""
    found: dict[int, Wanted] = {}
    for need in needs:
        before = found.get(need.skill_id)
        wanted = Wanted(need.skill_id, need.skill.name, need.level, need.is_mandatory)
        if before:
            level, must = max(before.level, need.level), before.is_mandatory or need.is_mandatory
            wanted = before._replace(level=level, is_mandatory=must)
        found[need.skill_id] = wanted
    return found.values()


def _known_by(tickets: Sequence[Ticket], now: datetime) -> dict[int, dict[int, int]]:
    """Return by requester how well, per mille, each engineer knows what they need."""
    earlier = Ticket.objects.filter(
        requester__in={ticket.requester_id for ticket in tickets},
        opened_at__gte=now - KNOWN_FOR,
        deleted_at=None,
    ).exclude(Q(assignee=None) | Q(pk__in=[ticket.pk for ticket in tickets]))
    counted = earlier.values_list("requester_id", "assignee_id").annotate(count=Count("pk"))
    known: dict[int, dict[int, int]] = defaultdict(dict)
    for requester, engineer, count in counted.order_by():
        known[requester][engineer] = WHOLE * min(count, KNOWN_WHOLLY) // KNOWN_WHOLLY
    return known


def _taken_from(tickets: Sequence[Ticket], since: datetime) -> dict[int, set[int]]:
    """Return by ticket from whom it was taken since then."""
    moved = Decision.objects.filter(
        ticket__in=[ticket.pk for ticket in tickets], at__gt=since, cause=Cause.TAKEN_BACK
    ).exclude(taken_from=None)
    lost: dict[int, set[int]] = defaultdict(set)
    for ticket, person in moved.values_list("ticket_id", "taken_from_id"):
        lost[ticket].add(person)
    return lost


def _usual_seconds(tickets: Sequence[Ticket]) -> dict[int | None, int]:
    """Return by service how long its work takes whoever did most of it."""
    services = {ticket.service_id for ticket in tickets if ticket.service_id}
    found = Performance.objects.filter(service__in=services, usual_seconds__gt=0)
    rows = found.order_by("resolved", "pk").values_list("service_id", "usual_seconds")
    return dict(rows)
