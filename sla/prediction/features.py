"""The numbers by which a case is judged: of its facts' history, and of what happened so far."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sla.prediction.cases import Case, Known, Look, Moment, Scheme, keys_of
from sla.prediction.memory import Memory

HOUR = 3600
PER_KEY = ("late", "hours", "long", "count")
STAGES = {
    "new": 0,
    "acknowledged": 1,
    "diagnosing": 2,
    "in_progress": 3,
    "reopened": 4,
    "awaiting_dependency": 5,
    "awaiting_customer": 6,
}


def names_of(scheme: Scheme, known: Known) -> list[str]:
    """Return what each number of a row means, in its order."""
    names = ["all: late", "all: hours", "all: long"]
    for key in keys_of(scheme, known):
        names += [f"{' and '.join(key)}: {what}" for what in PER_KEY]
    names += ["hour opened", "weekday opened", "hour of the week", "priority", "others open"]
    return names if known != Known.MOMENT else names + list(SO_FAR)


SO_FAR = (
    "hours so far",
    "changes so far",
    "teams so far",
    "assignees so far",
    "stage",
    "hours in stage",
    "share of time awaiting",
    "hour now",
    "weekday now",
    "share of target used",
    "has assignee",
)


def row_of(case: Case, memory: Memory, known: Known) -> list[float]:
    """Return the numbers of a case at its opening. With team or assignee: the first ones named."""
    facts = dict(case.facts)
    if known != Known.INTAKE:
        facts["team"] = case.team
    if known == Known.ASSIGNEE:
        facts["assignee"] = case.assignee
    keys = keys_of(memory.scheme, known)
    return [*memory.features(keys, facts), *_opening(case, memory)]


def moment_row(case: Case, memory: Memory, look: Look) -> list[float]:
    """Return the numbers of a case as it stood when looked at."""
    past = [moment for moment in case.moments if moment.at <= look.at] or case.moments[:1]
    facts = {**case.facts, "team": past[-1].team, "assignee": past[-1].assignee}
    keys = keys_of(memory.scheme, Known.MOMENT)
    history = memory.features(keys, facts)
    return [*history, *_opening(case, memory), *_so_far(case, past, look)]


def moment_rows(case: Case, memory: Memory) -> Iterator[tuple[Look, list[float]]]:
    """Yield each look and its numbers, before the case was resolved."""
    for look in case.looks:
        if case.resolved_at is None or look.at <= case.resolved_at:
            yield look, moment_row(case, memory, look)


def _opening(case: Case, memory: Memory) -> list[float]:
    hour, weekday = _when(case.opened_at)
    priority = case.facts.get("priority", "")[:1]
    number = float(priority) if priority.isdigit() else math.nan
    return [hour, weekday, weekday * 24 + hour, number, float(memory.waiting[case.requester])]


def _so_far(case: Case, moments: Sequence[Moment], look: Look) -> list[float]:
    at, now = look.at, moments[-1]
    hour, weekday = _when(at)
    elapsed = max(1, at - case.opened_at)
    return [
        math.log1p(elapsed / HOUR),
        float(len(moments)),
        float(len({m.team for m in moments if m.team})),
        float(len({m.assignee for m in moments if m.assignee})),
        float(STAGES.get(now.stage, 3)),
        math.log1p(max(0, at - _stage_since(moments)) / HOUR),
        _awaiting(moments, at) / elapsed,
        hour,
        weekday,
        math.nan if look.share is None else look.share,
        float(bool(now.assignee)),
    ]


def _stage_since(moments: Sequence[Moment]) -> int:
    since = moments[-1].at
    for moment in reversed(moments):
        if moment.stage != moments[-1].stage:
            break
        since = moment.at
    return since


def _awaiting(moments: Sequence[Moment], at: int) -> int:
    ends = [*(moment.at for moment in moments[1:]), at]
    return sum(
        max(0, end - moment.at)
        for moment, end in zip(moments, ends, strict=True)
        if moment.stage.startswith("awaiting")
    )


def _when(at: int) -> tuple[float, float]:
    moment = datetime.fromtimestamp(at, UTC)
    return float(moment.hour), float(moment.weekday())
