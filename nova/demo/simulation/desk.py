"""The loop of events: who does what, and when, through the verbs of the product.

Acts wait in a heap by their instants. Between them the sweep runs exactly when a clock wants it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random

from django.db.models import Min

from dispatch.balancing.facts import Held
from dispatch.balancing.words import why
from dispatch.engine.facts import Engineer
from nova.accounts.models import User
from nova.demo.simulation.staffing import Staff
from nova.demo.simulation.strategies import Strategy, Waiting, Worker, engineer_of, job_of
from nova.demo.simulation.work import (
    ANSWERED,
    AWAITING,
    BACK,
    BLOCKED,
    HANDLING,
    HOUR,
    LEVEL_WEIGHTS,
    LEVELS,
    MINUTE,
    REOPENED,
    SECOND,
    UNBLOCKED,
    spread,
)
from nova.events.consumers import consume
from sla import services as sla
from sla.models import Clock
from tickets import services as tickets
from tickets.choices import Level, Status
from tickets.intake import TicketDraft
from tickets.models import Ticket

RAISED = 0.03  # of tickets, while they are worked on
CONSUMED_EVERY = 15 * MINUTE
LIFTED_EVERY = HOUR
TIDIED_EVERY = 15 * MINUTE
Act = Callable[[datetime], None]


@dataclass
class Job:
    """A ticket while it is simulated."""

    waiting: Waiting
    requester: User
    worker: Worker | None = None
    taken_at: datetime | None = None
    is_begun: bool = False
    is_paused: bool = False
    given_at: datetime | None = None
    touched_at: datetime | None = None
    from_number: int | None = None

    def held(self, now: datetime) -> Held:
        """Return it as the balancer sees it. Whoever is at it touches it all the time."""
        is_worked_on = self.is_begun and not self.is_paused
        return Held(
            job=job_of(self.waiting),
            holder=self.worker.number if self.worker else None,
            given_at=self.given_at,
            touched_at=now if is_worked_on else self.touched_at,
            moved_at=self.given_at,
            from_pk=self.from_number,
            is_acknowledged=self.touched_at is not None,
            is_begun=is_worked_on,
            is_paused=self.is_paused,
        )


class Desk:
    """A desk that lives from `began` until `ends`."""

    def __init__(
        self, staff: Staff, strategy: Strategy, dice: Random, began: datetime, ends: datetime
    ) -> None:
        self.staff, self.strategy, self.dice = staff, strategy, dice
        self.began, self.ends = began, ends
        self.jobs: dict[int, Job] = {}
        self.unassigned: list[Job] = []
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self.sweeps = self.moves = 0

    @property
    def open(self) -> int:
        """Return how many tickets are not solved."""
        return sum(len(worker.load) for worker in self.staff.workers) + len(self.unassigned)

    def live(self, arrivals: Iterable[tuple[datetime, bool]]) -> None:
        """Let tickets arrive (when, and whether for a VIP), and play until the end."""
        for at, is_for_vip in arrivals:
            self._at(at, partial(self._open, is_for_vip=is_for_vip))
        self._every(HOUR, self._dispatch)
        self._every(TIDIED_EVERY, self._tidy)
        self._every(LIFTED_EVERY, self._lift)
        self._every(CONSUMED_EVERY, self._consume)
        while self._step():
            pass
        self._sweep(self.ends)
        self._consume(self.ends)

    def _step(self) -> bool:
        """Do what comes next: an act, or before it the sweep that a clock waits for."""
        act_at = self._acts[0][0] if self._acts else self.ends
        sweep_at = self._next_sweep()
        if sweep_at and sweep_at <= min(act_at, self.ends):
            self._sweep(sweep_at)
            return True
        if act_at >= self.ends:
            return False
        at, _, act = heappop(self._acts)
        act(at)
        return True

    def _at(self, at: datetime, act: Act) -> None:
        heappush(self._acts, (at.replace(microsecond=0), next(self._order), act))

    def _every(self, gap: timedelta, act: Act) -> None:
        at = self.began + gap
        while at < self.ends:
            self._at(at, act)
            at += gap

    def _next_sweep(self) -> datetime | None:
        """Return the first second in which a clock wants to be swept: it acts on what is past."""
        clocks = Clock.objects.filter(tenant=self.staff.tenant)
        next_at = clocks.aggregate(at=Min("next_action_at"))["at"]
        return next_at + SECOND if next_at else None

    def _sweep(self, now: datetime) -> None:
        sla.sweep(self.staff.tenant.pk, actor=self.staff.nova, now=now)
        self.sweeps += 1

    def _consume(self, now: datetime) -> None:
        consume(self.staff.tenant.pk, now=now)

    def _lift(self, now: datetime) -> None:
        tickets.lift_waiting(self.staff.tenant.pk, actor=self.staff.nova, now=now)

    def _open(self, now: datetime, *, is_for_vip: bool) -> None:
        dice = self.dice
        requester = dice.choice(self.staff.vips if is_for_vip else self.staff.requesters)
        impact, urgency = dice.choices(LEVELS, LEVEL_WEIGHTS, k=2)
        draft = TicketDraft(
            requester=requester,
            submitted_by=requester,
            title="Something does not work",
            opened_at=now,
            impact=impact,
            urgency=urgency,
            team_id=self.staff.team.pk,
        )
        opened = tickets.open_ticket(draft, actor=requester, now=now)
        waiting = Waiting(opened.pk, opened.priority, is_for_vip, now)
        self.jobs[opened.pk] = job = Job(waiting, requester)
        self.unassigned.append(job)
        self._dispatch(now)

    def _dispatch(self, now: datetime) -> None:
        """Assign what nobody has, where somebody is present; let whoever is idle begin."""
        present = self._present(now)
        for job in sorted(self.unassigned, key=_urgency) if present else ():
            engineers = self._engineers(present, now)
            number = self.strategy.choose(engineers, job.waiting, now)
            if number is not None:
                self._assign(job, self.staff.workers[number], now)
        for worker in present:
            self._begin_next(worker, now)

    def _tidy(self, now: datetime) -> None:
        """Move what the strategy wants to be had by others."""
        open_ = [self.jobs[pk] for worker in self.staff.workers for pk in worker.load]
        held = [job.held(now) for job in sorted([*self.unassigned, *open_], key=_urgency)]
        engineers = self._engineers(self.staff.workers, now)
        for move in self.strategy.moves(engineers, held, now):
            worker = None if move.target is None else self.staff.workers[move.target]
            self._assign(self.jobs[move.ticket], worker, now, why(move))
            self.moves += move.source is not None
            if worker:
                self._begin_next(worker, now)

    def _present(self, now: datetime) -> list[Worker]:
        day = (now - self.began).days
        return [worker for worker in self.staff.workers if worker.is_present(now, day)]

    def _engineers(self, workers: Sequence[Worker], now: datetime) -> list[Engineer]:
        day = (now - self.began).days
        return [engineer_of(worker, worker.presence(now, day)) for worker in workers]

    def _assign(self, job: Job, worker: Worker | None, now: datetime, reason: str = "") -> None:
        """Let somebody have it, or (None) nobody, and whoever had it no more."""
        pk = job.waiting.ticket_id
        if job.worker:
            job.worker.load.discard(pk)
            job.from_number = job.worker.number
        else:
            self.unassigned.remove(job)
        job.worker, job.given_at, job.touched_at = worker, now, None
        if worker:
            worker.load.add(pk)
        else:
            self.unassigned.append(job)
        chosen = {"assignee": self.staff.people[worker.person_id] if worker else None}
        tickets.assign_ticket(pk, chosen, actor=self.staff.lead, now=now, reason=reason)

    def _begin_next(self, worker: Worker, now: datetime) -> None:
        """Take up what stands first in the worker's queue, unless they are at something."""
        ready = [pk for pk in worker.load if not self.jobs[pk].is_begun]
        if worker.is_busy or not ready or worker not in self._present(now):
            return
        queue = Ticket.objects.filter(pk__in=ready).order_by("-vip_priority_score", "queue_at")
        job = self.jobs[queue.values_list("pk", flat=True)[0]]
        job.is_begun = worker.is_busy = True
        job.taken_at, job.touched_at = job.taken_at or now, now
        self._move(job, Status.IN_PROGRESS, now)
        if self.dice.random() < RAISED:
            self._raise(job, now)
        work = self._work(job)
        worker.worked += work
        self._at(now + work, lambda at: self._go_on(job, worker, at))

    def _go_on(self, job: Job, worker: Worker, now: datetime) -> None:
        """Solve it, or find that somebody else must do something first."""
        worker.is_busy = False
        job.touched_at, job.is_paused = now, True
        if self.dice.random() < AWAITING:
            self._move(job, Status.AWAITING_CUSTOMER, now, reason="A question")
            self._at(now + self._spread(ANSWERED), lambda at: self._answer(job, at))
        elif self.dice.random() < BLOCKED:
            self._move(job, Status.AWAITING_DEPENDENCY, now, reason="A part")
            self._at(now + self._spread(UNBLOCKED), lambda at: self._ready(job, at))
        else:
            self._solve(job, worker, now)
            self._dispatch(now)
        self._begin_next(worker, now)

    def _solve(self, job: Job, worker: Worker, now: datetime) -> None:
        self._move(job, Status.RESOLVED, now)
        worker.load.discard(job.waiting.ticket_id)
        if self.dice.random() < REOPENED:
            self._at(now + self._spread(BACK), lambda at: self._come_back(job, worker, at))

    def _come_back(self, job: Job, worker: Worker, now: datetime) -> None:
        pk, who = job.waiting.ticket_id, job.requester
        tickets.move_ticket(pk, Status.REOPENED, actor=who, now=now, reason="It is back")
        worker.load.add(pk)
        self._ready(job, now)

    def _answer(self, job: Job, now: datetime) -> None:
        pk = job.waiting.ticket_id
        tickets.add_comment(pk, "It is so", actor=job.requester, now=now)
        self._ready(job, now)

    def _ready(self, job: Job, now: datetime) -> None:
        """Let it wait for its technician again."""
        job.is_begun = job.is_paused = False
        if job.worker:
            self._begin_next(job.worker, now)

    def _raise(self, job: Job, now: datetime) -> None:
        pk, changes = job.waiting.ticket_id, {"urgency": Level.HIGH}
        tickets.edit_ticket(pk, changes, actor=self.staff.lead, now=now)

    def _move(self, job: Job, to: Status, now: datetime, reason: str = "") -> None:
        pk = job.waiting.ticket_id
        if to == Status.IN_PROGRESS and Ticket.objects.filter(pk=pk, status=to).exists():
            return  # the requester's answer has moved it already
        worker = job.worker
        actor = self.staff.people[worker.person_id] if worker else self.staff.lead
        tickets.move_ticket(pk, to, actor=actor, now=now, reason=reason)

    def _work(self, job: Job) -> timedelta:
        return self._spread(HANDLING[job.waiting.priority])

    def _spread(self, usual: timedelta) -> timedelta:
        return spread(usual, self.dice)


def _urgency(job: Job) -> tuple[bool, int, datetime]:
    waiting = job.waiting
    return not waiting.is_for_vip, waiting.priority, waiting.opened_at
