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
    """A way to divide answers: what it is called, and the name by which it does."""

    label: Any
    name: str


DIMENSIONS = {
    "team": Dimension(_("Team"), "team__name"),
    "service": Dimension(_("Service"), "service__name"),
    "category": Dimension(_("Category"), "category__name"),
    "site": Dimension(_("Site"), "site__name"),
    "assignee": Dimension(_("Assignee"), "assignee__name"),
}


@dataclass(frozen=True)
class Satisfaction:
    """What was solved, and how many of it were answered about, and well. `name` may be none."""

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
        named = self.tickets().order_by().values_list(DIMENSIONS[by].name)
        counted = named.annotate(
            solved=Count("pk"),
            answered=Count("ratings"),  # one of a ticket at the most
            satisfied=Count("ratings", filter=Q(ratings__score__gte=Score.GOOD)),
        )
        lines = (Satisfaction(name or "", *counts) for name, *counts in counted)
        return sorted(lines, key=lambda line: (not line.name, line.name.casefold()))

    def comments(self, limit: int) -> list[Rating]:
        """Return what people wrote beside their answers, the newest first."""
        said = Rating.objects.filter(ticket__in=self.tickets()).exclude(comment="")
        named = said.select_related("ticket", "rated_by", "on_behalf_of")
        return list(named.order_by("-rated_at", "-pk")[:limit])


def in_all(lines: Iterable[Satisfaction]) -> Satisfaction:
    """Return the sum of lines."""
    counts = [(line.solved, line.answered, line.satisfied) for line in lines]
    return Satisfaction("", *(sum(column) for column in zip((0, 0, 0), *counts, strict=True)))
