"""Holidays that a form asks for: by the rule of a country, or in a file."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.forms import Form, ModelForm
from django.utils.translation import gettext as _

from sla.calendars import Malformed
from sla.ics import MOST_BYTES, days_from_ics
from sla.public_holidays import holidays_by_rule, subdivisions
from sla.written import Days, PublicHolidays, Written

LATEST_YEAR = 2100
MOST_YEARS = 30
# A file is a record: it may reach back. What repeats in it for ever must end.
FIRST, LAST = date(2000, 1, 1), date(2040, 12, 31)


def days_of_file(file: UploadedFile | None, zone: ZoneInfo) -> Days:
    """Return the days that an uploaded file closes. Raises `Malformed`."""
    if file is None:
        return []
    if (file.size or 0) > MOST_BYTES:
        raise Malformed({"file": _("is larger than 1 MB.")})
    return days_from_ics(file.read(), zone, FIRST, LAST)


def holidays_asked(
    form: Form | ModelForm, cleaned: dict[str, Any], former: Written | None
) -> PublicHolidays | None:
    """Return the public holidays that a form asks for, or complain at its fields.

    The same rule as before means the same days as before, whatever the library says by now.
    """
    country, part = cleaned.get("country", ""), cleaned.get("subdivision", "").upper()
    if not country:
        return None
    if part and part not in subdivisions(country):
        form.add_error("subdivision", _("This country has no such part."))
        return None
    first, last = cleaned.get("first_year"), cleaned.get("last_year") or cleaned.get("first_year")
    if not first or not last or not first <= last <= first + MOST_YEARS:
        form.add_error("first_year", _("Say for which years, thirty at the most."))
        return None
    asked = {"country": country, "subdivision": part, "first_year": first, "last_year": last}
    if former and former.public and former.public.rule == asked:
        return former.public
    return holidays_by_rule(country, part, first, last)
