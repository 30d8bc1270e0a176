"""How satisfied requesters are: CSAT, the share of 4 and 5 among the answers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Q

from nova.accounts.models import User
from tickets.choices import Score
from tickets.models import Ticket

# Of fewer answers nothing is told: they say little, and name people.
FEWEST = 5


@dataclass(frozen=True)
class Satisfaction:
    """What was solved in a period, and how many of it were answered about, and well."""

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


def satisfaction_of(viewer: User, since: date, until: date) -> Satisfaction:
    """Count the tickets solved within days of UTC, both inclusive, and their answers."""
    midnights = (since, until + timedelta(days=1))
    first, end = (datetime.combine(day, time(), UTC) for day in midnights)
    solved = Ticket.objects.visible_to(viewer).filter(
        resolved_at__gte=first, resolved_at__lt=end, merged_into=None
    )
    counted = solved.aggregate(
        solved=Count("pk"),
        answered=Count("ratings"),  # one of a ticket at the most
        satisfied=Count("ratings", filter=Q(ratings__score__gte=Score.GOOD)),
    )
    return Satisfaction(**counted)
