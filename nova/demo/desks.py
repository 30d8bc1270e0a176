"""Say when the demo's desks are open, and what is promised beyond their policies."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from nova.demo.cast import ADMIN, Cast
from nova.demo.tables.shapes import Opening
from sla import services as sla
from sla.calendar_text import definition_of
from sla.public_holidays import holidays_by_rule
from sla.written import Written

YEARS = 3


def open_desks(cast: Cast, *, now: datetime) -> None:
    """Publish the organisation's calendars, and leave the drafts that somebody thinks about."""
    acting: dict[str, Any] = {"actor": cast.people[ADMIN], "now": now}
    for opening in cast.organisation.openings:
        written = _written(opening, now.year)
        calendar = sla.create_calendar(opening.name, written, **acting)
        sla.publish_calendar(calendar.pk, **acting)
        if opening.drafted:
            sla.draft_calendar(calendar.pk, replace(written, weekly=opening.drafted), **acting)


def _written(opening: Opening, year: int) -> Written:
    years = range(year, year + YEARS)
    lines = [f"{each}-{half_day}" for each in years for half_day in opening.half_days]
    return Written(
        zone=opening.zone,
        weekly=opening.weekly,
        own=definition_of(opening.zone, {}, "\n".join(lines))["holidays"],
        public=holidays_by_rule(opening.country, opening.subdivision, years[0], years[-1]),
    )


def promise(cast: Cast, *, now: datetime) -> None:
    """Promise some VIPs other targets for days that are to come."""
    for row in cast.organisation.promises:
        sla.override_sla(
            {"department": cast.places.departments[row.department]},
            {metric: {"seconds": minutes * 60} for metric, minutes in row.minutes.items()},
            reason=row.reason,
            starts_at=now + timedelta(days=row.from_days),
            ends_at=now + timedelta(days=row.until_days),
            actor=cast.people[ADMIN],
            now=now,
        )
