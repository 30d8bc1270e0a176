"""`bin/nova simulate`: days of a made-up desk in minutes, examined to the last clock."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nova.demo.comparison import comparing
from nova.demo.comparison.comparing import Matter
from nova.demo.simulation.measures import side_by_side
from nova.demo.simulation.rhythm import Rhythm, built_in, learn
from nova.demo.simulation.services import MONDAY, SLUG, Outcome, Wish, simulate
from nova.demo.simulation.strategies import STRATEGIES
from nova.tenancy.models import Tenant
from tickets.importing.logfile import NotALog

QUICK = {"days": 1, "per_day": 30.0}
LIVED = {"days": 3, "arrivals_per_day": 100.0, "technicians": 10}
WISHED = ("rhythm", "days", "seed", "vip_share", "technicians", "keep")
COMPARED = {"days": 14, "arrivals_per_day": 80.0, "technicians": 16}


class Command(BaseCommand):
    help = "Simulate days of a desk, and fail where a clock is wrong. Leaves nothing behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--days", type=int, help=_either("days"))
        add("--seed", type=int, default=1, help="the same seed, the same desk")
        add("--arrivals-per-day", type=float, help=_either("arrivals_per_day"))
        add("--vip-share", type=float, default=0.05, help="of the tickets")
        add("--technicians", type=int, help=_either("technicians"))
        add("--strategy", default="least_loaded", help=f"of {', '.join(STRATEGIES)}; several: a,b")
        add(
            "--compare", action="store_true", help="ways to dispatch, side by side, without clocks"
        )
        add("--seeds", type=int, default=5, help="how many desks are compared, from --seed on")
        add("--log", type=Path, help="learn the rhythm from a ServiceNow incident event log")
        add("--quick", action="store_true", help="one day of 30 tickets")
        add("--keep", action="store_true", help=f"keep it as tenant {SLUG}")

    def handle(self, *args: Any, compare: bool, **options: Any) -> None:
        given = {name: value for name, value in options.items() if value is not None}
        options["rhythm"] = _rhythm(options["log"])
        if compare:
            self._compare(**{**options, **COMPARED, **given})
        else:
            self._live(**{**options, **LIVED, **given})

    def _compare(self, *, seed: int, seeds: int, arrivals_per_day: float, **options: Any) -> None:
        names = ("rhythm", "days", "vip_share", "technicians")
        matter = Matter(
            began=MONDAY,
            per_day=arrivals_per_day,
            seeds=range(seed, seed + seeds),
            **{name: options[name] for name in names},
        )
        for line in comparing.compare(matter):
            self.stdout.write(line)

    def _live(self, *, quick: bool, strategy: str, **options: Any) -> None:
        names = strategy.split(",")
        if unknown := set(names) - set(STRATEGIES):
            raise CommandError(f"Not a strategy: {', '.join(sorted(unknown))}.")
        if options["keep"] and len(names) > 1:
            raise CommandError("Only one strategy can be kept.")
        if Tenant.objects.filter(slug=SLUG).exists():
            raise CommandError(f"The tenant {SLUG} is there already; it was kept.")
        wish = {
            "per_day": options["arrivals_per_day"],
            **{key: options[key] for key in WISHED},
            **(QUICK if quick else {}),
        }
        found = {name: self._shown(Wish(**wish, strategy=name)) for name in names}
        if len(found) > 1:
            self.stdout.write("")
            for line in side_by_side({name: each.figures for name, each in found.items()}):
                self.stdout.write(line)
        if any(each.broken for each in found.values()):
            sys.exit(1)

    def _shown(self, wish: Wish) -> Outcome:
        """Simulate, and show what it came to."""
        outcome = simulate(wish)
        self.stdout.write(f"\n{wish.strategy}, {wish.days} days, seed {wish.seed}")
        for line in outcome.lines:
            self.stdout.write(line)
        return outcome


def _either(name: str) -> str:
    return f"{LIVED[name]:g}, or {COMPARED[name]:g} with --compare"


def _rhythm(log: Path | None) -> Rhythm:
    try:
        return learn(log) if log else built_in()
    except (NotALog, OSError) as error:
        raise CommandError(f"Cannot learn from {log}: {error}") from error
