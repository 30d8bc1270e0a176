"""Do recalculations, portion by portion."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from nova.accounts.models import User
from nova.events.bus import publish
from nova.portions import Work, fail
from nova.tenancy.rows import insert_rows, update_rows
from sla.choices import LineKind, Metric, RecalculationScope, RecalculationStatus
from sla.events import ClocksRecalculated
from sla.gathering import promised_to
from sla.ledger import LIVE, RecalculationMode, Terms
from sla.matching import Facts
from sla.models import CalendarVersion, Clock, Recalculation, RecalculationLine, hours_by
from sla.promises import OfferedPolicy, OfferedTarget, Promise, stated_targets
from sla.services.recounting import Asked, Recount, differs, line_of, recounts
from sla.services.writing import Writing, set_terms
from sla.weighing import weigh
from tickets.models import Ticket
from tickets.services.locking import hold_all

Status = RecalculationStatus
SAID = (
    *("kind", "before_due_at", "after_due_at", "before_breached_at", "after_breached_at"),
    *("before_seconds", "after_seconds", "before_policy_version_id", "after_policy_version_id"),
    *("before_calendar_version_id", "after_calendar_version_id", "before", "after"),
)
LINE = ("tenant_id", "recalculation_id", "clock_id", *SAID)
READ = ("tenant_id", "status", "opened_at", "deleted_at")


def _do(recalculation: Recalculation, now: datetime, size: int) -> None:
    is_preview = recalculation.status == Status.PREVIEWING
    (_preview if is_preview else _apply)(recalculation, now, size)
    recalculation.save()


def _preview(recalculation: Recalculation, now: datetime, size: int) -> None:
    """Look at the next clocks, and write a line for each that has other terms."""
    live = Clock.objects.live().filter(pk__gt=recalculation.cursor).order_by("pk")
    clocks = list(live[:size])
    tickets = Ticket.objects.filter(pk__in={clock.ticket_id for clock in clocks}).only(*READ)
    found = recounts(_asked(recalculation, clocks, tickets, now), now=now)
    owned = {"tenant_id": recalculation.tenant_id, "recalculation_id": recalculation.pk}
    insert_rows(RecalculationLine, LINE, [{**owned, **line_of(recount)} for recount in found])
    recalculation.looked_at += len(clocks)
    if clocks:
        recalculation.cursor = clocks[-1].pk
    if len(clocks) < size:
        recalculation.status, recalculation.ended_at = Status.PREVIEWED, now


def _apply(recalculation: Recalculation, now: datetime, size: int) -> None:
    """Do the next lines: what holds by now is done, and the line says what it was."""
    waiting = recalculation.lines.filter(pk__gt=recalculation.cursor).order_by("pk")
    lines = list(waiting.select_related("clock")[:size])
    tickets = hold_all({line.clock.ticket_id for line in lines})
    clocks = list(Clock.objects.filter(pk__in=[line.clock_id for line in lines]).order_by("pk"))
    if recalculation.undoes_id is None:
        asked, mode = _asked(recalculation, clocks, tickets, now), RecalculationMode.APPLIED
    else:
        others = _recalculated_since(recalculation.undoes_id, clocks)
        kept = [clock for clock in clocks if clock.pk not in others]
        asked, mode = _former(lines, kept, tickets), RecalculationMode.UNDONE
    done = recounts(asked, now=now, mode=mode)
    _tell_lines(lines, done, now)
    _write(recalculation, done, now)
    recalculation.applied += len(lines)
    if lines:
        recalculation.cursor = lines[-1].pk
    if len(lines) < size:
        _end(recalculation, now)


def _asked(
    recalculation: Recalculation,
    clocks: Sequence[Clock],
    tickets: Iterable[Ticket],
    now: datetime,
) -> list[Asked]:
    """Return the live clocks of its scope that have other terms than are promised."""
    by_id = {ticket.pk: ticket for ticket in tickets}
    opened_at = {pk: ticket.opened_at for pk, ticket in by_id.items()}
    targets = stated_targets(recalculation.tenant_id, recalculation.catalogue)
    live = [clock for clock in clocks if clock.state in LIVE]
    promised = promised_to(live, targets, opened_at, now=now)
    concerns = _Scope.of(recalculation).concerns
    return [
        Asked(clock, by_id[clock.ticket_id], promise)
        for clock in live
        for facts, promise in [promised[clock.pk]]
        if promise and differs(clock, promise) and concerns(clock, facts, promise)
    ]


class _Scope(NamedTuple):
    """Which clocks a recalculation is about."""

    scope: str
    policies: frozenset[int | None]
    versions: frozenset[int]

    @classmethod
    def of(cls, recalculation: Recalculation) -> "_Scope":
        versions = CalendarVersion.objects.filter(calendar=recalculation.calendar_id)
        is_needed = recalculation.scope == RecalculationScope.CALENDAR
        ids = versions.values_list("pk", flat=True) if is_needed else ()
        return cls(recalculation.scope, frozenset(recalculation.policy_ids), frozenset(ids))

    def concerns(self, clock: Clock, facts: Facts, promise: Promise) -> bool:
        """Say whether a clock comes from, or would come to, what was chosen."""
        target = promise.target
        if self.scope == RecalculationScope.POLICIES:
            return not self.policies.isdisjoint({clock.policy_id, target.policy.pk})
        if self.scope == RecalculationScope.CALENDAR:
            hours = {clock.calendar_version_id, target.calendar_version_id}
            return not self.versions.isdisjoint(hours)
        if self.scope == RecalculationScope.VIPS:
            return bool(facts.vip_level) or clock.policy_version_id is None
        return True


def _former(
    lines: Iterable[RecalculationLine], clocks: Iterable[Clock], tickets: Iterable[Ticket]
) -> list[Asked]:
    """Return the live clocks that still have the terms that they got, with their former ones."""
    by_id = {ticket.pk: ticket for ticket in tickets}
    by_clock = {line.clock_id: line for line in lines}
    return [
        Asked(clock, by_id[clock.ticket_id], _former_promise(by_clock[clock.pk], clock))
        for clock in clocks
        if clock.state in LIVE and _has_kept(clock, by_clock[clock.pk])
    ]


def _recalculated_since(former_id: int, clocks: Iterable[Clock]) -> set[int]:
    """Return the clocks that a later recalculation changed, unless that was undone first."""
    lines = RecalculationLine.objects.filter(
        recalculation__gt=former_id,
        recalculation__undoes=None,
        applied_at__isnull=False,
        clock__in=[clock.pk for clock in clocks],
    )
    standing = lines.exclude(recalculation__status=Status.UNDONE).exclude(kind=LineKind.LEFT_OUT)
    return set(standing.values_list("clock_id", flat=True))


def _has_kept(clock: Clock, line: RecalculationLine) -> bool:
    mine = (clock.target_seconds, clock.calendar_version_id, clock.policy_version_id)
    got = (
        line.before_seconds,
        line.before_calendar_version_id,
        line.before_policy_version_id,
    )
    return mine == got


def _former_promise(line: RecalculationLine, clock: Clock) -> Promise:
    former = line.after
    version_id = line.after_policy_version_id
    target = OfferedTarget(
        tenant_id=line.tenant_id,
        policy=OfferedPolicy(former["policy_id"], former["policy_name"], version_id),
        metric=Metric(clock.metric),
        seconds=line.after_seconds,
        calendar_version_id=line.after_calendar_version_id,
        pause_on=tuple(former["pause_on"]),
        reopen=former["reopen"],
        on_change="",
    )
    return Promise(target, Terms(target.seconds, hours_by(target.calendar_version_id)), None)


def _tell_lines(
    lines: Sequence[RecalculationLine], done: Sequence[Recount], now: datetime
) -> None:
    """Let each line say what was done, or that its clock had changed in between."""
    said = {recount.clock.pk: line_of(recount) for recount in done}
    rows = []
    for line in lines:
        kept = {name: getattr(line, name) for name in SAID} | {"kind": LineKind.LEFT_OUT}
        rows.append({"id": line.pk, "applied_at": now, **said.get(line.clock_id, kept)})
    update_rows(RecalculationLine, (*SAID, "applied_at"), rows)


def _write(recalculation: Recalculation, done: Sequence[Recount], now: datetime) -> None:
    """Bring clocks, ledger and tickets in step, and the queue's order with them."""
    actor = _actor(recalculation)
    reason = f"{recalculation}: {recalculation.reason}"
    writing = Writing(actor, now)
    for recount in done:
        set_terms(recount.clock, recount.promise)
        recount.clock.is_recalculated = True
        writing.put(recount.clock, recount.change, reason=reason)
    writing.write()
    weigh({recount.clock.ticket_id for recount in done}, actor=actor, now=now)


def _end(recalculation: Recalculation, now: datetime) -> None:
    """Note that the last line is done, and tell what all of them came to."""
    recalculation.status, recalculation.ended_at = Status.APPLIED, now
    former = recalculation.undoes
    if former is not None:
        former.status = Status.UNDONE
        former.save(update_fields=["status"])
    counts = recalculation.lines.counts()
    event = ClocksRecalculated(
        tenant_id=recalculation.tenant_id,
        recalculation_id=recalculation.pk,
        reason=recalculation.reason,
        looked_at=recalculation.looked_at,
        moved=counts["moved"],
        breached=counts[LineKind.BREACHED],
        healed=counts[LineKind.HEALED],
        left_out=counts[LineKind.LEFT_OUT],
        undoes=recalculation.undoes_id,
    )
    publish(event, actor=_actor(recalculation), now=now)


def _actor(recalculation: Recalculation) -> User:
    return recalculation.applier or recalculation.author


RECALCULATING = Work(
    task="sla.recalculate",
    size=500,
    at_work=Recalculation.objects.at_work,
    do=_do,
    stop=fail,
)
