"""How well a router would have done, beside those who routed and beside simple ones. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from dispatch.routing.cases import Case
from dispatch.routing.router import Routed, Router

LOOKED_UP = ("category", "subcategory", "symptom")
Ranking = Callable[[Case], Sequence[Routed]]


@dataclass(frozen=True)
class Scores:
    """Shares of cases whose team was named first, among three, among five."""

    who: str
    top1: float
    top3: float | None = None
    top5: float | None = None


@dataclass(frozen=True)
class Gate:
    """From which confidence on so many of the named teams are right, and how many are named."""

    precision: float
    confidence: float
    coverage: float


@dataclass(frozen=True)
class Saved:
    """What routing with a gate changes for cases that people gave to somebody first.

    `righted` were sent wrong and would have come right, `wronged` the other way round; `moves`
    are those of the righted, of `all_moves` that were made.
    """

    righted: int
    wronged: int
    moves: int
    all_moves: int


def cut_of(cases: Sequence[Case], share: float) -> int:
    """Return the opening from which on cases are judged: `share` of all were opened before."""
    return cases[int(len(cases) * share)].opened_at


def split(cases: Sequence[Case], cut: int, *, as_of: bool = True) -> tuple[list[Case], list[Case]]:
    """Return cases to learn from, and later ones to judge; of both, those that a team settled.

    A desk knows of the earlier ones only what was over by the cut; without `as_of` all counts.
    """
    routed = [case for case in cases if case.settled_by]
    early = [case for case in routed if case.opened_at < cut]
    known = [case for case in early if case.known_at is not None and case.known_at < cut]
    return known if as_of else early, [case for case in routed if case.opened_at >= cut]


def scores_of(who: str, ranking: Ranking, cases: Sequence[Case]) -> Scores:
    places = [_place(ranking(case), case.settled_by) for case in cases]
    top1, top3, top5 = (sum(at < top for at in places) / len(cases) for top in (1, 3, 5))
    return Scores(who, top1, top3, top5)


def humans(cases: Sequence[Case]) -> Scores:
    """Return how often the team that was named first was the one that settled it."""
    return Scores("humans", sum(case.first == case.settled_by for case in cases) / len(cases))


def majority(early: Sequence[Case]) -> Ranking:
    """Return who always names the teams that had most."""
    counts = Counter(case.settled_by for case in early)
    ranked = _shares(counts)
    return lambda _case: ranked


def lookup(early: Sequence[Case]) -> Ranking:
    """Return who names the teams that had most of the same category and symptom."""
    tables: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for case in early:
        tables[_looked_up(case)][case.settled_by] += 1
    others = majority(early)
    return lambda case: (
        _shares(tables[_looked_up(case)]) if _looked_up(case) in tables else others(case)
    )


def gates(router: Router, cases: Sequence[Case], precisions: Sequence[float]) -> Iterator[Gate]:
    """Yield the lowest confidence with which each precision is kept, where there is one."""
    first = sorted(((router.ranked(case.facts)[0], case) for case in cases), key=_confidence)
    for precision in precisions:
        right, widest = 0, None
        for number, (routed, case) in enumerate(first, 1):
            right += routed.team == case.settled_by
            if right / number >= precision:
                widest = Gate(precision, routed.probability, number / len(cases))
        if widest:
            yield widest


def saved(router: Router, confidence: float, cases: Sequence[Case]) -> Saved:
    """Return what would have been, had the router routed where it is at least so confident."""
    righted = wronged = moves = 0
    for case in cases:
        team, probability = router.ranked(case.facts)[0]
        if probability < confidence or team == case.first or not case.first:
            continue
        if team == case.settled_by:
            righted, moves = righted + 1, moves + case.moves
        wronged += case.first == case.settled_by
    return Saved(righted, wronged, moves, sum(case.moves for case in cases))


def _confidence(found: tuple[Routed, Case]) -> tuple[float, str]:
    return -found[0].probability, found[1].key


def _place(ranked: Sequence[Routed], team: str) -> float:
    return next((at for at, routed in enumerate(ranked) if routed.team == team), inf)


def _shares(counts: Counter[str]) -> list[Routed]:
    whole = counts.total()
    return [Routed(team, count / whole) for team, count in sorted(counts.items(), key=_most)]


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _looked_up(case: Case) -> tuple[str, ...]:
    return tuple(case.facts.get(name, "") for name in LOOKED_UP)
