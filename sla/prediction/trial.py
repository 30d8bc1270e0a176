"""Try prediction on cases whose end is known: learn from the earlier ones, judge the later ones.

Beside it stand what needs no learning: the same for all, and the same for all of one priority.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sla.prediction import measures
from sla.prediction.cases import Case, Known, Scheme
from sla.prediction.inference import Judge
from sla.prediction.learning import TREES, Sample, learn, samples_of
from sla.prediction.measures import Bin, Figures, TimeFigures

WORDS = {
    Known.INTAKE: "at opening, intake fields alone",
    Known.TEAM: "at opening, with the first group",
    Known.ASSIGNEE: "at opening, with the first group and assignee",
    Known.MOMENT: "at each event while open and not yet known late",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """How one way to predict did, beside its baselines, on rows that it had not seen."""

    known: Known
    learned: int
    judged: int
    model: Figures
    majority: Figures
    by_priority: Figures
    priorities: dict[str, Figures]
    bins: list[Bin]
    times: TimeFigures | None
    constant_times: TimeFigures | None


def cut_of(cases: Sequence[Case], share: float) -> int:
    """Return the opening from which on cases are judged: `share` of them were opened before."""
    opened = sorted(case.opened_at for case in cases if case.known_at is not None)
    return opened[min(len(opened) - 1, int(len(opened) * share))]


def trials(
    cases: Sequence[Case],
    scheme: Scheme,
    cut: int,
    *,
    levels: Sequence[Known] = tuple(Known),
    as_of: int | None = None,
    trees: int = TREES,
) -> Iterator[Trial]:
    """Yield a trial for each level of knowledge."""
    for known in levels:
        past, future = samples_of(cases, scheme, known, cut, as_of=as_of)
        yield judged(known, past, future, Judge.of(learn(past, trees=trees)))


def judged(known: Known, past: Sample, future: Sample, judge: Judge) -> Trial:
    """Return how a model that learned from `past` does on `future`."""
    told = [judge.probability(row) for row in future.rows]
    return Trial(
        known=known,
        learned=len(past.rows),
        judged=len(future.rows),
        model=measures.figures(future.late, told),
        majority=measures.figures(future.late, [_rate(past.late)] * len(future.late)),
        by_priority=measures.figures(future.late, _by_priority(past, future)),
        priorities=_each_priority(future, told),
        bins=measures.calibration(future.late, told),
        times=measures.time_figures(future.seconds, [judge.seconds(row) for row in future.rows]),
        constant_times=measures.time_figures(future.seconds, _constant(past, future)),
    )


def lines_of(trial: Trial) -> Iterator[str]:
    """Yield a trial as a report in plain text."""
    late = trial.model.late / max(1, trial.judged)
    yield f"\n{WORDS[trial.known]}: {trial.learned:,} learned, {trial.judged:,} judged, "
    yield f"  of which {late:.1%} late"
    yield f"  {'':<22}{'AUC':>8}{'AP':>8}{'Brier':>8}"
    yield from (
        _figures_line("model", trial.model),
        _figures_line("priority only", trial.by_priority),
        _figures_line("the same for all", trial.majority),
    )
    for name, found in trial.priorities.items():
        yield _figures_line(f"  {name} ({found.count:,})", found)
    yield "  told / came / rows: " + "  ".join(
        f"{b.told:.2f}/{b.came:.2f}/{b.count:,}" for b in trial.bins
    )
    if trial.times and trial.constant_times:
        yield f"  hours left {'':<11}{'median AE':>10}{'pinball50':>10}{'pinball90':>10}" + (
            f"{'P50 holds':>10}{'P90 holds':>10}"
        )
        yield _times_line("model", trial.times)
        yield _times_line("constant quantiles", trial.constant_times)


def day(at: int) -> str:
    """Return an instant as a report shows it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"


def _figures_line(name: str, found: Figures) -> str:
    shown = [f"{v:8.3f}" if v is not None else f"{'-':>8}" for v in (found.auc, found.precision)]
    return f"  {name:<22}{''.join(shown)}{found.brier:8.3f}"


def _times_line(name: str, found: TimeFigures) -> str:
    hours = (found.median_error, found.pinball_median, found.pinball_late)
    spans = "".join(f"{seconds / 3600:10.1f}" for seconds in hours)
    return f"  {name:<22}{spans}{found.within_median:10.1%}{found.within_late:10.1%}"


def _rate(late: Sequence[bool]) -> float:
    return sum(late) / max(1, len(late))


def _priority(case: Case) -> str:
    return case.facts.get("priority", "") or "none"


def _by_priority(past: Sample, future: Sample) -> list[float]:
    groups: dict[str, list[bool]] = {}
    for case, late in zip(past.cases, past.late, strict=True):
        groups.setdefault(_priority(case), []).append(late)
    overall = _rate(past.late)
    return [_rate(groups.get(_priority(case), [])) or overall for case in future.cases]


def _each_priority(future: Sample, told: Sequence[float]) -> dict[str, Figures]:
    groups: dict[str, list[int]] = {}
    for index, case in enumerate(future.cases):
        groups.setdefault(_priority(case), []).append(index)
    return {
        name: measures.figures([future.late[i] for i in group], [told[i] for i in group])
        for name, group in sorted(groups.items())
    }


def _constant(past: Sample, future: Sample) -> list[tuple[int, int]]:
    known = [seconds for seconds in past.seconds if seconds is not None]
    both = (int(measures.quantile_of(known, 0.5)), int(measures.quantile_of(known, 0.9)))
    return [both] * len(future.rows)
