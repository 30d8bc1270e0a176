"""How satisfied requesters are: CSAT, the share of 4 and 5 among the answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import User
from tickets.choices import Score
from tickets.models import Rating, Ticket, TicketQuerySet

# Of fewer answers nothing is told: they say little, and name people.
FEWEST = 5


class Dimension(NamedTuple):
    """A way to divide answers: what it is called, and by which record of a ticket."""

    label: Any
    field: str


DIMENSIONS = {
    "team": Dimension(_("Team"), "team"),
    "service": Dimension(_("Service"), "service"),
    "category": Dimension(_("Category"), "category"),
    "site": Dimension(_("Site"), "site"),
    "assignee": Dimension(_("Assignee"), "assignee"),
}


@dataclass(frozen=True)
class Satisfaction:
    """What was solved of a record, and how many of it were answered about, and well.

    `key` is None, and `name` empty, where a ticket has none.
    """

    key: int | None
    name: str
    solved: int
    answered: int
    satisfied: int

    @property
    def csat(self) -> float | None:
        """Return the share of the satisfied, or None of too few answers."""
        return self.satisfied / self.answered if self.answered >= FEWEST else None

    @property
    def response_rate(self) -> float | None:
        """Return how many of those asked answered, or None where nobody was."""
        return self.answered / self.solved if self.solved else None


@dataclass(frozen=True)
class Solved:
    """The tickets a viewer sees that were solved within days of a zone, both inclusive."""

    viewer: User
    since: date
    until: date
    zone: tzinfo

    def tickets(self) -> TicketQuerySet:
        midnights = (self.since, self.until + timedelta(days=1))
        first, end = (datetime.combine(day, time(), self.zone) for day in midnights)
        return Ticket.objects.visible_to(self.viewer).filter(
            resolved_at__gte=first, resolved_at__lt=end, merged_into=None
        )

    def divided(self, by: str) -> list[Satisfaction]:
        """Count by one of `DIMENSIONS`, in the order of names."""
        field = DIMENSIONS[by].field
        named = self.tickets().order_by().values_list(field, f"{field}__name")
        counted = named.annotate(
            solved=Count("pk"),
            answered=Count("ratings"),  # one of a ticket at the most
            satisfied=Count("ratings", filter=Q(ratings__score__gte=Score.GOOD)),
        )
        lines = (Satisfaction(key, name or "", *counts) for key, name, *counts in counted)
        return sorted(lines, key=lambda line: (line.key is None, line.name.casefold()))

    def answers(self, limit: int, **only: int | None) -> list[Rating]:
        """Return what people answered, the newest first; of one line, `only` by its field."""
        solved = self.tickets()
        for field, key in only.items():
            solved = solved.filter(**({field: key} if key else {f"{field}__isnull": True}))
        named = Rating.objects.select_related("ticket", "rated_by", "on_behalf_of")
        return list(named.filter(ticket__in=solved).order_by("-rated_at", "-pk")[:limit])


def in_all(lines: Iterable[Satisfaction]) -> Satisfaction:
    """Return the sum of lines."""
    counts = [(line.solved, line.answered, line.satisfied) for line in lines]
    return Satisfaction(
        None, "", *(sum(column) for column in zip((0, 0, 0), *counts, strict=True))
    )
