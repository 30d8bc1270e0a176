"""When tickets arrive: as often in each hour of the week as a real desk's. Pure, but for dice."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tickets.importing.logfile import LogFile
from tickets.importing.rows import Row
from tickets.importing.servicenow import REQUIRED, instant

HOUR = timedelta(hours=1)
WEEK_HOURS = 168
# Shares of a day's tickets by hour, in ten thousandths, and how full each day of the week is.
# Counted from the openings of 19,715 incidents, 29 February to 10 May 2016, in UCI's data set 498
# (Incident management process enriched event log; Amaral, Fantinato, Peres 2018; CC BY 4.0).
WEEKDAY = (
    *(83, 70, 53, 39, 38, 35, 104, 235, 998, 1271, 1180, 1015),
    *(546, 688, 931, 900, 778, 448, 177, 93, 77, 131, 62, 49),
)
WEEKEND = (
    *(522, 397, 240, 272, 199, 230, 491, 376, 805, 596, 909, 564),
    *(355, 397, 449, 408, 533, 313, 408, 345, 209, 293, 355, 334),
)
DAYS = (1.68, 1.33, 1.36, 1.19, 1.10, 0.18, 0.16)


@dataclass(frozen=True)
class Rhythm:
    """How busy each hour of the week is, from Monday 00:00 UTC; in the mean 1."""

    weights: tuple[float, ...]

    def arrivals(
        self, began: datetime, days: int, per_day: float, dice: Random
    ) -> Iterator[datetime]:
        """Yield instants of opening: by chance, as often as each hour's weight says."""
        for number in range(24 * days):
            hour = began + number * HOUR
            rate = per_day / 24 * self.weights[hour.weekday() * 24 + hour.hour]
            past = dice.expovariate(rate) if rate else 1.0
            while past < 1:
                yield (hour + past * HOUR).replace(microsecond=0)
                past += dice.expovariate(rate)


def rhythm_of(counts: Counter[int]) -> Rhythm:
    """Return the rhythm of a desk by how many tickets it opened in each hour of the week."""
    mean = sum(counts.values()) / WEEK_HOURS
    return Rhythm(tuple(counts[hour] / mean for hour in range(WEEK_HOURS)))


def built_in() -> Rhythm:
    """Return the rhythm of the figures above."""
    hours = [WEEKDAY] * 5 + [WEEKEND] * 2
    weights = [day * share for day, row in zip(DAYS, hours, strict=True) for share in row]
    mean = sum(weights) / WEEK_HOURS
    return Rhythm(tuple(weight / mean for weight in weights))


def learn(log: Path) -> Rhythm:
    """Return the rhythm of a ServiceNow incident event log. Raises `NotALog`."""
    opened: dict[str, datetime] = {}
    with LogFile(log, REQUIRED) as rows:
        for row in rows:
            at = instant(row.get("opened_at")) if isinstance(row, Row) else None
            if at and isinstance(row, Row):
                opened.setdefault(row.get("number"), at)
    return rhythm_of(Counter(at.weekday() * 24 + at.hour for at in opened.values()))
