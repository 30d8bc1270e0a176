"""Name the team of tickets that come without one, as the desk's own history teaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.utils.translation import gettext_noop

from dispatch.models import AssignmentPolicy, RoutingModel
from dispatch.routing import trial
from dispatch.routing.cases import Case
from dispatch.routing.learning import CannotLearn, learn
from dispatch.routing.router import Router
from nova.accounts.models import Team
from nova.hours import epoch_seconds
from nova.tenancy.fence import inside
from tickets.models import Ticket

WINDOW, MOST_CASES = timedelta(days=365), 30_000
FEWEST_CASES, FEWEST_TEAMS, LEARNED_SHARE = 200, 2, 0.8
TOO_FEW = gettext_noop("There are too few resolved tickets, or all are of one team.")
NO_BETTER = gettext_noop("What was learned is no better than always naming the team with most.")
BETTER = gettext_noop("What was learned is better than always naming the team with most.")
FAILED = gettext_noop("The training failed, so that no team is named.")
FACTS = {
    "requester": "requester_id",
    "submitted_by": "submitted_by_id",
    "location": "site_id",
    "department": "department_id",
    "category": "category_id",
    "subcategory": "subcategory_id",
    "service": "service_id",
    "kind": "kind",
    "type": "type",
    "module": "module",
    "priority": "priority",
    "source": "source",
}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Named:
    """The most probable team of a ticket; `found` only where that is sure enough."""

    found: Team | None
    name: str
    probability: float
    asked: float

    @property
    def team(self) -> int | None:
        return self.found.pk if self.found else None

    def plain(self) -> dict[str, Any]:
        percent = round(100 * self.probability)
        return {
            "team": self.name,
            "percent": percent,
            "from_percent": round(100 * self.asked),
            "is_named": self.found is not None,
        }


class Learned(NamedTuple):
    """What a training came to: the verdict, how well it did, and what it learned, if anything."""

    verdict: str
    metrics: dict[str, Any]
    parameters: dict[str, Any]


def name_teams(tickets: Sequence[Ticket], policy: AssignmentPolicy) -> dict[int, Named]:
    """Return by ticket without a team which it is for, as far as is known. Two queries."""
    lost = [ticket for ticket in tickets if ticket.team_id is None]
    current = RoutingModel.objects.filter(is_current=True).exclude(parameters={})
    number = current.values_list("pk", flat=True).first() if lost and policy.routes_teams else None
    router = _router(number) if number else None
    if router is None:
        return {}
    teams = {str(team.pk): team for team in Team.objects.all()}
    asked = policy.route_from / 100
    named = {}
    for ticket in lost:
        routed = next((r for r in router.ranked(facts_of(ticket)) if r.team in teams), None)
        if routed:
            team, share = teams[routed.team], routed.probability
            named[ticket.pk] = Named(team if share >= asked else None, team.name, share, asked)
    return named


@lru_cache(maxsize=64)
def _router(model: int) -> Router | None:
    """Return what a training learned, unless it was replaced, and so emptied, a moment ago.

    It never changes else, and a worker asks for it all the time.
    """
    learned = RoutingModel.objects.values_list("parameters", flat=True).get(pk=model)
    return Router.of(learned) if learned else None


def facts_of(ticket: Ticket) -> dict[str, str]:
    """Return what is stated of a ticket, in the shape in which it was learned."""
    values = {name: getattr(ticket, column) for name, column in FACTS.items()}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def train_routing(tenant_id: int, *, now: datetime) -> RoutingModel:
    """Learn anew from what is resolved. Outside of a fence: it learns for a minute, in none."""
    with inside(tenant_id):
        cases = cases_known(now)
    found = _learned(cases)
    with inside(tenant_id):
        return _keep(found, cases, tenant_id, now)


def cases_known(now: datetime) -> list[Case]:
    """Return the tickets that a team resolved in the window, in the order of their opening."""
    resolved = Ticket.objects.filter(
        resolved_at__lt=now, opened_at__gt=now - WINDOW, deleted_at=None, merged_into=None
    ).exclude(team=None)
    newest = resolved.only("team_id", "opened_at", "resolved_at", *FACTS.values())
    rows = newest.order_by("-opened_at", "-pk")[:MOST_CASES]
    return [
        Case(
            key=str(row.pk),
            opened_at=epoch_seconds(row.opened_at),
            facts=facts_of(row),
            settled_by=str(row.team_id),
            known_at=epoch_seconds(row.resolved_at) if row.resolved_at else None,
        )
        for row in reversed(rows)
    ]


def _learned(cases: Sequence[Case]) -> Learned:
    if len(cases) < FEWEST_CASES or len({case.settled_by for case in cases}) < FEWEST_TEAMS:
        return Learned(TOO_FEW, {}, {})
    try:
        return _tried(cases)
    except CannotLearn as error:
        log.error("routing_training_failed", error=str(error))
        return Learned(FAILED, {}, {})


def _tried(cases: Sequence[Case]) -> Learned:
    """Judge on the newest fifth what is learned of the rest; then learn from all."""
    early, late = trial.split(cases, trial.cut_of(cases, LEARNED_SHARE))
    if len({case.settled_by for case in early}) < FEWEST_TEAMS:
        return Learned(TOO_FEW, {}, {})
    tried = learn(early)
    done = trial.scores_of("model", lambda case: tried.ranked(case.facts), late)
    most = trial.scores_of("majority", trial.majority(early), late)
    metrics = {"judged": len(late), "top1": done.top1, "top3": done.top3, "majority": most.top1}
    if done.top1 <= most.top1:
        return Learned(NO_BETTER, metrics, {})
    return Learned(BETTER, metrics, learn(cases).plain())


@transaction.atomic
def _keep(found: Learned, cases: Sequence[Case], tenant_id: int, now: datetime) -> RoutingModel:
    known = RoutingModel.objects.select_for_update().filter(tenant=tenant_id)
    number = (known.values_list("number", flat=True).order_by("-number").first() or 0) + 1
    known.filter(is_current=True).update(is_current=False, parameters={})
    return RoutingModel.objects.create(
        tenant_id=tenant_id,
        number=number,
        trained_at=now,
        window_from=now - WINDOW,
        window_to=now,
        cases=len(cases),
        verdict=found.verdict,
        metrics=found.metrics,
        parameters=found.parameters,
    )
