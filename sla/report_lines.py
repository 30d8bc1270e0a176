"""Lines of reports as pages and files show them: named, and leading to the tickets behind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from nova.analytics.periods import last_days, span_links
from sla.asking import address, text_of
from sla.compliance import DIMENSIONS, Asked, Judged, Line, lines_of

SPANS = (7, 30, 90, 365)
OUTCOMES = {
    "all": {"outcome": "all"},
    "met": {"outcome": "met"},
    "breached": {"outcome": "breached"},
    "all_then": {"outcome": "all", "truth": "then"},
    "breached_then": {"outcome": "breached", "truth": "then"},
}


@dataclass(frozen=True)
class Shown:
    """A line of a table: its name, and where the tickets behind its numbers are listed."""

    line: Line
    name: str
    urls: Mapping[str, str]
    narrowed: str = ""

    @property
    def percent(self) -> float | None:
        share = self.line.compliance
        return None if share is None else 100 * share

    @property
    def bar(self) -> int:
        """Return the share as a whole number, for drawing."""
        return round(self.percent or 0)

    @property
    def rest(self) -> int:
        return 100 - self.bar

    @property
    def percent_then(self) -> float | None:
        share = self.line.compliance_then
        return None if share is None else 100 * share

    @property
    def differs(self) -> bool:
        """Say whether the two truths do."""
        line = self.line
        return (line.verdicts, line.breached) != (line.verdicts_then, line.breached_then)


def shown_by(asked: Asked, by: str) -> list[Shown]:
    """Return what is asked, divided by a dimension."""
    return [_shown(asked, by, line) for line in lines_of(asked, by)]


def shown_in_all(asked: Asked, total: Line) -> Shown:
    """Return the sum of what is asked."""
    return Shown(total, _("All"), _urls(asked))


def narrowed_to(asked: Asked) -> list[str]:
    """Return in words what the numbers are narrowed to."""
    said = []
    for name in asked.only:
        names = [_name(asked, name, line) for line in lines_of(asked, name)]
        key = text_of(name, asked.only[name], asked.zone)
        said.append(f"{DIMENSIONS[name].label}: {names[0] if names else key}")
    return said


def spans_of(asked: Asked, by: str) -> list[dict[str, Any]]:
    """Return links to the last so many days."""
    today = asked.now.astimezone(asked.zone).date()
    spans = [(_("%(days)s days") % {"days": days}, last_days(today, days)) for days in SPANS]
    return span_links(spans, (asked.since, asked.until), address(asked, by=by))


def table_of(shown: Sequence[Shown], by: str) -> Iterator[list[Any]]:
    """Yield the rows of a file, the head first."""
    yield [
        *(by, _("judged"), _("in time"), _("breached"), _("in time, per cent")),
        *(_("judged, as measured then"), _("breached, as measured then")),
        _("median open seconds"),
    ]
    for one in shown:
        line = one.line
        percent = "" if one.percent is None else f"{one.percent:.1f}"
        yield [
            *(one.name, line.verdicts, line.met, line.breached, percent),
            *(line.verdicts_then, line.breached_then, line.median_seconds),
        ]


def list_of(found: Iterator[Judged], *, with_policies: bool) -> Iterator[list[Any]]:
    """Yield the rows of a file of verdicts, the head first; policies' names may tell of VIPs."""
    yield [
        *("reference", "title", "target_seconds", "due_at", "ended_at", "breached"),
        *("breached_as_measured_then", "over_seconds"),
        *(["policy"] if with_policies else []),
    ]
    for verdict in found:
        yield [
            *(verdict.reference, verdict.title, verdict.target_seconds),
            *(_iso(verdict.due_at), _iso(verdict.ended_at)),
            *(verdict.is_breached, verdict.was_breached, verdict.over_seconds),
            *([verdict.policy] if with_policies else []),
        ]


def _shown(asked: Asked, by: str, line: Line) -> Shown:
    key = text_of(by, line.key, asked.zone)
    narrowed = f"?{urlencode(address(asked, **{by: key, 'by': 'week'}))}"
    return Shown(line, _name(asked, by, line), _urls(asked, **{by: key}), narrowed)


def _name(asked: Asked, by: str, line: Line) -> str:
    if not isinstance(line.key, datetime):
        return line.name or _("none")
    on = line.key.astimezone(asked.zone).date()
    if by == "month":
        return formats.date_format(on, "F Y")
    form = "j M" if on.year == asked.until.year else "j M Y"
    return _("week of %(day)s") % {"day": formats.date_format(on, form)}


def _urls(asked: Asked, **only: str) -> dict[str, str]:
    page = reverse("sla:verdicts")
    return {
        name: f"{page}?{urlencode(address(asked, **only, **stated))}"
        for name, stated in OUTCOMES.items()
    }


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
