"""From cases to a model: which rows are learned from, and the program that learns."""

import math
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from sla.prediction.cases import Case, Known, Look, Scheme
from sla.prediction.features import moment_rows, row_of
from sla.prediction.measures import quantile_of
from sla.prediction.memory import Memory, in_order

TIMEOUT = 900  # seconds
TREES = 200
SETTLED = 0.8


@dataclass
class Sample:
    """Rows of numbers with what came of them: late or not, and the seconds left."""

    rows: list[list[float]] = field(default_factory=list)
    late: list[bool] = field(default_factory=list)
    seconds: list[int | None] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    def add(self, row: list[float], case: Case, look: Look) -> None:
        self.rows.append(row)
        self.late.append(case.is_breached)
        self.seconds.append(
            None if case.resolved_at is None else max(0, case.resolved_at - look.at)
        )
        self.cases.append(case)
        self.looks.append(look)


class CannotLearn(Exception):
    """The program that learns did not answer. The message is its own."""


def samples_of(
    cases: Sequence[Case], scheme: Scheme, known: Known, cut: int, *, as_of: int | None = None
) -> tuple[Sample, Sample]:
    """Return what to learn from, opened before `cut`, and what to try on, opened from then on.

    Each row knows only what was known before its case was opened. With `as_of` nothing is
    learned of what was not known by then, nor of those opened so shortly before that mostly quick
    ones were finished: they would tell that all are.
    """
    past, future = Sample(), Sample()
    newest = cut if as_of is None else as_of - _settling(cases, as_of)
    for case, memory in in_order(cases, scheme):
        if case.known_at is None:
            continue
        if case.opened_at >= cut:
            sample = future
        elif as_of is None or (case.known_at < as_of and case.opened_at < newest):
            sample = past
        else:
            continue
        for look, row in _rows(case, memory, known):
            sample.add(row, case, look)
    return past, future


def learn(sample: Sample, *, trees: int = TREES) -> dict[str, Any]:
    """Return the model of a sample, as `inference.Judge` reads it.

    Raises `CannotLearn` when the program fails.
    """
    given = {"rows": sample.rows, "late": sample.late, "trees": trees, "hours": _hours(sample)}
    done = subprocess.run(
        [sys.executable, "-m", "sla.prediction.fitting"],
        input=orjson.dumps(given),
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    if done.returncode:
        raise CannotLearn(done.stderr.decode(errors="replace")[-500:])
    return dict(orjson.loads(done.stdout))


def _settling(cases: Iterable[Case], as_of: int) -> int:
    """Return within how long four in five were known; at most a quarter of the time there is."""
    known = [(c.opened_at, c.known_at) for c in cases if c.known_at and c.known_at < as_of]
    if not known:
        return 0
    spans = [known_at - opened_at for opened_at, known_at in known]
    window = as_of - min(opened_at for opened_at, _known_at in known)
    return min(int(quantile_of(spans, SETTLED)), window // 4)


def _rows(case: Case, memory: Memory, known: Known) -> Iterator[tuple[Look, list[float]]]:
    if known == Known.MOMENT:
        yield from moment_rows(case, memory)
    else:
        yield Look(case.opened_at), row_of(case, memory, known)


def _hours(sample: Sample) -> Sequence[float | None]:
    return [None if s is None else math.log1p(s / 3600) for s in sample.seconds]
