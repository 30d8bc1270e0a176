"""How well people did, fairly compared: who did little is taken to be like everybody. Pure.

Shares of few cases say little, so each is drawn towards that of all as by ten cases of theirs
(empirical Bayes: Efron and Morris, 1977); so is a service of which there is little.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from dispatch.engine.facts import WHOLE

AS_MANY = 10
MOST_STARS = 5


@dataclass(frozen=True)
class Tally:
    """What there is to count of tickets that somebody resolved; `stars` is the sum of `rated`."""

    resolved: int = 0
    reopened: int = 0
    in_time: int = 0
    measured: int = 0
    rated: int = 0
    stars: int = 0

    def __add__(self, other: Self) -> "Tally":
        return Tally.sum_of((vars(self).values(), vars(other).values()))

    @classmethod
    def sum_of(cls, counted: Iterable[Iterable[int]]) -> "Tally":
        """Return the sum of rows that have the columns of a tally in its order."""
        return cls(*map(sum, zip(*counted, strict=True)))


class Rates(NamedTuple):
    """Shares from 0 to 1: solved for good, in time, and liked by those who answered."""

    kept: float
    in_time: float
    liked: float


UNKNOWN = Rates(0.5, 0.5, 0.5)
WEIGHTS = Rates(2, 2, 1)
# An engineer's id and a service's; without the latter, all that they did.
Key = tuple[int, int | None]


def rates_of(tally: Tally, usual: Rates) -> Rates:
    """Return the shares, drawn towards the usual ones; with nothing counted they are those."""
    counted = (
        (tally.resolved - tally.reopened, tally.resolved),
        (tally.in_time, tally.measured),
        ((tally.stars - tally.rated) / (MOST_STARS - 1), tally.rated),
    )
    return Rates(
        *(_drawn(good, of, share) for (good, of), share in zip(counted, usual, strict=True))
    )


def quality_of(rates: Rates) -> int:
    """Return one figure of the shares, per mille."""
    weighed = sum(weight * share for weight, share in zip(WEIGHTS, rates, strict=True))
    return round(WHOLE * weighed / sum(WEIGHTS))


def usual_rates(tallies: Mapping[Key, Tally]) -> dict[int | None, Rates]:
    """Return by service how everybody does in it; by None, how they do in all."""
    sums: dict[int | None, Tally] = defaultdict(Tally)
    for (_engineer, service), tally in tallies.items():
        sums[service] += tally
    return _rates_by(sums)


def _rates_by(sums: Mapping[int | None, Tally]) -> dict[int | None, Rates]:
    overall = rates_of(sums.get(None, Tally()), UNKNOWN)
    return {**{pk: rates_of(tally, overall) for pk, tally in sums.items()}, None: overall}


def qualities(tallies: Mapping[Key, Tally]) -> dict[Key, int]:
    """Return how well each did in each service and in all, per mille."""
    usual = usual_rates(tallies)
    return {key: quality_of(rates_of(tally, usual[key[1]])) for key, tally in tallies.items()}


def usual_quality(sums: Mapping[int | None, Tally]) -> dict[int, int]:
    """Return by service what is expected of who has not worked in it yet, by what all did."""
    usual = _rates_by(sums)
    return {pk: quality_of(rates) for pk, rates in usual.items() if pk is not None}


def _drawn(good: float, of: int, usual: float) -> float:
    return (good + AS_MANY * usual) / (of + AS_MANY)
