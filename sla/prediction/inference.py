"""Judge a row of numbers by a stored model: trees and weights as JSON, in plain Python.

Nothing is imported for it, and nothing that comes from a table is ever run as code.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# feature (-1: a leaf), threshold, whether a missing number goes left, left, right, value
Node = tuple[int, float, bool, int, int, float]
FAR = 4.0  # deviations; what lies beyond counts no more, or one odd number would decide
TREES = 0.7  # how much the trees count beside the weights


@dataclass(frozen=True, slots=True)
class Forest:
    """Gradient-boosted trees: their sum, from where it starts."""

    start: float
    trees: tuple[tuple[Node, ...], ...]

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Forest":
        trees = tuple(tuple(tuple(node) for node in tree) for tree in plain["trees"])
        return cls(plain["start"], trees)

    def raw(self, row: Sequence[float]) -> float:
        """Return the sum of the leaves that a row reaches."""
        total = self.start
        for tree in self.trees:
            feature, threshold, missing_left, left, right, value = tree[0]
            while feature >= 0:
                number = row[feature]
                goes_left = missing_left if number != number else number <= threshold  # noqa: PLR0124 - it is NaN
                feature, threshold, missing_left, left, right, value = tree[
                    left if goes_left else right
                ]
            total += value
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over numbers brought to one scale."""

    start: float
    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Weights":
        lists = (tuple(plain[name]) for name in ("weights", "means", "scales"))
        return cls(plain["start"], *lists)

    def raw(self, row: Sequence[float]) -> float:
        total = self.start
        for number, weight, mean, scale in zip(
            row, self.weights, self.means, self.scales, strict=True
        ):
            if number == number:  # noqa: PLR0124 - a missing number counts as the mean
                total += weight * min(FAR, max(-FAR, (number - mean) / scale))
        return total


@dataclass(frozen=True, slots=True)
class Judge:
    """All that was learned: of breaches by two ways, and of the time left."""

    forest: Forest
    weights: Weights
    median: Forest
    late: Forest

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Judge":
        """Return what `fitting` wrote."""
        return cls(
            Forest.of(plain["forest"]),
            Weights.of(plain["weights"]),
            Forest.of(plain["median"]),
            Forest.of(plain["late"]),
        )

    def probability(self, row: Sequence[float]) -> float:
        """Return how likely the case is to breach, from 0 to 1."""
        by_trees, by_weights = sigmoid(self.forest.raw(row)), sigmoid(self.weights.raw(row))
        return TREES * by_trees + (1 - TREES) * by_weights

    def seconds(self, row: Sequence[float]) -> tuple[int, int]:
        """Return the seconds left in the median, and those that nine in ten do not exceed."""
        median, late = _seconds(self.median.raw(row)), _seconds(self.late.raw(row))
        return median, max(median, late)


def sigmoid(raw: float) -> float:
    """Return the probability of log odds."""
    if raw >= 0:
        return 1 / (1 + math.exp(-raw))
    odds = math.exp(raw)
    return odds / (1 + odds)


def _seconds(log_hours: float) -> int:
    return round(math.expm1(min(max(log_hours, 0.0), 12.0)) * 3600)
