"""Name the team that a case is for, with a confidence, by a stored model in plain Python."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dispatch.routing.cases import features_of


class Routed(NamedTuple):
    """A team, and how probable it is by what was learned."""

    team: str
    probability: float


@dataclass(frozen=True, slots=True)
class Router:
    """Weights of a multinomial logistic regression over what is stated of a case."""

    teams: Sequence[str]
    start: Sequence[float]
    weights: Mapping[str, Sequence[float]]

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Router":
        return cls(plain["teams"], plain["start"], plain["weights"])

    def plain(self) -> dict[str, Any]:
        """Return it as JSON, as `of` reads it."""
        return {"teams": self.teams, "start": self.start, "weights": self.weights}

    def ranked(self, facts: Mapping[str, str]) -> list[Routed]:
        """Return all teams, the most probable first."""
        sums = list(self.start)
        for name in features_of(facts):
            for at, weight in enumerate(self.weights.get(name, ())):
                sums[at] += weight
        highest = max(sums)
        shares = [math.exp(value - highest) for value in sums]
        whole = sum(shares)
        found = [
            Routed(team, share / whole) for team, share in zip(self.teams, shares, strict=True)
        ]
        return sorted(found, key=lambda routed: (-routed.probability, routed.team))
