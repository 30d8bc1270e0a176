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
from tickets.importing.servicenow import REQUIRED, instant

FEWEST = 50
PRECISIONS = (0.8, 0.9)
# What a desk could have known, and what figures that others published knew.
SPLITS = {True: "that were over by then", False: "opened before, whenever they were over"}


class Command(BaseCommand):
    help = (
        "Learn from the earlier part of ServiceNow's incident event log which team settles what, "
        "name the teams of the later part, and print how well, beside those who routed it and "
        "simple ways. Stores nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", help="parts of one log, in order")
        parser.add_argument("--share", type=float, default=0.8, help="of incidents to learn from")
        parser.add_argument("--until", help="leave out what is opened from then on: 2016-06-01")

    def handle(self, *args: Any, files: list[Path], share: float, **options: Any) -> None:
        cases = _read(files, options["until"])
        if len(cases) < FEWEST or not 0 < share < 1:
            raise CommandError(f"{FEWEST} incidents are needed, and a share between 0 and 1.")
        cut = trial.cut_of(cases, share)
        self.stdout.write(
            f"{len(cases):,} incidents, opened {_day(cases[0].opened_at)} to "
            f"{_day(cases[-1].opened_at)} UTC. Judged: what a team settled of those opened from "
            f"{_day(cut)} on."
        )
        for as_of, words in SPLITS.items():
            early, late = trial.split(cases, cut, as_of=as_of)
            teams = len({case.settled_by for case in late})
            self.stdout.write(
                f"\nLearned from {len(early):,} incidents {words}; judged {len(late):,}, of "
                f"{teams} teams."
            )
            self._tell(early, late)

    def _tell(self, early: list[Case], late: list[Case]) -> None:
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
                f"{done.wronged:,}, and saves {done.moves:,} of {done.all_moves:,} reassignments "
                f"({done.moves / max(1, done.all_moves):.1%})."
            )

    def _tell_scores(self, rows: list[Scores]) -> None:
        self.stdout.write(f"{'':10}{'top 1':>8}{'top 3':>8}{'top 5':>8}")
        for row in rows:
            told = [
                f"{share:8.1%}" if share is not None else ""
                for share in (row.top1, row.top3, row.top5)
            ]
            self.stdout.write(f"{row.who:10}{''.join(told)}")


def _read(files: list[Path], until: str | None) -> list[Case]:
    items: list[Any] = []
    for path in files:
        try:
            with LogFile(path, (*REQUIRED, "assignment_group")) as log:
                items.extend(log)
        except (OSError, NotALog) as error:
            raise CommandError(f"{path}: {error}") from error
    cases, end = cases_of(items), _instant(until)
    return [case for case in cases if end is None or case.opened_at < end]


def _instant(text: str | None) -> int | None:
    found = instant(f"{text} 00:00") if text else None
    if text and found is None:
        raise CommandError(f"{text} is no day such as 2016-06-01.")
    return int(found.timestamp()) if found else None


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
