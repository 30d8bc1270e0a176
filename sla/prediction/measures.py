"""How good predictions are. Pure."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

BINS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Of probabilities: area under the curve, average precision, Brier score; None: one class."""

    count: int
    late: int
    auc: float | None
    precision: float | None
    brier: float


@dataclass(frozen=True, slots=True)
class TimeFigures:
    """Of the time left: errors in seconds, and how many ended within what was said."""

    count: int
    median_error: float
    pinball_median: float
    pinball_late: float
    within_median: float
    within_late: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Of those told a probability in this tenth: what they were told, and what came of it."""

    told: float
    came: float
    count: int


def figures(late: Sequence[bool], told: Sequence[float]) -> Figures:
    """Return how well probabilities tell who was late."""
    brier = sum((p - y) ** 2 for p, y in zip(told, late, strict=True)) / max(1, len(late))
    return Figures(len(late), sum(late), auc(late, told), average_precision(late, told), brier)


def auc(late: Sequence[bool], told: Sequence[float]) -> float | None:
    """Return how often one late is told more than one in time; equal ones count half."""
    positive, negative = sum(late), len(late) - sum(late)
    if not positive or not negative:
        return None
    ranks = 0.0
    for first, group in _tied(late, told):
        ranks += sum(group) * (first + (len(group) + 1) / 2)
    return (ranks - positive * (positive + 1) / 2) / (positive * negative)


def average_precision(late: Sequence[bool], told: Sequence[float]) -> float | None:
    """Return the precision at each late case, going down from the likeliest, in the mean."""
    positive = sum(late)
    if not positive:
        return None
    seen = hits = 0
    total = 0.0
    for _first, group in reversed(_tied(late, told)):
        seen, hits = seen + len(group), hits + sum(group)
        total += sum(group) * hits / seen
    return total / positive


def calibration(late: Sequence[bool], told: Sequence[float]) -> list[Bin]:
    """Return, for each tenth of probability that was told, what came of it."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for p, y in zip(told, late, strict=True):
        groups.setdefault(min(BINS - 1, int(p * BINS)), []).append((p, y))
    return [
        Bin(sum(p for p, _ in g) / len(g), sum(y for _, y in g) / len(g), len(g))
        for _, g in sorted(groups.items())
    ]


def time_figures(
    seconds: Sequence[int | None], told: Sequence[tuple[int, int]]
) -> TimeFigures | None:
    """Return how well a median and a ninth tenth tell the time left; None: nothing was timed."""
    pairs = [(s, *t) for s, t in zip(seconds, told, strict=True) if s is not None]
    if not pairs:
        return None
    errors = sorted(abs(s - median) for s, median, _ in pairs)
    return TimeFigures(
        count=len(pairs),
        median_error=errors[len(errors) // 2],
        pinball_median=_mean([pinball(s, median, 0.5) for s, median, _ in pairs]),
        pinball_late=_mean([pinball(s, late, 0.9) for s, _, late in pairs]),
        within_median=_mean([s <= median for s, median, _ in pairs]),
        within_late=_mean([s <= late for s, _, late in pairs]),
    )


def pinball(came: float, told: float, quantile: float) -> float:
    """Return the loss of a quantile: too low costs `quantile`, too high the rest."""
    return max(quantile * (came - told), (quantile - 1) * (came - told))


def quantile_of(numbers: Sequence[float], share: float) -> float:
    """Return the number that a share of them does not exceed; 0 of none."""
    ordered = sorted(numbers)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0


def plain(found: Any) -> dict[str, Any]:
    """Return figures as JSON can hold them."""
    rounded = asdict(found)
    return {k: round(v, 5) if isinstance(v, float) else v for k, v in rounded.items()}


def _tied(late: Sequence[bool], told: Sequence[float]) -> list[tuple[int, list[bool]]]:
    """Return the cases from the least likely on, those told the same together, each group with
    how many come before it."""
    groups: list[tuple[int, list[bool]]] = []
    before: float | None = None
    for place, index in enumerate(sorted(range(len(told)), key=told.__getitem__)):
        if told[index] != before:
            groups.append((place, []))
            before = told[index]
        groups[-1][1].append(bool(late[index]))
    return groups


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
