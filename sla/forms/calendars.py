"""What admins fill in to arrange calendars."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from nova.accounts.core import CoreForm
from nova.accounts.zones import zone_names
from sla.calendar_text import days_text, definition_of, spans_text
from sla.calendars import WEEKDAYS, Malformed, hours_from_json
from sla.models import Calendar
from sla.public_holidays import countries, public_holidays, subdivisions

MOST_YEARS = 30
HOW_DAYS = _(
    "One day on each line: 2026-12-25 Christmas Day is closed; "
    "2026-12-24 closed 13:00-24:00 Half day; 2026-12-27 open 10:00-14:00 Sale"
)


def _line(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=UnfoldAdminTextInputWidget, **options
    )


class CalendarForm(CoreForm):
    """A calendar as people write it: the hours of each weekday, and days that differ.

    Public holidays are added to those days when the form is saved, and can be edited from then
    on like any other. `definition` is what was written, in the form that is published.
    """

    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in zone_names()],
        initial="UTC",
        widget=UnfoldAdminSelectWidget,
    )
    days = forms.CharField(
        label=_("Days that differ"),
        required=False,
        widget=UnfoldAdminTextareaWidget,
        help_text=HOW_DAYS,
    )
    country = forms.ChoiceField(
        label=_("Add the public holidays of"),
        choices=lambda: [("", "—"), *((code, code) for code in countries())],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    subdivision = _line(_("and of its part"), help_text=_("Such as BY for Bavaria"))
    first_year = forms.IntegerField(
        label=_("from the year"),
        min_value=1970,
        max_value=2100,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    last_year = forms.IntegerField(
        label=_("to the year"),
        min_value=1970,
        max_value=2100,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    mon = _line(_("Monday"), help_text=_("Such as 09:00-12:00, 13:00-17:00; empty is closed"))
    tue = _line(_("Tuesday"))
    wed = _line(_("Wednesday"))
    thu = _line(_("Thursday"))
    fri = _line(_("Friday"))
    sat = _line(_("Saturday"))
    sun = _line(_("Sunday"))

    class Meta:
        model = Calendar
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.instance.current
        if version is not None:
            form = version.definition
            self.initial["zone"] = form["tz"]
            self.initial["days"] = days_text(form.get("holidays", []))
            for day in WEEKDAYS:
                self.initial[day] = spans_text(form.get("weekly", {}).get(day, []))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        weekly = {day: cleaned.get(day, "") for day in WEEKDAYS}
        try:
            definition = definition_of(cleaned.get("zone", ""), weekly, cleaned.get("days", ""))
            definition["holidays"] += self._public_holidays(cleaned, definition["holidays"])
            hours_from_json(definition)
        except Malformed as malformed:
            for where, what in malformed.errors.items():
                self._complain(where, what)
        else:
            cleaned["definition"] = definition
        return cleaned

    def _public_holidays(self, cleaned: dict[str, Any], present: list[Any]) -> list[Any]:
        """Return the public holidays asked for, without dates that are written already."""
        country, part = cleaned.get("country"), cleaned.get("subdivision", "").upper()
        if not country:
            return []
        if part and part not in subdivisions(country):
            self.add_error("subdivision", _("This country has no such part."))
            return []
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if not first or (last and not first <= last <= first + MOST_YEARS):
            self.add_error("first_year", _("Say for which years, thirty at the most."))
            return []
        written = {day["date"] for day in present}
        found = public_holidays(country, part, range(first, (last or first) + 1))
        return [day for day in found if day["date"] not in written]

    def _complain(self, where: str, what: str) -> None:
        """Put an error at the field that it came from: a weekday, the zone or a line of days."""
        place = where.removeprefix("weekly.").split("[")[0].split(".")[0]
        field = {"tz": "zone"}.get(place, place if place in WEEKDAYS else "days")
        self.add_error(field, what if field != "days" else f"{where}: {what}")
