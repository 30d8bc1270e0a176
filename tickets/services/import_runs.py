"""Run an import from its first batch to its last. What is committed stays, however it ends."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from nova.tenancy.fence import inside
from nova.tenancy.models import Tenant
from tickets.importing.batches import Batch, batches
from tickets.importing.entries import Reading
from tickets.importing.logfile import LogFile
from tickets.importing.rows import Problem
from tickets.models import ImportRun
from tickets.services.directory import Directory
from tickets.services.importing import Outcome, import_incidents


@dataclass(slots=True)
class Totals:
    """Events counted as they were read, and by what became of them."""

    read: int = 0
    applied: int = 0
    known: int = 0
    refused: int = 0
    incidents: int = 0
    tickets_new: int = 0
    tickets_grown: int = 0

    def add(self, batch: Batch, outcome: Outcome) -> None:
        problems = [*batch.problems, *outcome.problems]
        self.read += batch.read
        self.applied += outcome.rows_applied
        self.known += outcome.rows_known
        self.refused += sum(problem.is_refusal for problem in problems)
        self.incidents += len(batch.incidents)
        self.tickets_new += outcome.tickets_new
        self.tickets_grown += outcome.tickets_grown

    @property
    def adds_up(self) -> bool:
        return self.read == self.applied + self.known + self.refused


def begin_run(tenant: Tenant, *, system: str, file_name: str, now: datetime) -> ImportRun:
    """Note that a file is about to be imported."""
    with inside(tenant.pk):
        return ImportRun.objects.create(
            tenant=tenant, system=system, file_name=file_name[:250], started_at=now
        )


def import_log(
    log: LogFile, run: ImportRun, *, size: int, now: datetime
) -> Iterator[tuple[Totals, list[Problem]]]:
    """Import a log, `size` incidents in one transaction; yield after each what there is to tell.

    Stopping between two batches, or in one, leaves nothing half done: a later run finds what is
    here and goes on. Call it outside of any transaction.
    """
    with inside(run.tenant_id):
        directory = Directory(run.tenant, run.system)
    reading = Reading(frozenset(log.columns), now)
    totals = Totals()
    for batch in batches(log, size):
        with inside(run.tenant_id):
            outcome = import_incidents(
                batch.incidents, run=run, reading=reading, directory=directory, now=now
            )
        totals.add(batch, outcome)
        yield totals, [*batch.problems, *outcome.problems]


def end_run(run: ImportRun, totals: Totals, *, now: datetime) -> None:
    """Note that a run came to its end, and with what."""
    with inside(run.tenant_id):
        run.totals, run.ended_at = asdict(totals), now
        run.save(update_fields=["totals", "ended_at"])
