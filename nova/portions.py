"""Long work in the background, a portion at a time. Killed at any point, the next one goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from nova.events import nudge
from nova.events.turns import turn
from nova.tenancy.fence import inside
from nova.tenancy.models import TenantOwned
from nova.tenancy.rounds import for_each_tenant

# How often a portion may be begun before it is given up: one that kills its worker is, too.
MOST_ATTEMPTS = 5
STALLED = timedelta(seconds=10)
Clock = Callable[[], datetime]


class Job(TenantOwned):
    """What is done in portions, each of which is one transaction with how far it is by then.

    So whoever goes on repeats nothing. `moved_at` is when it last moved, `attempts` how often the
    present portion was begun.
    """

    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


AnyJob = TypeVar("AnyJob", bound=Job)


class Halt(Exception):
    """Raised in a portion that no other attempt would bring further. The message says why."""


@dataclass(frozen=True, kw_only=True)
class Work(Generic[AnyJob]):
    """One kind of such work.

    `task` is what does it for a tenant. `at_work` keeps the jobs that are not over. `do` is given
    a job that is held, does one portion of it and saves it; `stop` notes that one goes no further.
    """

    task: str
    size: int
    at_work: Callable[[], QuerySet[AnyJob]]
    do: Callable[[AnyJob, datetime, int], None]
    stop: Callable[[AnyJob, str, datetime], None]

    def go_on(self, job: AnyJob) -> None:
        """Let a worker take it up once the present transaction is committed."""
        transaction.on_commit(partial(nudge.wake, self.task, job.tenant_id), robust=True)

    def run(self, tenant_id: int, clock: Clock) -> None:
        """Do portions until the turn is over. The body of the task, which comes by a nudge."""
        nudge.begin(self.task, tenant_id)
        is_over = turn()
        while not is_over():
            if self.advance(tenant_id, now=clock()) is None:
                return
        nudge.wake(self.task, tenant_id)

    def wake_stalled(self, clock: Clock) -> None:
        """From beat, every few seconds: go on with what a worker left when it died."""

        @for_each_tenant
        def wake(tenant_id: int) -> None:
            with inside(tenant_id):
                stalled = self.has_stalled(now=clock())
            if stalled:
                nudge.wake(self.task, tenant_id)

        wake()

    def has_stalled(self, *, now: datetime) -> bool:
        """Say whether one is at work that nobody has moved for a while. Call inside a fence."""
        return self.at_work().filter(moved_at__lt=now - STALLED).exists()

    def advance(self, tenant_id: int, *, now: datetime, size: int | None = None) -> AnyJob | None:
        """Do one portion of a tenant's oldest job; None when there is none to do.

        One that another worker has in its hands is waited for by nobody. The portion is one
        transaction, and before it, in one of its own, the attempt is counted. Call it outside of
        any.
        """
        with inside(tenant_id):
            found = self._claim(now)
        if found is None:
            return None
        try:
            with inside(tenant_id):
                return self._portion(found, now, size or self.size)
        except Halt as halt:
            with inside(tenant_id):
                for job in self._free().filter(pk=found):
                    self.stop(job, str(halt), now)
            return None

    def _portion(self, pk: int, now: datetime, size: int) -> AnyJob | None:
        job = self._free().filter(pk=pk).first()
        if job is not None:
            job.moved_at, job.attempts = now, 0
            self.do(job, now, size)
        return job

    def _claim(self, now: datetime) -> int | None:
        """Count an attempt, and return whose; give up what was attempted too often.

        Of a tenant only the oldest is at work: they are done in the order in which they came.
        """
        oldest = self.at_work().order_by("pk").values("pk")[:1]
        job = self._free().filter(pk=oldest).first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            told = _("One portion was begun %(count)s times and never came to its end.")
            self.stop(job, told % {"count": MOST_ATTEMPTS}, now)
            return None
        self.at_work().filter(pk=job.pk).update(attempts=F("attempts") + 1)
        return job.pk

    def _free(self) -> QuerySet[AnyJob]:
        return self.at_work().select_for_update(of=("self",), skip_locked=True)


def fail(job: Any, _why: str, now: datetime) -> None:
    """Note that a job has stopped, where its `status` says all that there is to say."""
    job.status, job.ended_at = "failed", now
    job.save(update_fields=["status", "ended_at"])
