"""`bin/nova simulate`: days of a made-up desk in a minute, examined to the last clock."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nova.demo.simulation.rhythm import Rhythm, built_in, learn
from nova.demo.simulation.services import SLUG, Wish, simulate
from nova.demo.simulation.strategies import STRATEGIES
from nova.tenancy.models import Tenant
from tickets.importing.logfile import NotALog

QUICK = {"days": 1, "per_day": 30.0}


class Command(BaseCommand):
    help = "Simulate days of a desk, and fail where a clock is wrong. Leaves nothing behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--days", type=int, default=3)
        add("--seed", type=int, default=1, help="the same seed, the same desk")
        add("--arrivals-per-day", type=float, default=100.0)
        add("--vip-share", type=float, default=0.05, help="of the tickets")
        add("--technicians", type=int, default=10)
        add("--strategy", default="least_loaded", help=f"of {', '.join(STRATEGIES)}; several: a,b")
        add("--log", type=Path, help="learn the rhythm from a ServiceNow incident event log")
        add("--quick", action="store_true", help="one day of 30 tickets")
        add("--keep", action="store_true", help=f"keep it as tenant {SLUG}")

    def handle(self, *args: Any, quick: bool, strategy: str, **options: Any) -> None:
        names = strategy.split(",")
        if unknown := set(names) - set(STRATEGIES):
            raise CommandError(f"Not a strategy: {', '.join(sorted(unknown))}.")
        if options["keep"] and len(names) > 1:
            raise CommandError("Only one strategy can be kept.")
        if Tenant.objects.filter(slug=SLUG).exists():
            raise CommandError(f"The tenant {SLUG} is there already; it was kept.")
        wish = {
            "rhythm": _rhythm(options["log"]),
            "days": options["days"],
            "per_day": options["arrivals_per_day"],
            **{key: options[key] for key in ("seed", "vip_share", "technicians", "keep")},
            **(QUICK if quick else {}),
        }
        shown = [self._shown(Wish(**wish, strategy=name)) for name in names]
        if not all(shown):
            sys.exit(1)

    def _shown(self, wish: Wish) -> bool:
        """Simulate, show it, and return whether every invariant holds."""
        outcome = simulate(wish)
        self.stdout.write(f"\n{wish.strategy}, {wish.days} days, seed {wish.seed}")
        for line in outcome.lines:
            self.stdout.write(line)
        return not outcome.broken


def _rhythm(log: Path | None) -> Rhythm:
    try:
        return learn(log) if log else built_in()
    except (NotALog, OSError) as error:
        raise CommandError(f"Cannot learn from {log}: {error}") from error
