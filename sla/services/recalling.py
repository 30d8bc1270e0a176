"""Read tickets as cases that prediction knows: what was stated, what happened, what came of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from nova.events.models import EventRecord
from nova.hours import epoch_seconds, instant_at
from sla.choices import ClockState, Metric
from sla.models import Clock, hours_by
from sla.prediction.cases import Case, Look, Moment
from sla.prediction.foresight import Standing
from tickets.models import StageVisit, Ticket

ASSIGNED = "tickets.TicketAssigned"
FACTS = {
    "priority": "priority",
    "impact": "impact",
    "urgency": "urgency",
    "kind": "kind",
    "type": "type",
    "module": "module",
    "source": "source",
    "category": "category_id",
    "subcategory": "subcategory_id",
    "service": "service_id",
    "department": "department_id",
    "site": "site_id",
    "requester": "requester_id",
    "submitted_by": "submitted_by_id",
}
STATED = ("id", *FACTS.values(), "team_id", "assignee_id", "opened_at", "resolved_at", "status")
CHECKPOINTS = (0.25, 0.5, 0.75, 0.9)
MOST_LOOKS = 8  # at changes of one case


class Timed(NamedTuple):
    """What counts of the latest resolution clock of a ticket."""

    ticket_id: int
    state: str
    target_seconds: int
    calendar_version_id: int
    pause_on: Sequence[str]
    started_at: datetime
    counted_seconds: int
    running_since: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recalled:
    """A ticket as a case, with its resolution clock where it has one."""

    ticket_id: int
    case: Case
    clock: Timed | None


def recall(ticket_ids: Sequence[int]) -> list[Recalled]:
    """Return tickets as cases, by four queries whatever their number."""
    visits, assigned = _visits(ticket_ids), _assignments(ticket_ids)
    clocks = _clocks(ticket_ids)
    found = Ticket.objects.filter(pk__in=ticket_ids).order_by("pk").values(*STATED)
    return [
        _recalled(row, visits[row["id"]], assigned[row["id"]], clocks.get(row["id"]))
        for row in found
    ]


def standing_of(clock: Timed, now: datetime) -> Standing:
    """Return how a live clock stands."""
    elapsed = clock.counted_seconds
    if clock.running_since is not None:
        elapsed += hours_by(clock.calendar_version_id).open_seconds(clock.running_since, now)
    target = max(1, clock.target_seconds)
    return Standing(
        look=Look(epoch_seconds(now), elapsed / target),
        target_seconds=target,
        remaining_seconds=target - elapsed,
        is_breached=clock.breached_at is not None or elapsed > target,
        due_in_seconds=_until(clock.due_at, now),
    )


def _until(due_at: datetime | None, now: datetime) -> int | None:
    return None if due_at is None else max(0, int((due_at - now).total_seconds()))


def with_looks(recalled: Recalled) -> Case:
    """Return a finished case with the instants at which it can be learned from.

    These are its changes, and shares of its target while it ran and was not yet overdue.
    """
    case, clock = recalled.case, recalled.clock
    if clock is None:
        return case
    hours = hours_by(clock.calendar_version_id)
    instants = [moment.at for moment in case.moments[:MOST_LOOKS]]
    for share in CHECKPOINTS:
        at = hours.advance(instant_at(case.opened_at), int(share * clock.target_seconds))
        instants += [epoch_seconds(at)] if at else []
    until = min(at for at in (case.known_at, case.resolved_at) if at is not None)
    looks = [
        Look(at, _share(case, clock, at)) for at in sorted(set(instants)) if at < max(until, 1)
    ]
    return replace(case, looks=tuple(looks))


def _share(case: Case, clock: Timed, at: int) -> float:
    """Return the share of the target that was used by then, without the stages that pause."""
    hours, used = hours_by(clock.calendar_version_id), 0
    ends = [*(moment.at for moment in case.moments[1:]), at]
    for moment, end in zip(case.moments, ends, strict=True):
        if moment.stage not in clock.pause_on and moment.at < at:
            used += hours.open_seconds(instant_at(moment.at), instant_at(min(end, at)))
    return used / max(1, clock.target_seconds)


def _recalled(
    row: dict[str, Any],
    visits: Sequence[tuple[int, str]],
    assigned: Sequence[tuple[int, dict[str, Any]]],
    clock: Timed | None,
) -> Recalled:
    opened_at = epoch_seconds(row["opened_at"])
    moments = _moments(row, opened_at, visits, assigned)
    resolved = row["resolved_at"]
    return Recalled(
        row["id"],
        Case(
            key=str(row["id"]),
            opened_at=opened_at,
            facts={name: _text(row[column]) for name, column in FACTS.items()},
            moments=moments,
            known_at=_known_at(clock),
            resolved_at=epoch_seconds(resolved) if resolved else None,
            is_breached=bool(clock and clock.breached_at),
            team=next((m.team for m in moments if m.team), ""),
            assignee=next((m.assignee for m in moments if m.assignee), ""),
        ),
        clock,
    )


def _known_at(clock: Timed | None) -> int | None:
    """Return when it was known whether the target was met: at its breach, or at its end."""
    if clock is None or clock.state == ClockState.CANCELLED:
        return None
    at = clock.breached_at or clock.ended_at
    return epoch_seconds(at) if at else None


def _moments(
    row: dict[str, Any],
    opened_at: int,
    visits: Sequence[tuple[int, str]],
    assigned: Sequence[tuple[int, dict[str, Any]]],
) -> tuple[Moment, ...]:
    """Return how the ticket stood from each change on, beginning with its opening.

    Whose it was at first is what the first change says was before it.
    """
    held = {name: _text(row[f"{name}_id"]) for name in ("team", "assignee")}
    for _at, changes in reversed(assigned):
        held |= {name: _id(changes[name][0]) for name in held if name in changes}
    steps: list[tuple[int, dict[str, str]]] = [(at, {"stage": stage}) for at, stage in visits]
    steps += [
        (at, {name: _id(changes[name][1]) for name in held if name in changes})
        for at, changes in assigned
    ]
    stands = {"stage": visits[0][1] if visits else row["status"], **held}
    moments = [Moment(opened_at, **stands)]
    for at, change in sorted(steps, key=lambda step: step[0]):
        before, stands = stands, {**stands, **change}
        if stands != before:
            moments.append(Moment(max(at, opened_at), **stands))
    return tuple(moments)


def _visits(ticket_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = StageVisit.objects.filter(ticket_id__in=ticket_ids).order_by("entered_at", "pk")
    for ticket_id, entered_at, status in rows.values_list("ticket_id", "entered_at", "status"):
        found[ticket_id].append((epoch_seconds(entered_at), status))
    return found


def _assignments(ticket_ids: Sequence[int]) -> dict[int, list[tuple[int, dict[str, Any]]]]:
    found: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    rows = EventRecord.objects.filter(
        subject="ticket", subject_id__in=ticket_ids, name=ASSIGNED
    ).order_by("pk")
    for ticket_id, at, payload in rows.values_list("subject_id", "occurred_at", "payload"):
        found[ticket_id or 0].append((epoch_seconds(at), payload["changes"]))
    return found


def _clocks(ticket_ids: Iterable[int]) -> dict[int, Timed]:
    rows = Clock.objects.filter(ticket_id__in=ticket_ids, metric=Metric.RESOLUTION)
    rows = rows.order_by("number")
    return {row[0]: Timed._make(row) for row in rows.values_list(*Timed._fields)}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _id(value: Any) -> str:
    return _text(value["id"]) if isinstance(value, dict) else _text(value)
