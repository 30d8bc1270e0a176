"""Where people saw it otherwise than the engine: how often, for whom, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dispatch.choices import OverrideStatus
from dispatch.models import Decision, Override
from nova.accounts.models import Service, Team, User
from tickets.choices import SlaState
from tickets.models import Ticket

APPROVED = Q(status=OverrideStatus.APPROVED)
NOT_WITH_CHOSEN = Q(ticket__assignee=None) | ~Q(ticket__assignee=F("chosen"))


class Dimension(NamedTuple):
    """A way to divide overrides: what it is called, by which columns, and how these are named."""

    labels: tuple[Any, ...]
    columns: tuple[str, ...]
    names: tuple[str, ...]


DIMENSIONS = {
    "pair": Dimension(
        (_("Named by the engine"), _("Chosen instead")),
        ("decision__primary", "chosen"),
        ("decision__primary__name", "chosen__name"),
    ),
    "reason": Dimension((_("Reason"),), ("reason",), ("reason",)),
    "service": Dimension((_("Service"),), ("ticket__service",), ("ticket__service__name",)),
    "team": Dimension((_("Team"),), ("ticket__team",), ("ticket__team__name",)),
    "asked_by": Dimension((_("Asked by"),), ("asked_by",), ("asked_by__name",)),
}
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Counts:
    """How many were asked for and what was said; of the approved, what the tickets know since.

    `moved_on` are with somebody else than was chosen by now.
    """

    asked: int = 0
    approved: int = 0
    refused: int = 0
    moved_on: int = 0
    breached: int = 0


@dataclass(frozen=True)
class Line:
    """The counts of one part; a name is empty where there is none."""

    key: Key
    names: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True)
class Overruled:
    """The wishes of days of a zone, both inclusive, about tickets that a viewer sees."""

    viewer: User
    since: date
    until: date
    zone: tzinfo
    team: Team | None = None
    service: Service | None = None

    def asked(self, by: str = "", only: Key = ()) -> QuerySet[Override]:
        """Return the wishes; of one line alone where `only` is its key."""
        found = Override.objects.filter(self._within("asked_at"), **self._about())
        for column, value in zip(DIMENSIONS[by].columns if only else (), only, strict=True):
            is_it = {f"{column}__isnull": True} if value is None else {column: value}
            found = found.filter(**is_it)
        return found

    def divided(self, by: str) -> list[Line]:
        """Count by one of `DIMENSIONS`, what was asked for most first."""
        _labels, columns, names = DIMENSIONS[by]
        count = len(columns)
        counted = (
            self.asked()
            .order_by()
            .values_list(*columns, *_aliased(names))
            .annotate(
                asked=Count("pk"),
                approved=Count("pk", filter=APPROVED),
                refused=Count("pk", filter=Q(status=OverrideStatus.REFUSED)),
                moved_on=Count("pk", filter=APPROVED & NOT_WITH_CHOSEN),
                breached=Count("pk", filter=APPROVED & Q(ticket__sla_state=SlaState.BREACHED)),
            )
        )
        lines = [
            Line(
                tuple(row[:count]),
                tuple(name or "" for name in row[count : 2 * count]),
                Counts(*row[2 * count :]),
            )
            for row in counted
        ]
        return sorted(lines, key=lambda line: (-line.counts.asked, line.names))

    def decisions(self) -> tuple[int, int]:
        """Return how many decisions of these days named somebody, and how many met a wish."""
        named = Decision.objects.filter(self._within("at"), **self._about())
        found = named.exclude(primary=None).aggregate(
            all=Count("pk", distinct=True),
            met=Count("pk", distinct=True, filter=Q(overrides__isnull=False)),
        )
        return found["all"], found["met"]

    def _within(self, column: str) -> Q:
        midnights = (self.since, self.until + timedelta(days=1))
        first, end = (datetime.combine(day, time(), self.zone) for day in midnights)
        return Q(**{f"{column}__gte": first, f"{column}__lt": end})

    def _about(self) -> dict[str, Any]:
        tickets = Ticket.objects.visible_to(self.viewer)
        if self.team is not None:
            tickets = tickets.filter(team=self.team)
        if self.service is not None:
            tickets = tickets.filter(service=self.service)
        return {"ticket__in": tickets.order_by().values("pk")}


def in_all(lines: Iterable[Line]) -> Counts:
    """Return the sum of lines."""
    names = [each.name for each in fields(Counts)]
    counts = [line.counts for line in lines]
    return Counts(*(sum(getattr(each, name) for each in counts) for name in names))


def _aliased(names: Sequence[str]) -> list[Any]:
    """Return columns to be named by, which may be those that one divides by, too."""
    return [F(name) for name in names]
