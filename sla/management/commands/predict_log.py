"""`bin/nova predict_log FILE`: how well breaches and resolutions are predicted on a real log."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sla.prediction.cases import Case
from sla.prediction.learning import TREES, CannotLearn
from sla.prediction.log import LOG, cases_of
from sla.prediction.trial import cut_of, day, lines_of, trials
from tickets.importing.logfile import LogFile, NotALog
from tickets.importing.servicenow import REQUIRED, instant

FEWEST = 50


class Command(BaseCommand):
    help = (
        "Learn from the earlier part of ServiceNow's incident event log, predict the later part, "
        "and print how well, beside baselines. Stores nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", help="parts of one log, in order")
        parser.add_argument("--share", type=float, default=0.8, help="of incidents to learn from")
        parser.add_argument("--cut", help="judge what is opened from then on: 2016-05-10 10:01")
        parser.add_argument("--until", help="leave out what is opened from then on")
        parser.add_argument(
            "--trees", type=int, default=TREES, help=f"of a forest, by default {TREES}"
        )
        parser.add_argument("--as-of", action="store_true", help="learn what was known at the cut")

    def handle(self, *args: Any, files: list[Path], share: float, **options: Any) -> None:
        cases = _read(files, _instant(options["until"]))
        if len(cases) < FEWEST or not 0 < share < 1:
            raise CommandError(f"{FEWEST} incidents are needed, and a share between 0 and 1.")
        cut = _instant(options["cut"]) or cut_of(cases, share)
        self._tell_split(cases, cut)
        as_of = cut if options["as_of"] else None
        try:
            found = trials(cases, LOG, cut, as_of=as_of, trees=options["trees"])
            for trial in found:
                for line in lines_of(trial):
                    self.stdout.write(line)
        except CannotLearn as error:
            raise CommandError(str(error)) from error

    def _tell_split(self, cases: list[Case], cut: int) -> None:
        early = [case for case in cases if case.opened_at < cut]
        self.stdout.write(
            f"{len(cases):,} incidents, opened {day(min(c.opened_at for c in cases))} to "
            f"{day(max(c.opened_at for c in cases))} UTC.\n"
            f"Learned from: {len(early):,} opened before {day(cut)}. Judged: the "
            f"{len(cases) - len(early):,} opened from then on.\n"
            "Each row knows only what was resolved before its incident was opened. Late: what the "
            "last row says of made_sla."
        )


def _read(files: list[Path], until: int | None) -> list[Case]:
    items: list[Any] = []
    for path in files:
        try:
            with LogFile(path, (*REQUIRED, "made_sla")) as log:
                items.extend(log)
        except (OSError, NotALog) as error:
            raise CommandError(f"{path}: {error}") from error
    known = [case for case in cases_of(items) if case.known_at is not None]
    return [case for case in known if until is None or case.opened_at < until]


def _instant(text: str | None) -> int | None:
    if not text:
        return None
    found = instant(text if " " in text else f"{text} 00:00")
    if found is None:
        raise CommandError(f"{text} is no instant such as 2016-05-10 10:01.")
    return int(found.timestamp())
