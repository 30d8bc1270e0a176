"""`bin/bench`: how fast Nova is, beside bare SQL on the same database. It fails nothing."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from nova.trials import raw, report
from nova.trials.breaches import Breaches
from nova.trials.cases import Case, cases, opener
from nova.trials.casting import Cast, cast, told_by
from nova.trials.loading import fill
from nova.trials.matching import QUICK, Matching, Sizes
from nova.trials.measuring import Figures, measure, p95, time_raw
from nova.trials.meters import cpu_seconds, memory_mib
from nova.trials.people import People
from nova.trials.stage import Stage, perform

SIZES = [1_000, 10_000, 100_000, 1_000_000]
OPEN_SHARE = 0.05
CLOCKS = 1_000_000
PEOPLE, QUICK_PEOPLE = (10_000, 1_000), (1_000, 100)  # and how many tickets
QUICK_SIZES, QUICK_CLOCKS = [1_000, 10_000], 20_000
TICKS = 6
MANY = 16
BASE = 10_000  # growth is told from here


class Bench:
    """One run: what it was asked to do, and the figures so far."""

    def __init__(self, sizes: list[int], clocks: int) -> None:
        self.sizes = sizes
        self.clocks = clocks
        self.found: list[Figures] = []
        self.more: dict[str, Any] = {}

    def without_workers(self, stage: Stage) -> None:
        """Measure pages and endpoints at each size, and then the sweep."""
        say(report.HEAD)
        spare = cast(stage, "spare")
        with psycopg.connect(stage.owner_url, autocommit=True) as database:
            for size in self.sizes:
                tenant = cast(stage, "acme")
                fill(
                    stage.owner_url, tenant.tenant_id, tenant.readers, size, open_share=OPEN_SHARE
                )
                for case in cases(cast(stage, "acme"), spare, database):
                    self.note(_figures_of(case, size, stage))
            if self.clocks:
                self.note(_tick(stage, database, self.clocks))

    def with_all_parts(self, stage: Stage) -> None:
        """Measure opening once more while worker and beat follow, and the memory of all."""
        tenant = cast(stage, "acme")
        asks = [opener(tenant.program("lead"), tenant) for _ in range(MANY)]
        parts = (stage.pids["web"], stage.pids["postgres"])
        before = cpu_seconds(stage.pids["worker"])
        figures = measure("open, worker at work", self.sizes[-1], asks, 640, parts)
        self.note(figures)
        used = (cpu_seconds(stage.pids["worker"]) - before) * 1000 / figures.count
        memory = memory_mib(stage.pids[name] for name in ("web", "worker", "beat"))
        self.more = {"worker_cpu_of_a_ticket": used, "memory_mib": memory}

    def note(self, figures: Figures | None) -> None:
        if figures is not None:
            self.found.append(figures)
            say(report.line(figures))

    def tell(self) -> dict[str, Any]:
        """Say what the figures come to; return them as plain values."""
        say("\nMilliseconds. CPU is per request, of all processes of web and database.")
        small = BASE if BASE in self.sizes else self.sizes[0]
        for text in report.growth(self.found, small, self.sizes[-1]):
            say(f"from {small:,} to {self.sizes[-1]:,}: {text}")
        for name, value in self.more.items():
            say(f"{name.replace('_', ' ')}: {value:.1f}")
        return report.as_json(self.found, self.more)


def _figures_of(case: Case, size: int, stage: Stage) -> Figures | None:
    if case.asks[0]().status == 404:  # noqa: PLR2004 - this Nova has no such page
        return None
    parts = (stage.pids["web"], stage.pids["postgres"])
    figures = measure(case.work, size, case.asks, case.times, parts)
    return replace(figures, raw=time_raw(case.raw, case.raw_times)) if case.raw else figures


def _tick(stage: Stage, database: psycopg.Connection[Any], clocks: int) -> Figures:
    """Measure ticks of the sweep with a thousand due, in a tenant where all tickets are open."""
    tenant: Cast = cast(stage, "ticking")
    tickets = clocks * 6 // 7  # of which most have one running clock, and those not taken up two
    fill(stage.owner_url, tenant.tenant_id, tenant.readers, tickets, open_share=1)
    bare = time_raw(raw.asking(database, raw.DUE, {"tenant": tenant.tenant_id}), 10)
    before = cpu_seconds(stage.pids["postgres"])
    told = told_by(stage, "nova.trials.ticks", str(tenant.tenant_id), str(TICKS))
    used = (cpu_seconds(stage.pids["postgres"]) - before) * 1000 / TICKS
    times = told["milliseconds"][1:]  # the first one compiles what the others use
    return Figures(
        work="sweep, 1,000 due clocks",
        size=clocks,
        clients=1,
        count=len(times),
        failures=0,
        median=median(times),
        p95=p95(times),
        web=median(told["cpu"][1:]),
        database=used,
        raw=bare,
    )


def _write(file: Path | None, figures: dict[str, Any]) -> None:
    if file:
        file.write_text(json.dumps(figures, indent=1))


def say(text: str) -> None:
    """Show a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of tickets")
    parser.add_argument("--clocks", type=int, default=CLOCKS, help="running clocks of the sweep")
    parser.add_argument("--quick", action="store_true", help="small sizes, two minutes in all")
    parser.add_argument(
        "--breaches", action="store_true", help="only how soon breaches are written"
    )
    parser.add_argument(
        "--people", action="store_true", help="only how many people come, and are designated"
    )
    parser.add_argument(
        "--matching", action="store_true", help="only how fast tickets get engineers"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    asked = parser.parse_args()
    sizes = QUICK_SIZES if asked.quick else sorted(map(int, asked.sizes.split(",")))
    clocks = QUICK_CLOCKS if asked.quick else asked.clocks
    if asked.breaches:
        breaches = Breaches(clocks, say)
        perform({breaches.load: [], breaches.measure: ["worker", "beat"]})
        return
    if asked.people:
        people = People(*(QUICK_PEOPLE if asked.quick else PEOPLE), say)
        parts = ["web", "worker", "beat"]
        perform({people.provision: parts, people.designate: []})
        return
    if asked.matching:
        matching = Matching(QUICK if asked.quick else Sizes(), say)
        parts = ["web", "worker", "beat"]
        perform({matching.give_out: [], matching.load: [], matching.follow: parts})
        _write(asked.json, matching.figures)
        return
    bench = Bench(sizes, clocks)
    perform({bench.without_workers: ["web"], bench.with_all_parts: ["worker", "beat"]})
    _write(asked.json, bench.tell())


if __name__ == "__main__":
    main()
