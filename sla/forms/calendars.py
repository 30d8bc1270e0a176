"""What admins fill in to arrange calendars."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminURLInputWidget,
)

from nova.accounts.core import CoreForm
from nova.accounts.zones import zone_names
from nova.notifications.outbound import NotReached, refuse_scheme
from sla.calendar_text import days_text, definition_of, spans_text
from sla.calendars import WEEKDAYS, Malformed, hours_from_json
from sla.forms.fields import box, line, number, one_of
from sla.forms.holidays import LATEST_YEAR, days_of_file, holidays_asked
from sla.models import Calendar, CalendarFeed, CalendarVersion
from sla.public_holidays import countries_by_name
from sla.services.feeds import url_of
from sla.written import Written, layered
from sla.year import never_opens_again

PUBLISH = "_publish"
HOW_DAYS = _(
    "One day on each line: 2026-12-25 Christmas Day is closed; "
    "2026-12-24 closed 13:00-24:00 Half day; 2026-12-27 open 10:00-14:00 Sale; "
    "2026-01-06 usual takes a holiday away."
)


def _year(label: Any) -> forms.IntegerField:
    return number(label, min_value=1970, max_value=LATEST_YEAR)


class CalendarForm(CoreForm):
    """A calendar as people write it: the hours of each weekday, and days that differ.

    It shows the draft, or else what is in force. `written` is what was filled in, as the
    services take it; the public holidays and the days of a file are looked up by then.
    """

    zone = one_of(
        _("Time zone"),
        lambda: [(name, name) for name in zone_names()],
        required=True,
        initial="UTC",
    )
    mon = line(_("Monday"), help_text=_("Such as 09:00-12:00, 13:00-17:00; empty is closed"))
    tue = line(_("Tuesday"))
    wed = line(_("Wednesday"))
    thu = line(_("Thursday"))
    fri = line(_("Friday"))
    sat = line(_("Saturday"))
    sun = line(_("Sunday"))
    days = forms.CharField(
        label=_("Days that differ"),
        required=False,
        widget=UnfoldAdminTextareaWidget,
        help_text=HOW_DAYS,
    )
    ics_file = forms.FileField(
        label=_("Add the days of an iCalendar file"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("An .ics file of up to 1 MB; a date that is written above stays as it is."),
    )
    country = one_of(
        _("Public holidays of"),
        lambda: [("", "—"), *countries_by_name()],
        help_text=_("A day that is written above goes before them."),
    )
    subdivision = line(_("and of its part"), help_text=_("Such as BY for Bavaria"))
    first_year = _year(_("from the year"))
    last_year = _year(_("to the year"))
    feed_url = forms.URLField(
        label=_("Address of an iCalendar feed"),
        required=False,
        assume_scheme="https",
        max_length=500,
        widget=UnfoldAdminURLInputWidget,
        help_text=_("Fetched every day. When its days differ, a draft is made and you are told."),
    )
    feed_publishes = box(
        _("Publish by itself"),
        help_text=_("What the feed changes holds at once, without a draft."),
    )
    stays_closed = box(
        _("It never opens, on purpose"),
        help_text=_("Only for hours that never open: no clock that counts by them is ever due."),
    )

    class Meta:
        model = Calendar
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version, feed = _present(self.instance)
        self.former = version.written if version else None
        if self.former:
            self.initial.update(_filled(self.former))
        if feed:
            self.initial.update(feed_url=url_of(feed), feed_publishes=feed.publishes_itself)

    def clean_feed_url(self) -> str:
        url: str = self.cleaned_data["feed_url"]
        try:
            if url:
                refuse_scheme(url)
        except NotReached as error:
            raise forms.ValidationError(_("Only https addresses are fetched.")) from error
        return url

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            cleaned["written"] = written = self._written(cleaned)
            hours = hours_from_json(written.definition)
        except Malformed as malformed:
            for where, what in malformed.errors.items():
                self._complain(where, what)
        else:
            today = timezone.localdate(timezone=hours.zone)
            is_closed = never_opens_again(hours, today) and not cleaned.get("stays_closed")
            if PUBLISH in self.data and is_closed:
                self.add_error("stays_closed", _("These hours never open. Tick this if so meant."))
        return cleaned

    def _written(self, cleaned: dict[str, Any]) -> Written:
        """Return what was filled in. Raises `Malformed` for what cannot be read."""
        weekly = {day: cleaned.get(day, "") for day in WEEKDAYS}
        zone = cleaned.get("zone") or "UTC"
        stated = definition_of(zone, weekly, cleaned.get("days", ""))
        brought = days_of_file(cleaned.get("ics_file"), ZoneInfo(zone))
        return Written(
            zone=zone,
            weekly=stated["weekly"],
            own=layered(stated["holidays"], brought),
            public=holidays_asked(self, cleaned, self.former),
            feed=self.former.feed if self.former and cleaned.get("feed_url") else [],
        )

    def _complain(self, where: str, what: str) -> None:
        """Put an error at the field that it came from: a weekday, the zone, a line, the file."""
        place = where.removeprefix("weekly.").split("[")[0].split(".")[0].split(" ")[0]
        known = {"tz": "zone", "file": "ics_file", "event": "ics_file"}
        field = known.get(place, place if place in WEEKDAYS else "days")
        self.add_error(field, f"{where}: {what}" if field in ("days", "ics_file") else what)


def _present(calendar: Calendar) -> tuple[CalendarVersion | None, CalendarFeed | None]:
    """Return what a form begins with: the draft or what is in force, and the feed."""
    if calendar.pk is None:
        return None, None
    found = Calendar.objects.for_list().get(pk=calendar.pk)
    drafts: list[CalendarVersion] = getattr(found, "drafts", [])
    return next(iter(drafts), found.current), getattr(found, "feed", None)


def _filled(written: Written) -> dict[str, Any]:
    """Return hours as the fields show them."""
    week = {day: spans_text(written.weekly.get(day, [])) for day in WEEKDAYS}
    rule = written.public.rule if written.public else {}
    return {**week, **rule, "zone": written.zone, "days": days_text(written.own)}
