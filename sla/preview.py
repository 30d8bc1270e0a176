"""The clock calculator: what clocks a calendar, a policy and some events make. Pure.

In and out as JSON, for `POST /api/support/sla/preview`. Nothing is read, nothing is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from nova.hours import HORIZON, WorkingHours
from sla.calendars import Findings, read_hours
from sla.explain import explain
from sla.ledger import Cycle, Cycles, Entry, Kind, ReopenMode, State, SwitchMode, Terms
from sla.rules import THRESHOLDS, Standing, record, standing, step_at
from sla.words import Say

MAX_EVENTS = 1_000
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MINUTE = 60
LOCAL_FORM = "%a %Y-%m-%d %H:%M %Z"
KINDS: dict[str, Kind | None] = {
    "start": Kind.STARTED,
    "pause": Kind.PAUSED,
    "resume": Kind.RESUMED,
    "stop": Kind.STOPPED,
    "cancel": Kind.CANCELLED,
    "reopen": Kind.REOPENED,
    "target_change": Kind.POLICY_SWITCHED,
    "calendar_change": Kind.POLICY_SWITCHED,
    "reassign": None,  # who works on it never touches the clock that a customer sees
}


@dataclass(frozen=True)
class _Policy:
    terms: Terms
    reopen: ReopenMode = ReopenMode.CONTINUE
    target_change: SwitchMode = SwitchMode.RETROACTIVE


@dataclass(frozen=True)
class _Event:
    at: datetime
    kind: Kind | None
    target: tuple[int, int] | None = None
    hours: WorkingHours | None = None

    def revise(self, terms: Terms) -> Terms:
        """Return the terms in force after this event."""
        target, grain = self.target or (terms.target_seconds, terms.grain_seconds)
        return Terms(target, self.hours or terms.hours, grain)


@dataclass(frozen=True)
class Calculation:
    """The cycles of an asked clock at an instant; `zone` is that of the calendar it began with."""

    cycles: Cycles
    as_of: datetime
    zone: ZoneInfo


def preview(payload: object, say: Say = str) -> dict[str, list[dict[str, Any]]]:
    """Answer {"clocks": [...]}: one clock for each cycle, its sum in words translated by `say`.

    Raises `Malformed`, which names every place of `payload` that cannot be read.
    """
    asked = calculate(payload)
    return {"clocks": [_clock(cycle, asked.as_of, asked.zone, say) for cycle in asked.cycles]}


def calculate(payload: object) -> Calculation:
    """Measure {"calendar", "policy", "events", "as_of"}; later events than `as_of` are left out.

    Raises `Malformed`, which names every place that cannot be read.
    """
    findings = Findings()
    form = findings.mapping(payload, "payload")
    findings.settle()
    policy = _policy(form, findings)
    as_of = _instant(form.get("as_of"), "as_of", findings)
    events = [
        _event(item, f"events[{index}]", findings)
        for index, item in enumerate(findings.items(form.get("events"), "events", MAX_EVENTS))
    ]
    findings.settle()
    cycles = _replayed(policy, [event for event in events if event.at <= as_of])
    return Calculation(cycles, as_of, policy.terms.hours.zone)


def _replayed(policy: _Policy, events: Sequence[_Event]) -> Cycles:
    """Live through `events` as the services would, so that breaches lifted later are told."""
    cycles: Cycles = ()
    terms = policy.terms
    modes = {Kind.POLICY_SWITCHED: policy.target_change, Kind.REOPENED: policy.reopen}
    for event in sorted(events, key=lambda event: event.at):
        terms = event.revise(terms)
        if event.kind is not None:
            entry = Entry(event.at, event.kind, terms, modes.get(event.kind, ""))
            change = record(cycles[-1] if cycles else None, entry)
            cycles = (*cycles[:-1], *change.cycles)
    return cycles


def _policy(form: dict[str, Any], findings: Findings) -> _Policy:
    hours = read_hours(form.get("calendar"), "calendar", findings)
    policy = findings.mapping(form.get("policy"), "policy")
    known = {"name", "target_min", "target_sec", "reopen", "target_change"}
    findings.unknown_keys(policy, known, "policy")
    target, grain = _target(policy, "policy", findings)
    reopen = policy.get("reopen", ReopenMode.CONTINUE)
    target_change = policy.get("target_change", SwitchMode.RETROACTIVE)
    _one_of(reopen, list(ReopenMode), "policy.reopen", findings)
    _one_of(target_change, list(SwitchMode), "policy.target_change", findings)
    return _Policy(Terms(target, hours, grain), reopen, target_change)


def _target(form: dict[str, Any], where: str, findings: Findings) -> tuple[int, int]:
    """Read a target in seconds, and the grain in which its shares are dated."""
    if ("target_min" in form) == ("target_sec" in form):
        findings.add(f"{where}.target_min", "give either target_min or target_sec.")
        return MINUTE, MINUTE
    key, grain = ("target_min", MINUTE) if "target_min" in form else ("target_sec", 1)
    target = form[key]
    is_whole = isinstance(target, int) and not isinstance(target, bool)
    if not is_whole or not 0 < target * grain <= HORIZON:
        findings.add(f"{where}.{key}", "must be a whole number above zero, of 100 years at most.")
        return MINUTE, MINUTE
    return target * grain, grain


def _one_of(value: object, known: list[Any], where: str, findings: Findings) -> None:
    if value not in known:
        findings.add(where, f"{value!r} is not one of {', '.join(map(str, known))}.")


def _instant(value: object, where: str, findings: Findings) -> datetime:
    try:
        at = datetime.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        at = datetime.min  # noqa: DTZ901 - naive, and so refused below
    if at.tzinfo is None or not EARLIEST <= at < LATEST:
        what = "is not an instant with its offset, such as 2026-03-03T15:00:00Z, before 2200."
        findings.add(where, f"{value!r} {what}")
        return EARLIEST
    return at.astimezone(UTC)


def _event(value: object, where: str, findings: Findings) -> _Event:
    form = findings.mapping(value, where)
    of_type = form.get("type")
    _one_of(of_type, [*KINDS], f"{where}.type", findings)
    at = _instant(form.get("at"), f"{where}.at", findings)
    target = _target(form, where, findings) if of_type == "target_change" else None
    is_calendar = of_type == "calendar_change"
    hours = (
        read_hours(form.get("calendar"), f"{where}.calendar", findings) if is_calendar else None
    )
    return _Event(at, KINDS.get(str(of_type)), target, hours)


def _clock(cycle: Cycle, as_of: datetime, zone: ZoneInfo, say: Say) -> dict[str, Any]:
    stand = standing(cycle, as_of)
    clock = {
        "state": stand.state.value,
        "start_at": _written(stand.start_at),
        "target_min": _minutes(stand.target_seconds),
        "target_seconds": stand.target_seconds,
        "elapsed_min": _minutes(stand.elapsed_seconds),
        "elapsed_seconds": stand.elapsed_seconds,
        "explanation": [line.text for line in explain(cycle, as_of, zone, say)],
    }
    if stand.stop_at:
        clock["stop_at"] = _written(stand.stop_at)
    return clock if stand.state == State.CANCELLED else clock | _verdict(cycle, stand, zone)


def _verdict(cycle: Cycle, stand: Standing, zone: ZoneInfo) -> dict[str, Any]:
    """Return what a cancelled clock does not have: a due time and how it stands to it."""
    verdict: dict[str, Any] = {
        "remaining_min": _minutes(stand.remaining_seconds),
        "remaining_seconds": stand.remaining_seconds,
        "due_at": stand.due_at and _written(stand.due_at),
        "breached": stand.is_breached,
        "breach_at": stand.breach_at and _written(stand.breach_at),
    }
    if stand.due_at:
        verdict["due_local"] = f"{stand.due_at.astimezone(zone):{LOCAL_FORM}}"
    if stand.due_at and stand.state == State.RUNNING:
        dated = {step.key: step_at(cycle, step) for step in THRESHOLDS}
        verdict["threshold_at"] = {key: _written(at) for key, at in dated.items() if at}
    return verdict


def _minutes(seconds: int) -> float:
    """Return whole minutes as they are, and a part of one as a decimal."""
    return seconds // MINUTE if seconds % MINUTE == 0 else round(seconds / MINUTE, 4)


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
