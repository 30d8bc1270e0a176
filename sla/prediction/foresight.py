"""What is foreseen of a ticket: by a model, or by a plain rule until there is enough to learn."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sla.prediction.cases import TICKET, Case, Look, Moment, value_of
from sla.prediction.features import moment_row
from sla.prediction.inference import Judge, sigmoid
from sla.prediction.measures import quantile_of
from sla.prediction.memory import Memory

RULE, MODEL = "rule", "model"
LEAST, MOST = 0.01, 0.99
STEEPNESS = 4.0  # log odds from the start of the target to its end
WAITING = -0.5
UNASSIGNED, UNASSIGNED_AFTER = 0.5, 0.25
POINTS = 40  # kept of how long tickets took, evenly from the shortest to the longest
FEWEST_SPANS = 5
HALF, TENTH = 0.5, 0.1
FEWEST_TOLD, TELLING = 10, 0.08
# Whose history may be told as a reason: of things, never of a person.
REASONS = (("team",), ("subcategory",), ("category",), ("service",), ("site",), ("priority",))

Reason = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Forecast:
    """How likely a ticket is to breach, the seconds left to its resolution, and why."""

    probability: float
    median_seconds: int
    late_seconds: int
    method: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket's resolution clock stands, beside the case."""

    look: Look
    target_seconds: int
    remaining_seconds: int
    is_breached: bool = False
    due_in_seconds: int | None = None  # by the wall; None while it waits


@dataclass(slots=True)
class Foresight:
    """All by which tickets are judged: what is remembered, how long they took, and the judge."""

    memory: Memory = field(default_factory=lambda: Memory(TICKET))
    spans: Mapping[str, Sequence[int]] = field(default_factory=dict)
    judge: Judge | None = None

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Foresight":
        """Return what `plain` put away."""
        judge = Judge.of(plain["judge"]) if plain.get("judge") else None
        return cls(Memory.of(TICKET, plain["memory"]), plain["spans"], judge)

    def among(self, waiting: Counter[str]) -> "Foresight":
        """Return it with how many other open tickets each requester has."""
        return replace(self, memory=replace(self.memory, waiting=waiting))

    def plain(self, judge: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return it as JSON can hold it, with the judge as it was learned."""
        return {"memory": self.memory.plain(), "spans": dict(self.spans), "judge": judge}

    def foresee(self, case: Case, standing: Standing) -> Forecast:
        """Return what is foreseen of an open case."""
        reasons = self._reasons(case, standing)
        if standing.is_breached:
            median, late = self._by_spans(case, standing)
            return Forecast(1.0, median, late, RULE, reasons)
        if self.judge is None:
            told, method = self.by_rule(case, standing), RULE
            seconds = self._by_spans(case, standing)
        else:
            row = moment_row(case, self.memory, standing.look)
            told, method = min(MOST, max(LEAST, self.judge.probability(row))), MODEL
            seconds = self.judge.seconds(row)
        return Forecast(told, *agreeing(told, *seconds, standing.due_in_seconds), method, reasons)

    def by_rule(self, case: Case, standing: Standing) -> float:
        """Return the probability by the rule (docs/decisions/0050).

        The odds are those of the priority's past at the half of the target, and grow with the
        share that is used; less while it waits, more while nobody has it.
        """
        past = self.memory.rate(("priority",), case.facts.get("priority", ""))
        count, rate = past or (0, 0.0)
        overall = self.memory.all.late / self.memory.all.count
        base = min(MOST, max(LEAST, (count * rate + 10 * overall) / (count + 10)))
        share = min(1.0, standing.look.share or 0.0)
        raw = math.log(base / (1 - base)) + STEEPNESS * (share - 0.5)
        now = case.moments[-1]
        raw += WAITING if now.stage.startswith("awaiting") else 0
        raw += UNASSIGNED if not now.assignee and share > UNASSIGNED_AFTER else 0
        return min(MOST, max(LEAST, sigmoid(raw)))

    def _by_spans(self, case: Case, standing: Standing) -> tuple[int, int]:
        """Return the time left of those of the same priority that took at least as long."""
        elapsed = standing.look.at - case.opened_at
        spans = self.spans.get(case.facts.get("priority", ""), ())
        longer = [span - elapsed for span in spans if span > elapsed]
        if len(longer) >= FEWEST_SPANS:
            return int(quantile_of(longer, 0.5)), int(quantile_of(longer, 0.9))
        left = max(standing.remaining_seconds, standing.target_seconds // 4)
        return left, 2 * left

    def _reasons(self, case: Case, standing: Standing) -> tuple[Reason, ...]:
        """Return the share that is used, and the two histories that say most."""
        now = case.moments[-1]
        facts = {**case.facts, "team": now.team}
        overall = self.memory.all.late / self.memory.all.count
        found = []
        for key in REASONS:
            past = self.memory.rate(key, value_of(key, facts)) if facts.get(key[0]) else None
            if past and past[0] >= FEWEST_TOLD and abs(past[1] - overall) >= TELLING:
                found.append((abs(past[1] - overall), key[0], past))
        told = [
            {"about": name, "count": count, "percent": round(100 * rate)}
            for _weight, name, (count, rate) in sorted(found, reverse=True)[:2]
        ]
        used = {"about": "used", "percent": round(100 * (standing.look.share or 0))}
        return (used, *told, *_now(now))


def agreeing(probability: float, median: int, late: int, due_in: int | None) -> tuple[int, int]:
    """Return the seconds left such that they say of the due time what the probability does.

    What will more likely than not be in time is resolved by then in the median, and so on.
    """
    if due_in is not None:
        median = min(median, due_in) if probability < HALF else max(median, due_in)
        late = min(late, due_in) if probability < TENTH else max(late, due_in)
    return median, max(median, late)


def spans_of(cases: Sequence[Case]) -> dict[str, list[int]]:
    """Return how long cases took, by priority, as some points of all of them."""
    found: dict[str, list[int]] = {}
    for case in cases:
        if case.seconds is not None:
            found.setdefault(case.facts.get("priority", ""), []).append(case.seconds)
    return {priority: _points(sorted(spans)) for priority, spans in found.items()}


def _points(spans: list[int]) -> list[int]:
    if len(spans) <= POINTS:
        return spans
    return [spans[round(i * (len(spans) - 1) / (POINTS - 1))] for i in range(POINTS)]


def _now(moment: Moment) -> tuple[Reason, ...]:
    if moment.stage.startswith("awaiting"):
        return ({"about": "awaiting"},)
    return () if moment.assignee else ({"about": "unassigned"},)
