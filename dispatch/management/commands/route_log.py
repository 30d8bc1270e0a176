"""`bin/nova route_log FILE`: how well teams are named on a real log."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispatch.routing import trial
from dispatch.routing.cases import Case
from dispatch.routing.learning import CannotLearn, learn
from dispatch.routing.log import cases_of
from dispatch.routing.trial import Scores
from tickets.importing.logfile import LogFile, NotALog
from tickets.importing.servicenow import REQUIRED

FEWEST = 50
PRECISIONS = (0.8, 0.9)


class Command(BaseCommand):
    help = (
        "Learn from the earlier part of ServiceNow's incident event log which team settles what, "
        "name the teams of the later part, and print how well, beside those who routed it and "
        "simple ways. Stores nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", help="parts of one log, in order")
        parser.add_argument("--share", type=float, default=0.8, help="of incidents to learn from")

    def handle(self, *args: Any, files: list[Path], share: float, **options: Any) -> None:
        cases = _read(files)
        if len(cases) < FEWEST or not 0 < share < 1:
            raise CommandError(f"{FEWEST} incidents are needed, and a share between 0 and 1.")
        early, late = trial.split(cases, share)
        self.stdout.write(
            f"{len(cases):,} incidents that a team settled. Learned from: {len(early):,} opened "
            f"and known before {_day(late[0])}. Judged: the {len(late):,} opened from then on."
        )
        try:
            router = learn(early)
        except CannotLearn as error:
            raise CommandError(str(error)) from error
        self._tell_scores(
            [
                trial.scores_of("model", lambda case: router.ranked(case.facts), late),
                trial.humans(late),
                trial.scores_of("lookup", trial.lookup(early), late),
                trial.scores_of("majority", trial.majority(early), late),
            ]
        )
        for gate in trial.gates(router, late, PRECISIONS):
            done = trial.saved(router, gate.confidence, late)
            self.stdout.write(
                f"From a confidence of {gate.confidence:.2f} on {gate.precision:.0%} are right, "
                f"and {gate.coverage:.1%} are named: it rights {done.righted:,}, wrongs "
                f"{done.wronged:,}, and saves {done.moves:,} of {done.all_moves:,} reassignments."
            )

    def _tell_scores(self, rows: list[Scores]) -> None:
        self.stdout.write(f"{'':10}{'top 1':>8}{'top 3':>8}{'top 5':>8}")
        for row in rows:
            told = [
                f"{share:8.1%}" if share is not None else ""
                for share in (row.top1, row.top3, row.top5)
            ]
            self.stdout.write(f"{row.who:10}{''.join(told)}")


def _read(files: list[Path]) -> list[Case]:
    items: list[Any] = []
    for path in files:
        try:
            with LogFile(path, (*REQUIRED, "assignment_group")) as log:
                items.extend(log)
        except (OSError, NotALog) as error:
            raise CommandError(f"{path}: {error}") from error
    return cases_of(items)


def _day(case: Case) -> str:
    return datetime.fromtimestamp(case.opened_at, UTC).strftime("%Y-%m-%d %H:%M")
