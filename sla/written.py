"""A version of a calendar as it was written, and the definition that is made of it. Pure.

The days of a version come from three places: its own lines, the public holidays of a country, and
a feed. Each is kept apart, so that one can be written anew without the others; all are kept as
days, so that a version never changes with what a library or a feed says later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

Day = dict[str, Any]
Days = list[Day]


@dataclass(frozen=True, kw_only=True)
class PublicHolidays:
    """Whose public holidays were asked for, and the days that this meant then. Years inclusive."""

    country: str
    subdivision: str = ""
    first_year: int
    last_year: int
    days: Days = field(default_factory=list)

    @property
    def rule(self) -> dict[str, Any]:
        """Return what was asked, without the days."""
        return {name: value for name, value in vars(self).items() if name != "days"}


@dataclass(frozen=True, kw_only=True)
class Written:
    """Hours as they were written. What is said of a date first, in this order, is what holds."""

    zone: str
    weekly: Mapping[str, Any]
    own: Days = field(default_factory=list)
    public: PublicHolidays | None = None
    feed: Days = field(default_factory=list)

    @classmethod
    def of(cls, definition: Mapping[str, Any], sources: Mapping[str, Any]) -> Self:
        """Return what a stored version was made of; without sources, every day is its own."""
        public = sources.get("public")
        return cls(
            zone=definition["tz"],
            weekly=definition.get("weekly", {}),
            own=sources.get("own", definition.get("holidays", [])),
            public=PublicHolidays(**public) if public else None,
            feed=sources.get("feed", []),
        )

    @property
    def definition(self) -> dict[str, Any]:
        """Return the form that clocks read (`sla.calendars`)."""
        public = self.public.days if self.public else []
        return {
            "tz": self.zone,
            "weekly": dict(self.weekly),
            "holidays": layered(self.own, public, self.feed),
        }

    @property
    def sources(self) -> dict[str, Any]:
        """Return what is stored beside the definition."""
        public = vars(self.public) if self.public else None
        return {"own": self.own, "public": public, "feed": self.feed}


def layered(*layers: Days) -> Days:
    """Return days of all layers; a date that an earlier one mentions is left to that one."""
    found: Days = []
    for layer in layers:
        taken = {day["date"] for day in found}
        found += [day for day in layer if day["date"] not in taken]
    return found


def renewed(present: Days, read: Days, today: date) -> Days:
    """Return a feed's days anew. What is past stays: feeds forget it, and history reads it."""
    limit = today.isoformat()
    past = [day for day in present or read if day["date"] < limit]
    return past + [day for day in read if day["date"] >= limit]
