"""Draw lives of clocks by a seed: odd zones, odd calendars, and instants to the second."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.sla.strategies import ODD_MOMENTS, SECONDS_ZONES
from tests.sla.walk import WEEKDAYS

Form = dict[str, Any]
MOMENTS = [
    *ODD_MOMENTS,
    *SECONDS_ZONES,
    ("Pacific/Chatham", datetime(2026, 4, 4, 10, tzinfo=UTC)),
    ("Antarctica/Troll", datetime(2026, 3, 28, 22, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 12, 30, 18, tzinfo=UTC)),
]
LENGTHS = (40, 900, 4 * 3600, 20 * 3600, 3 * 86_400)
TARGETS = (30, 900, 4 * 3600, 16 * 3600, 48 * 3600)
KINDS = ("pause", "resume", "stop", "reopen", "target_change", "calendar_change", "reassign")
WEIGHTS = (6, 7, 3, 4, 2, 2, 1)
SELDOM = ("cancel", "start")


class Drawer:
    """Draws lives around one moment, with calendars that they share."""

    def __init__(self, seed: int, calendars: int) -> None:
        self.dice = Random(seed)  # noqa: S311 - lives, not secrets
        self.zone, self.moment = self.dice.choice(MOMENTS)
        self.calendars = [self._calendar() for _ in range(calendars)]

    def life(self) -> Form:
        """Return a question to the calculator, its instants not yet written as text."""
        dice = self.dice
        at = self.moment + timedelta(seconds=dice.randrange(-3600, 3 * 86_400))
        events: list[Form] = [{"at": at, "type": "start"}]
        for _ in range(dice.randrange(9)):
            at += self._gap()
            events.append(self._event(at))
        return {
            "calendar": dice.choice(self.calendars),
            "policy": {
                "target_sec": self._seconds(TARGETS),
                "reopen": dice.choice(("continue", "new_cycle", "as_if_never_stopped")),
                "target_change": dice.choice(("retroactive", "restart")),
            },
            "events": events,
            "as_of": at + self._gap(),
        }

    def _event(self, at: datetime) -> Form:
        kind = self.dice.choices(KINDS, WEIGHTS)[0]
        kind = self.dice.choice(SELDOM) if self.dice.random() < 0.04 else kind
        event: Form = {"at": at, "type": kind}
        if kind == "target_change":
            event["target_sec"] = self._seconds(TARGETS)
        if kind == "calendar_change":
            event["calendar"] = self.dice.choice(self.calendars)
        return event

    def _gap(self) -> timedelta:
        """Return how long until the next event: often a moment, sometimes none at all."""
        seconds = 0 if self.dice.random() < 0.05 else self._seconds(LENGTHS)
        return timedelta(seconds=seconds)

    def _seconds(self, sizes: tuple[int, ...]) -> int:
        """Return a span to the second; every fourth is round, to meet closing times exactly."""
        most = self.dice.choice(sizes)
        if self.dice.random() < 0.25:
            return max(1, most // 900) * 900
        return self.dice.randint(1, most)

    def _calendar(self) -> Form:
        dice = self.dice
        if dice.random() < 0.04:
            return {"tz": self.zone, "weekly": {}, "holidays": []}
        usual = self._spans(3)
        open_days = dice.sample(WEEKDAYS, dice.randint(1, 7))
        weekly = dict.fromkeys(open_days, usual) | {dice.choice(WEEKDAYS): self._spans(4)}
        if dice.random() < 0.1:
            weekly = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
        holidays = [self._holiday() for _ in range(dice.randrange(5))]
        return {"tz": self.zone, "weekly": weekly, "holidays": holidays}

    def _holiday(self) -> Form:
        on = self.moment.date() + timedelta(days=self.dice.randint(-2, 14))
        kinds: tuple[str, ...] = self.dice.choice(((), ("closed",), ("open",), ("open", "closed")))
        return {"date": on.isoformat(), **{kind: self._spans(2) for kind in kinds}}

    def _spans(self, most: int) -> list[list[str]]:
        """Return spans between whole quarters, whole minutes or single seconds."""
        grain = self.dice.choice((900, 900, 60, 1))
        edges = self.dice.sample(range(86_400 // grain + 1), 2 * self.dice.randint(1, most))
        marks = [_clock_time(grain * edge) for edge in sorted(edges)]
        return [[opens, closes] for opens, closes in zip(marks[::2], marks[1::2], strict=True)]


def _clock_time(second: int) -> str:
    text = f"{second // 3600:02}:{second // 60 % 60:02}"
    return text if second % 60 == 0 else f"{text}:{second % 60:02}"
