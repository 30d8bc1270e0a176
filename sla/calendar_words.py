"""Calendars in words: what differs, what to look out for, how long a day is."""

from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.hours import Spans
from sla.calendar_changes import Difference
from sla.calendars import WEEKDAYS
from sla.coverage import missing_year
from sla.models import Calendar, CalendarVersion
from sla.year import Day, Look, never_opens_again

HOUR, MINUTE = 3600, 60
DAY_NAMES = dict(
    zip(
        WEEKDAYS,
        (
            gettext_lazy("Monday"),
            gettext_lazy("Tuesday"),
            gettext_lazy("Wednesday"),
            gettext_lazy("Thursday"),
            gettext_lazy("Friday"),
            gettext_lazy("Saturday"),
            gettext_lazy("Sunday"),
        ),
        strict=True,
    )
)
LOOKS = {
    Look.CLOSED: gettext_lazy("Closed"),
    Look.SHORT: gettext_lazy("Shorter than usual"),
    Look.USUAL: gettext_lazy("Open as usual"),
    Look.LONGER: gettext_lazy("Longer than usual"),
}


def warnings_of(calendar: Calendar, now: datetime) -> list[str]:
    """Return what is to be seen to: of the hours in force, and of the feed."""
    version, feed = calendar.current, getattr(calendar, "feed", None)
    found = version_warnings(version, now) if version else [_("Not published yet.")]
    if feed and feed.last_error:
        found.append(_("The feed could not be read."))
    return found


def version_warnings(version: CalendarVersion, now: datetime) -> list[str]:
    """Return what is to be seen to in a version: no open time, or holidays that end."""
    hours = version.hours
    today = now.astimezone(hours.zone).date()
    found = []
    if never_opens_again(hours, today):
        found.append(_("It never opens: no clock that counts by it is ever due."))
    missing = missing_year(version.definition.get("holidays", []), today)
    if missing:
        found.append(_("Holidays end with %(year)s.") % {"year": missing - 1})
    return found


def said(difference: Difference) -> str:
    """Return one difference as a sentence: "Monday: 09:00-17:00 → closed"."""
    before, after = difference.before, difference.after
    nothing = _("closed") if difference.what in DAY_NAMES else _("as usual")
    return f"{subject_of(difference)}: {before or nothing} → {after or nothing}"


def subject_of(difference: Difference) -> str:
    """Return what a difference is about: the zone, a weekday or a date."""
    if difference.what == "tz":
        return _("Time zone")
    if difference.what in DAY_NAMES:
        return str(DAY_NAMES[difference.what])
    return date_words(date.fromisoformat(difference.what))


def date_words(on: date) -> str:
    return formats.date_format(on, "D j M Y")


def hours_words(seconds: int) -> str:
    """Return open time in hours, which a year has many of: "1,840 h", "7 h 30 min"."""
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    grouped = formats.number_format(hours, use_l10n=True, force_grouping=True)
    if minutes:
        return _("%(hours)s h %(minutes)s min") % {"hours": grouped, "minutes": minutes}
    return _("%(hours)s h") % {"hours": grouped}


def spans_words(spans: Spans) -> str:
    """Return when a day is open: times, or "closed"."""
    said_of = [f"{_clock(opens)}\u2013{_clock(closes)}" for opens, closes in spans]
    return ", ".join(said_of) or _("closed")


def shift_words(day: Day) -> str:
    """Return what the zone does to its clocks on a day; "" for nothing."""
    if not day.shift:
        return ""
    minutes = _("%(minutes)s min") % {"minutes": abs(day.shift) // MINUTE}
    span = hours_words(abs(day.shift)) if abs(day.shift) >= HOUR else minutes
    words = (
        _("Clocks go forward by %(span)s") if day.shift > 0 else _("Clocks go back by %(span)s")
    )
    return words % {"span": span}


def _clock(second: int) -> str:
    face = f"{second // HOUR:02}:{second % HOUR // MINUTE:02}"
    return f"{face}:{second % MINUTE:02}" if second % MINUTE else face
