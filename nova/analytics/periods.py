"""Which days a report is of: the form that reports begin with, and links to usual periods."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.accounts.models import User
from nova.accounts.zones import zone_named

# Nothing lies outside of these, and midnight of each is an instant in every zone.
EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)
QUARTER = 3
Days = tuple[date, date]


class PeriodForm(forms.Form):
    """Days of the asker's zone, both inclusive; what is missing is this quarter."""

    most_days: ClassVar[int] = 366
    too_long: ClassVar[Any] = gettext_lazy("Ask for a year at the most, and from before to.")

    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        validators=[MinValueValidator(EARLIEST)],
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        validators=[MaxValueValidator(LATEST)],
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: QueryDict, user: User, now: datetime) -> None:
        self.user, self.zone, self.now = user, zone_named(user.zone), now
        self.today = now.astimezone(self.zone).date()
        super().__init__({**self._usual(), **{key: data[key] for key in data if data[key]}})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not timedelta() <= until - since < timedelta(days=self.most_days):
            self.add_error("until", self.too_long)
        return cleaned

    def usual_days(self) -> Days:
        """Return the days that are meant where none are stated."""
        return quarter_of(self.today)

    def _usual(self) -> dict[str, str]:
        since, until = self.usual_days()
        return {"since": since.isoformat(), "until": until.isoformat()}


def quarter_of(day: date) -> Days:
    """Return the first and the last day of the quarter that a day lies in."""
    first = day.replace(month=(day.month - 1) // QUARTER * QUARTER + 1, day=1)
    later = (first + timedelta(days=100)).replace(day=1)
    return first, later - timedelta(days=1)


def last_days(today: date, days: int) -> Days:
    """Return so many days, of which today is the last."""
    return today - timedelta(days=days - 1), today


def usual_spans(today: date) -> Iterator[tuple[str, Days]]:
    """Yield the periods that are asked for most, with their names."""
    this = quarter_of(today)
    yield _("This quarter"), this
    yield _("Last quarter"), quarter_of(this[0] - timedelta(days=1))
    for days in (30, 365):
        yield _("Last %(days)s days") % {"days": days}, last_days(today, days)


def span_links(
    spans: Iterable[tuple[str, Days]], shown: Days, words: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return links to periods; `words` are what else the address says."""
    return [
        {
            "label": label,
            "url": f"?{urlencode({**words, 'since': days[0], 'until': days[1]})}",
            "is_current": days == shown,
        }
        for label, days in spans
    ]
