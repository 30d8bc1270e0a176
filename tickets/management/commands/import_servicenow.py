"""`bin/nova import_servicenow FILE`: bring ServiceNow's incident event log in."""

import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from nova.tenancy.models import Tenant
from tickets.importing.logfile import LogFile, NotALog
from tickets.importing.report import Report
from tickets.importing.servicenow import REQUIRED, SYSTEM
from tickets.management.progress import Progress
from tickets.models import ImportRun
from tickets.services.import_runs import Totals, begin_run, end_run, import_log

STOPPED = 130
AGAIN = "What was imported so far is kept. The same command again goes on from here."


class Command(BaseCommand):
    help = (
        "Import ServiceNow's incident event log (CSV, plain or gzipped): one ticket per incident."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", help="slug; by default the oldest tenant")
        parser.add_argument("--batch", type=int, default=200, help="incidents per transaction")
        parser.add_argument("--report", type=Path, help="where to write what could not be read")

    def handle(self, *args: Any, file: Path, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("--batch must be 1 or more.")
        tenant = _tenant(options["tenant"])
        now = timezone.now()
        where = options["report"] or settings.HOME / "imports" / f"{now:%Y%m%d-%H%M%S}.csv"
        self.stdout.write(f"{file.name} for {tenant.name} ({tenant.slug})")
        try:
            with LogFile(file, REQUIRED) as log, Report(where) as report:
                run = begin_run(tenant, system=SYSTEM, file_name=file.name, now=now)
                self._import(log, run, report, batch)
        except (FileNotFoundError, IsADirectoryError, PermissionError, NotALog) as error:
            raise CommandError(f"{file}: {error}") from error
        except OperationalError as error:
            raise CommandError(f"{error}\n{AGAIN}") from error

    def _import(self, log: LogFile, run: ImportRun, report: Report, size: int) -> None:
        totals, is_whole = Totals(), True
        progress = Progress(self.stdout, time.monotonic())
        with _stop_on_signal() as stop:
            for totals, problems in import_log(log, run, size=size, now=run.started_at):
                report.add(problems)
                progress.show(totals, log.share_read, time.monotonic())
                if stop:
                    is_whole = False
                    break
        progress.end(totals, time.monotonic())
        self._tell(totals, report)
        if not is_whole:
            self.stdout.write(f"Stopped. {AGAIN}")
            sys.exit(STOPPED)
        end_run(run, totals, now=timezone.now())

    def _tell(self, totals: Totals, report: Report) -> None:
        self.stdout.write(
            f"Events: {totals.read:,} read = {totals.applied:,} applied"
            f" + {totals.known:,} here before + {totals.refused:,} refused."
        )
        if not totals.adds_up:
            raise CommandError("These do not add up. Please report this, with the file.")
        self.stdout.write(
            f"Tickets: {totals.tickets_new:,} new, {totals.tickets_grown:,} with later events."
        )
        self.stdout.write(f"Report: {report.path}, {report.counts.total():,} lines")
        for problem, count in report.counts.most_common():
            self.stdout.write(f"{count:>9,}  {problem}")


def _tenant(slug: str | None) -> Tenant:
    tenants = Tenant.objects.filter(slug=slug) if slug else Tenant.objects.order_by("pk")
    found = tenants.first()
    if found is None:
        known = ", ".join(Tenant.objects.order_by("pk").values_list("slug", flat=True))
        raise CommandError(f"No such tenant. There are: {known or 'none yet'}.")
    return found


@contextmanager
def _stop_on_signal() -> Iterator[list[int]]:
    """Collect a first Ctrl-C or SIGTERM, to stop after the batch; a second one interrupts it."""
    caught: list[int] = []

    def catch(number: int, frame: object) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)

    before = {number: signal.signal(number, catch) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
