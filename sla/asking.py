"""What a report is asked for by an address: page, list behind a number, CSV and API read alike."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from nova.accounts.models import User
from nova.analytics.periods import Days, PeriodForm, last_days
from nova.web.numbers import number_in
from sla.choices import Metric
from sla.compliance import MOST_DAYS, OUTCOMES, Asked, offered
from tickets.lens import Lens

NONE = "none"
DAYS = 30
PERIODS = ("week", "month")


class ReportForm(PeriodForm):
    """Metric, period, and by what to divide; what is missing is the last thirty days by team."""

    most_days = MOST_DAYS
    too_long = _("Ask for three years at the most, and from before to.")

    metric = forms.ChoiceField(
        label=_("Target"), choices=Metric.choices, required=False, initial=Metric.RESOLUTION
    )
    by = forms.ChoiceField(label=_("Divided by"), required=False, initial="team")
    field_order = ("metric", "since", "until", "by")

    def __init__(self, data: QueryDict, user: User, now: datetime) -> None:
        self.dimensions = offered(Lens.of(user))
        super().__init__(data, user, now)
        by: Any = self.fields["by"]
        by.choices = [(name, dimension.label) for name, dimension in self.dimensions.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.dimensions:
            if name in self.data:
                self._narrow(name, str(self.data[name]))
        return cleaned

    def asked(self) -> Asked:
        """Return which verdicts are meant. Call once it is valid."""
        given = self.cleaned_data
        return Asked(
            tenant_id=self.user.tenant_id,
            metric=given["metric"],
            since=given["since"],
            until=given["until"],
            zone=self.zone,
            now=self.now,
            only=given.get("only", {}),
        )

    def usual_days(self) -> Days:
        return last_days(self.today, DAYS)

    def _usual(self) -> dict[str, str]:
        return {**super()._usual(), "metric": Metric.RESOLUTION, "by": "team"}

    def _narrow(self, name: str, text: str) -> None:
        try:
            key = key_of(name, text, self.zone)
        except ValueError:
            self.add_error(
                None, _("%(name)s: %(text)s is no such key.") % {"name": name, "text": text}
            )
        else:
            self.cleaned_data.setdefault("only", {})[name] = key


class ListForm(ReportForm):
    """The same, with which verdicts of which truth shall be listed."""

    outcome = forms.ChoiceField(
        choices=[(name, name) for name in OUTCOMES["now"]], required=False, initial="all"
    )
    truth = forms.ChoiceField(
        choices=[(name, name) for name in OUTCOMES], required=False, initial="now"
    )

    def _usual(self) -> dict[str, str]:
        return {**super()._usual(), "outcome": "all", "truth": "now"}


def key_of(name: str, text: str, zone: Any) -> Any:
    """Read the key of a dimension as addresses have it. Raises ValueError for no such key."""
    if text == NONE:
        return None
    if name == "is_vip":
        return {"true": True, "false": False}[text] if text in {"true", "false"} else _no(text)
    if name == "vip":
        return text if text in VipLevel.values else _no(text)
    if name in PERIODS:
        return datetime.combine(date.fromisoformat(text), time(), zone)
    number = number_in(text)
    return _no(text) if number is None else number


def text_of(name: str, key: Any, zone: Any) -> str:
    """Return the key of a dimension as addresses have it."""
    if key is None:
        return NONE
    if isinstance(key, bool):
        return str(key).lower()
    return key.astimezone(zone).date().isoformat() if name in PERIODS else str(key)


def address(asked: Asked, **more: Any) -> Mapping[str, str]:
    """Return the address's words for what is asked."""
    only = {name: text_of(name, key, asked.zone) for name, key in asked.only.items()}
    dates = {"since": asked.since.isoformat(), "until": asked.until.isoformat()}
    stated = {"metric": asked.metric, **dates, **only, **more}
    return {name: str(value) for name, value in stated.items()}


def _no(text: str) -> Any:
    raise ValueError(text)
