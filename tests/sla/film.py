"""A third opinion on clocks, to the second: films the wall clock and counts open frames.

It shares no code and no idea with `sla`, which does arithmetic on spans: here each second of some
weeks is one byte, open or closed, found by reading the zone's wall clock minute by minute.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

Form = dict[str, Any]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES = 44 * 1440
BEFORE = timedelta(days=2)
SHARES = (50, 75, 90, 100)
OPEN, CLOSED = b"\x01", b"\x00"
DARK_DAY = CLOSED * 86_400


@lru_cache(maxsize=64)
def wall_clock(zone: str, first: datetime) -> list[tuple[int, int]]:
    """Return what the wall clock reads in each minute from `first`: its date, and the minute."""
    begin, tz = int(first.timestamp()), ZoneInfo(zone)
    read = (datetime.fromtimestamp(begin + 60 * n, tz) for n in range(MINUTES))
    return [(local.toordinal(), local.hour * 60 + local.minute) for local in read]


class Film:
    """What a calendar says of each second around a moment."""

    def __init__(self, calendar: Form, around: datetime) -> None:
        self.first = (around - BEFORE).replace(second=0, microsecond=0)
        days: dict[int, bytes] = {}
        frames = []
        for day, minute in wall_clock(calendar["tz"], self.first):
            if day not in days:
                days[day] = _day(calendar, date.fromordinal(day))
            frames.append(days[day][60 * minute : 60 * minute + 60])
        self.frames = frames
        self.open = [frame.count(OPEN) for frame in frames]

    def count(self, begin: int, end: int) -> int:
        """Count the open seconds from second `begin` of the film up to second `end`."""
        (first, start), (last, stop) = divmod(begin, 60), divmod(end, 60)
        if first == last:
            return self.frames[first][start:stop].count(OPEN)
        edges = self.frames[first][start:].count(OPEN) + self.frames[last][:stop].count(OPEN)
        return edges + sum(self.open[first + 1 : last])

    def find(self, begin: int, wanted: int, end: int = 60 * MINUTES) -> int | None:
        """Return the second at whose start `wanted` open ones have passed; None if after `end`."""
        minute, skipped = divmod(begin, 60)
        wanted += self.frames[minute][:skipped].count(OPEN)
        while minute < MINUTES and self.open[minute] < wanted:
            wanted -= self.open[minute]
            minute += 1
        if minute == MINUTES:
            return None
        second, frame = 0, self.frames[minute]
        while wanted:
            wanted -= frame[second]
            second += 1
        found = 60 * minute + second
        return found if found <= end else None


def _day(calendar: Form, on: date) -> bytes:
    """Return the seconds of a local date: what opens it, less what closes it."""
    today = [entry for entry in calendar["holidays"] if entry["date"] == on.isoformat()]
    special = [entry["open"] for entry in today if "open" in entry]
    is_shut = any("open" not in entry and "closed" not in entry for entry in today)
    usual = [] if is_shut else [calendar["weekly"].get(WEEKDAYS[on.weekday()], [])]
    day = bytearray(DARK_DAY)
    for spans in special or usual:
        _paint(day, spans, OPEN)
    for entry in today:
        _paint(day, entry.get("closed", []), CLOSED)
    return bytes(day)


def _paint(day: bytearray, spans: list[list[str]], shade: bytes) -> None:
    for opens, closes in spans:
        start, end = _second(opens), _second(closes)
        day[start:end] = shade * (end - start)


def _second(text: str) -> int:
    hour, minute, second = (int(part) for part in f"{text}:00".split(":")[:3])
    return hour * 3600 + minute * 60 + second


@dataclass
class Take:
    """One cycle: the stretches that it ran, each by a film, and what ended it."""

    start_at: int
    film: Film
    target: int
    state: str = "running"
    stretches: list[tuple[Film, int, int]] = field(default_factory=list)
    since: int | None = None
    ended_at: int | None = None

    def stand(self, at: int) -> None:
        """Let it run no further than `at`."""
        if self.since is not None:
            self.stretches.append((self.film, self.since, at))
        self.since = None

    def elapsed(self, until: int) -> int:
        live = [] if self.since is None else [(self.film, self.since, until)]
        return sum(film.count(begin, end) for film, begin, end in (*self.stretches, *live))

    def reached(self, wanted: int, until: int) -> int | None:
        """Return when `wanted` seconds were counted, or will be if it runs on from `until`."""
        for film, begin, end in self.stretches:
            counted = film.count(begin, end)
            if counted >= wanted:
                return film.find(begin, wanted, end)
            wanted -= counted
        since = self.ended_at if self.since is None else self.since
        return self.film.find(until if since is None else since, wanted)


class Director:
    """Replays the events of a life on one clock, as rules R1 to R16 have it."""

    def __init__(self, life: Form, film_of: Any) -> None:
        self.reopen, self.on_change = life["policy"]["reopen"], life["policy"]["target_change"]
        self.target, self.film_of = life["policy"]["target_sec"], film_of
        self.film: Film = film_of(life["calendar"])
        self.takes: list[Take] = []

    def second(self, at: datetime) -> int:
        return int((at - self.film.first).total_seconds())

    def meet(self, event: Form) -> None:
        at, kind = self.second(event["at"]), event["type"]
        self.target = event.get("target_sec", self.target)
        self.film = self.film_of(event["calendar"]) if "calendar" in event else self.film
        state = self.takes[-1].state if self.takes else "none"
        if kind == "start" and state not in {"running", "paused"}:
            self._begin(at)
        elif kind == "reopen" and state == "stopped":
            self._reopen(at)
        elif state in {"running", "paused"}:
            self._live(kind, at)

    def _begin(self, at: int, state: str = "running") -> None:
        since = at if state == "running" else None
        self.takes.append(Take(at, self.film, self.target, state, since=since))

    def _live(self, kind: str, at: int) -> None:
        take = self.takes[-1]
        if kind in {"stop", "cancel"}:
            take.stand(at)
            take.state = "stopped" if kind == "stop" else "cancelled"
            take.ended_at = at
        elif kind == "pause":
            take.stand(at)
            take.state = "paused"
        elif kind == "resume" and take.state == "paused":
            take.state, take.since = "running", at
        elif kind in {"target_change", "calendar_change"}:
            self._change(take, at)

    def _change(self, take: Take, at: int) -> None:
        is_running = take.state == "running"
        take.stand(at)
        if self.on_change == "restart":
            self._begin(at, take.state)
            take.state, take.ended_at = "cancelled", at
            return
        take.film, take.target = self.film, self.target
        take.since = at if is_running else None

    def _reopen(self, at: int) -> None:
        take = self.takes[-1]
        if self.reopen == "new_cycle":
            self._begin(at)
            return
        if self.reopen == "as_if_never_stopped":
            take.since = take.ended_at
            take.stand(at)
        take.state, take.since, take.ended_at = "running", at, None
        take.film, take.target = self.film, self.target


def verdict(take: Take, as_of: int) -> Form:
    """Return what a cycle says at `as_of`; times in seconds of the film, None where unseen."""
    said: Form = {
        "state": take.state,
        "start_at": take.start_at,
        "stop_at": take.ended_at,
        "target": take.target,
        "elapsed": take.elapsed(as_of),
    }
    if take.state == "cancelled":
        return said
    due = take.reached(take.target, as_of)
    runs_until = as_of if take.since is not None else _ran_until(take)
    is_late = due is not None and runs_until is not None and runs_until > due
    if take.state == "paused" and not is_late:
        due = None
    said |= {"remaining": take.target - said["elapsed"], "due_at": due}
    said["breach_at"] = due if is_late else None
    if take.state == "running":
        said |= {
            f"{share} %": take.reached(-(-take.target * share // 100), as_of) for share in SHARES
        }
    return said


def _ran_until(take: Take) -> int | None:
    """Return the end of its last stretch of any length."""
    return max((end for _, begin, end in take.stretches if end > begin), default=None)


def in_utc(film: Film, second: int | None) -> datetime | None:
    return None if second is None else (film.first + timedelta(seconds=second)).astimezone(UTC)
