"""Repeat one piece of work, and say what it took."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median, quantiles
from time import monotonic, perf_counter

from nova.trials.client import Answer
from nova.trials.meters import cpu_seconds

WARM_UP = 5
LONGEST_SECONDS = 20.0
GOOD = 400


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one kind of work took, per request, in milliseconds; `raw` is its SQL alone."""

    work: str
    size: int
    clients: int
    count: int
    failures: int
    median: float
    p95: float
    web: float
    database: float
    raw: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.median / self.raw if self.raw else None


Ask = Callable[[], Answer]


def measure(
    work: str, size: int, asks: Sequence[Ask], count: int, parts: tuple[int, int]
) -> Figures:
    """Let each of `asks` be a client of its own; together they ask about `count` times.

    It ends early after `LONGEST_SECONDS`. `parts` are the processes of web and database.
    """
    share = count // len(asks)
    for ask in asks:
        for _ in range(min(WARM_UP, 1 + share // 10)):
            ask()
    before = [cpu_seconds(part) for part in parts]
    until = monotonic() + LONGEST_SECONDS
    with ThreadPoolExecutor(len(asks)) as clients:
        runs = clients.map(lambda ask: _repeat(ask, share, until), asks)
        answers = [answer for run in runs for answer in run]
    used = [cpu_seconds(part) - start for part, start in zip(parts, before, strict=True)]
    times = [answer.milliseconds for answer in answers]
    return Figures(
        work=work,
        size=size,
        clients=len(asks),
        count=len(answers),
        failures=sum(answer.status >= GOOD for answer in answers),
        median=median(times),
        p95=p95(times),
        web=used[0] * 1000 / len(answers),
        database=used[1] * 1000 / len(answers),
    )


def time_raw(ask: Callable[[], None], count: int) -> float:
    """Return the median of bare SQL, in milliseconds. It ends early after `LONGEST_SECONDS`."""
    ask()
    times: list[float] = []
    until = monotonic() + LONGEST_SECONDS
    while len(times) < count and (not times or monotonic() < until):
        began = perf_counter()
        ask()
        times.append((perf_counter() - began) * 1000)
    return median(times)


def p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _repeat(ask: Ask, count: int, until: float) -> list[Answer]:
    answers: list[Answer] = []
    while len(answers) < count and (not answers or monotonic() < until):
        answers.append(ask())
    return answers
