"""What a round of the balancer would move now, and what the last ones moved, as pages show it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, QuerySet
from django.utils.text import capfirst

from dispatch import services
from dispatch.balancing.facts import Move
from dispatch.balancing.words import why
from dispatch.choices import Cause, MoveReason
from dispatch.models import AssignmentPolicy, BalanceRun, Decision
from nova.accounts.models import User
from tickets.lens import Lens
from tickets.models import Ticket
from tickets.rows import Row, row_of
from tickets.shape import shapes

SHOWN = 100  # moves of each list of a draft, and of a page of a round
RUNS = 20  # of a page


class Moved(NamedTuple):
    """A ticket, by name from whom to whom ("": nobody), and why."""

    row: Row
    source: str
    target: str
    because: str


@dataclass(frozen=True)
class Draft:
    """What a round would do now: by reason in words what it moves, and what it leaves.

    `waits` counts what nobody has and nobody may have.
    """

    policy: AssignmentPolicy
    moves: int = 0
    left: int = 0
    waits: int = 0
    moved: Sequence[tuple[str, list[Moved]]] = ()
    postponed: Sequence[tuple[str, list[Moved]]] = ()


@dataclass(frozen=True)
class Run:
    """A round that moved something: who started it, and how many moves by cause in words."""

    run: BalanceRun
    by: str
    causes: Sequence[tuple[str, int]]


def draft_of(viewer: User, now: datetime) -> Draft:
    """Return what a round would do, and change nothing. As many queries for few as for many."""
    planned = services.plan_balance(viewer.tenant_id, now=now)
    if planned is None:
        return Draft(services.current_policy(viewer.tenant_id, now))
    moves, left = planned.plan.moves, planned.plan.postponed
    gone = {move.ticket for move in (*moves, *left)}
    free = [pk for pk, ticket in planned.tickets.items() if ticket.assignee_id is None]
    shown = [*moves[:SHOWN], *left[:SHOWN]]
    rows = _rows(viewer, {move.ticket for move in shown}, now)
    names = _names({pk for move in shown for pk in (move.source, move.target) if pk})
    return Draft(
        planned.desk.policy,
        moves=len(moves),
        left=len(left),
        waits=len({*free} - gone),
        moved=_by_reason(moves[:SHOWN], rows, names),
        postponed=_by_reason(left[:SHOWN], rows, names),
    )


def _by_reason(
    moves: Sequence[Move], rows: Mapping[int, Row], names: Mapping[int, str]
) -> list[tuple[str, list[Moved]]]:
    """Return moves by reason in words, by number within: their order is the queue's, which tells
    of VIPs."""
    found: dict[MoveReason, list[Moved]] = defaultdict(list)
    for move in sorted(moves, key=lambda move: move.ticket):
        if move.ticket in rows:
            source, target = names.get(move.source or 0, ""), names.get(move.target or 0, "")
            moved = Moved(rows[move.ticket], source, target, capfirst(why(move)))
            found[move.reason].append(moved)
    return [(str(reason.label), found[reason]) for reason in MoveReason if found[reason]]


def last_runs(viewer: User, number: str | None = None) -> tuple[Page, list[Run]]:
    """Return a page of rounds, the latest first."""
    runs = BalanceRun.objects.filter(tenant=viewer.tenant_id).order_by("-at", "-pk")
    page = Paginator(runs.select_related("policy"), RUNS).get_page(number)
    counted = Decision.objects.filter(run__in=[run.pk for run in page]).order_by()
    causes: dict[int | None, dict[str, int]] = defaultdict(dict)
    actors: dict[int | None, str] = {}
    told = counted.values_list("run", "cause").annotate(Count("pk"), Min("actor__name"))
    for run, cause, count, actor in told:
        causes[run][cause], actors[run] = count, actor
    return page, [Run(run, actors.get(run.pk, ""), _in_order(causes[run.pk])) for run in page]


def _in_order(causes: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(str(cause.label), causes[cause]) for cause in Cause if cause in causes]


def moves_of(
    run: BalanceRun, viewer: User, number: str | None, now: datetime
) -> tuple[Page, list[Moved]]:
    """Return a page of what a round moved, of the tickets that the viewer may see."""
    seen = Ticket.objects.visible_to(viewer).order_by().values("pk")
    made: QuerySet[Decision] = run.decisions.filter(ticket__in=seen)
    named = made.select_related("taken_from", "primary").order_by("ticket")
    page = Paginator(named, SHOWN).get_page(number)
    rows = _rows(viewer, {decision.ticket_id for decision in page}, now)
    return page, [
        Moved(
            rows[each.ticket_id],
            each.taken_from.name if each.taken_from else "",
            each.primary.name if each.primary else "",
            each.because,
        )
        for each in page
    ]


def _rows(viewer: User, pks: Iterable[int], now: datetime) -> dict[int, Row]:
    """Return by id the tickets that the viewer may see, as they may see them."""
    seen = Ticket.objects.visible_to(viewer).filter(pk__in=pks)
    ids = list(seen.order_by().values_list("pk", flat=True))
    return dict(zip(ids, map(row_of, shapes(ids, Lens.of(viewer), now=now)), strict=True))


def _names(pks: Iterable[int]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in=pks).values_list("pk", "name"))
