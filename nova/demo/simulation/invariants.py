"""What must hold of every clock after a simulation, whatever happened. Reads; writes nothing.

Each check yields a sentence for each place where it does not hold.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from nova.events.models import EventRecord
from sla.choices import Metric
from sla.explain import LineKind, explain
from sla.ledger import Cycle, Entry, Kind, fold
from sla.models import Clock, LedgerEntry
from sla.rules import standing
from sla.services.looking_back import ledgers_of
from tickets.choices import Status
from tickets.models import StageVisit

Key = tuple[int, str]  # ticket and metric
REST = (Status.RESOLVED, Status.CLOSED)
REMEASURED = (Kind.POLICY_SWITCHED, Kind.RECALCULATED)


@dataclass
class Evidence:
    """All that a tenant's clocks, ledgers and events say at `now`."""

    tenant_id: int
    now: datetime

    @cached_property
    def clocks(self) -> list[Clock]:
        return list(Clock.objects.filter(tenant_id=self.tenant_id).order_by("pk"))

    @cached_property
    def ledgers(self) -> dict[Key, list[Entry]]:
        tickets = sorted({clock.ticket_id for clock in self.clocks})
        return {key: entries for key, entries in ledgers_of(tickets).items() if entries}

    @cached_property
    def cycles(self) -> dict[tuple[int, str, int], Cycle]:
        """Return every cycle as its ledger alone makes it."""
        return {
            (*key, cycle.number): cycle
            for key, entries in self.ledgers.items()
            for cycle in fold(entries)
        }

    def cycle_of(self, clock: Clock) -> Cycle | None:
        return self.cycles.get((clock.ticket_id, clock.metric, clock.number))

    def told(self, name: str) -> list[Mapping[str, Any]]:
        records = EventRecord.objects.filter(tenant_id=self.tenant_id, name__startswith=name)
        return list(records.order_by("pk").values_list("payload", flat=True))


def broken(evidence: Evidence) -> Iterator[str]:
    """Yield what does not hold."""
    for check in CHECKS:
        yield from check(evidence)


def projections(evidence: Evidence) -> Iterator[str]:
    """Each clock says what its ledger does, and each cycle of a ledger has its clock."""
    for clock in evidence.clocks:
        cycle = evidence.cycle_of(clock)
        if cycle is None:
            yield f"{_name(clock)} has no cycle in its ledger."
            continue
        folded, kept = standing(cycle, evidence.now), standing(clock.cycle(), evidence.now)
        if folded != kept:
            yield f"{_name(clock)} says {kept}, its ledger {folded}."
        if (clock.due_at, clock.breached_at) != (folded.due_at, folded.breach_at):
            yield (
                f"{_name(clock)} is due {clock.due_at} and breached {clock.breached_at}, by its "
                f"ledger {folded.due_at} and {folded.breach_at}."
            )
    if len(evidence.clocks) != len(evidence.cycles):
        yield f"{len(evidence.clocks)} clocks, {len(evidence.cycles)} cycles in the ledgers."


def breaches(evidence: Evidence) -> Iterator[str]:
    """Each breach stands in the ledger once, and was announced once; none is lost."""
    written = Counter(
        (*key, entry.at)
        for key, entries in evidence.ledgers.items()
        for entry in entries
        if entry.kind == Kind.BREACHED
    )
    announced = Counter(
        (said["ticket_id"], said["metric"], datetime.fromisoformat(said["breached_at"]))
        for said in evidence.told("sla.ClockBreached")
    )
    yield from (
        f"The breach {breach} is written {n} times." for breach, n in written.items() if n > 1
    )
    for breach in written.keys() | announced.keys():
        if written[breach] != announced[breach]:
            times = f"written {written[breach]} and told {announced[breach]} times"
            yield f"The breach {breach} is {times}."
    for (ticket_id, metric, number), cycle in evidence.cycles.items():
        at = standing(cycle, evidence.now).breach_at
        if at and not written[ticket_id, metric, at]:
            yield f"The breach of {metric} {number} of ticket {ticket_id} at {at} is lost."


def steps(evidence: Evidence) -> Iterator[str]:
    """Each step of a cycle was told at most once; again only where it was measured anew."""
    anew = Counter(
        key
        for key, entries in evidence.ledgers.items()
        for entry in entries
        if entry.kind in REMEASURED
    )
    for name in ("sla.ClockWarned", "sla.ClockEscalated"):
        for said, times in Counter(map(_step, evidence.told(name))).items():
            fields = dict(said)
            if times > 1 + anew[int(fields["ticket_id"]), fields["metric"]]:
                yield f"{name} was told {times} times: {fields}."


def explanations(evidence: Evidence) -> Iterator[str]:
    """The last line that names a due time names the clock's."""
    for clock in evidence.clocks:
        cycle = evidence.cycle_of(clock)
        lines = explain(cycle, evidence.now) if cycle else ()
        due = [line.at for line in lines if line.kind == LineKind.DUE]
        is_said = clock.running_since or clock.breached_at
        if (due[-1] if due else None) != (clock.due_at if is_said else None):
            yield f"{_name(clock)} is due {clock.due_at}, its explanation says {due}."


def order(evidence: Evidence) -> Iterator[str]:
    """No ledger runs backwards; a breach may be dated back, but not ahead."""
    rows: dict[Key, list[LedgerEntry]] = defaultdict(list)
    for row in LedgerEntry.objects.filter(tenant_id=evidence.tenant_id).order_by("pk"):
        rows[row.ticket_id, row.metric].append(row)
    for key, entries in rows.items():
        verbs = [row.at for row in entries if row.kind != Kind.BREACHED]
        if any(later < earlier for earlier, later in pairwise(verbs)):
            yield f"The ledger of {key} runs backwards."
        if any(b.recorded_at < a.recorded_at for a, b in pairwise(entries)):
            yield f"The ledger of {key} was written backwards."
        if any(row.at > row.recorded_at for row in entries):
            yield f"The ledger of {key} knows the future."


def pauses(evidence: Evidence) -> Iterator[str]:
    """Time counts in the stages that do not pause, and in no others.

    The stages are asked, not the ledger. What was measured anew half-way is left out.
    """
    visits: dict[int, list[StageVisit]] = defaultdict(list)
    for visit in StageVisit.objects.filter(tenant_id=evidence.tenant_id).order_by("entered_at"):
        visits[visit.ticket_id].append(visit)
    for clock in evidence.clocks:
        entries = evidence.ledgers.get((clock.ticket_id, clock.metric), [])
        is_plain = clock.number == 1 and not any(entry.kind in REMEASURED for entry in entries)
        if clock.metric == Metric.RESOLUTION and is_plain:
            counted = _counted(clock, visits[clock.ticket_id], evidence.now)
            elapsed = standing(clock.cycle(), evidence.now).elapsed_seconds
            if counted != elapsed:
                yield f"{_name(clock)} counted {elapsed} s, its stages make {counted} s."


def _counted(clock: Clock, visits: list[StageVisit], now: datetime) -> int:
    hours, rest = clock.terms.hours, {*clock.pause_on, *REST}
    return sum(
        hours.open_seconds(visit.entered_at, visit.left_at or now)
        for visit in visits
        if visit.status not in rest
    )


def _step(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return which step of which cycle an event told of, whenever it was due."""
    return tuple((key, str(value)) for key, value in sorted(said.items()) if key[-3:] != "_at")


def _name(clock: Clock) -> str:
    return f"{clock.metric} {clock.number} of ticket {clock.ticket_id}"


CHECKS = (projections, breaches, steps, explanations, order, pauses)
