"""What many clocks are promised now, read for all of them at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

from nova.accounts.models import TeamMembership, User
from sla.choices import Metric
from sla.facts import facts_of_tickets
from sla.matching import Facts
from sla.models import Calendar, Clock, VipOverride
from sla.promises import OfferedTarget, Overriding, Promise, promises

OF_TICKET = frozenset({Metric.RESPONSE, Metric.RESOLUTION})


def promised_to(
    clocks: Sequence[Clock],
    targets: Sequence[OfferedTarget],
    opened_at: Mapping[int, datetime],
    *,
    now: datetime,
) -> dict[int, tuple[Facts, Promise | None]]:
    """Return by clock what a catalogue's targets promise for it, and what they looked at.

    Each counts from where its clock does, and a team's part is that team's. Overrides count as
    they hold at `now`. The statements are as many for few as for many.
    """
    facts = facts_of_tickets({clock.ticket_id for clock in clocks})
    people = {of.requester for of in facts.values() if of.vip_level and of.requester}
    overriding = overriding_of(people, now)

    @cache
    def found(of_ticket: Facts, at: datetime) -> Mapping[Metric, Promise]:
        return promises(of_ticket, targets, at=at, overriding=overriding)

    answers = {}
    for clock in clocks:
        of_clock, at = facts[clock.ticket_id], opened_at[clock.ticket_id]
        if clock.metric not in OF_TICKET:
            of_clock, at = of_clock._replace(team=clock.team_id), clock.started_at
        answers[clock.pk] = of_clock, found(of_clock, at).get(Metric(clock.metric))
    return answers


def overriding_of(people: Collection[int], now: datetime | None = None) -> Overriding:
    """Return what these people are promised beyond the policies, read at once.

    It counts as it holds at `now`, or else at the instant from which a ticket counts.
    """
    held = VipOverride.objects.all() if now is None else VipOverride.objects.at(now)
    equipped = held.select_related("person", "department", "team")
    overrides = list(equipped.order_by("pk")) if people else []
    calendars = dict(Calendar.objects.values_list("pk", "current_id")) if overrides else {}
    theirs = _belongings(people) if overrides else {}

    def overrides_of(person_id: int, at: datetime) -> list[VipOverride]:
        mine = theirs.get(person_id, set())
        return [o for o in overrides if _whom(o) in mine and o.holds(now or at)]

    return Overriding(overrides_of, calendars.get)


def _belongings(people: Collection[int]) -> dict[int, set[tuple[str, int]]]:
    """Return by person all by which an override may name them."""
    found: dict[int, set[tuple[str, int]]] = {pk: {("person", pk)} for pk in people}
    named = User.objects.filter(pk__in=people).exclude(department=None)
    for pk, department in named.values_list("pk", "department_id"):
        found[pk].add(("department", department))
    teams = TeamMembership.objects.filter(person__in=people)
    for pk, team in teams.values_list("person_id", "team_id"):
        found[pk].add(("team", team))
    return found


def _whom(override: VipOverride) -> tuple[str, int | None]:
    for name in ("person", "department"):
        pk = getattr(override, f"{name}_id")
        if pk:
            return name, pk
    return "team", override.team_id
