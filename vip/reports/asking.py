"""What reports about VIPs are asked for by an address: page, drilled list, file and API alike."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.accounts.choices import VipLevel
from nova.accounts.models import User
from nova.analytics.measures import offered
from nova.analytics.periods import PeriodForm
from nova.web.numbers import number_in
from vip.reports.handling import AskedHandling
from vip.reports.heat import VIEWS, Asked
from vip.reports.rules import Key

SEE = ("tickets.view_ticket", "tickets.view_vip_flag", "vip.view_vip_reports")
HOURS, WEEKDAYS = range(24), range(1, 8)


class HeatForm(PeriodForm):
    """The period, what is measured, and how it is laid out."""

    measure = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    view = forms.ChoiceField(
        label=gettext_lazy("Laid out"),
        choices=[(name, view.label) for name, view in VIEWS.items()],
        required=False,
    )
    field_order = ("measure", "view", "since", "until")

    def __init__(self, data: QueryDict, user: User, now: datetime) -> None:
        self.measures = offered(user.has_perm)
        super().__init__(data, user, now)
        choices = [(key, measure.label) for key, measure in self.measures.items()]
        self.fields["measure"].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """Return which map is meant. Call once it is valid."""
        given = self.cleaned_data
        return Asked(
            tenant_id=self.user.tenant_id,
            view=given["view"],
            measure=self.measures[given["measure"]],
            since=given["since"],
            until=given["until"],
            zone=self.zone,
        )

    def _usual(self) -> dict[str, str]:
        first = next(iter(self.measures), "")
        return {**super()._usual(), "measure": first, "view": next(iter(VIEWS))}


class HandlingForm(PeriodForm):
    """The period of which every VIP's ticket is told."""

    def asked(self) -> AskedHandling:
        """Return whose report it is, and of when. Call once it is valid."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        return AskedHandling(self.user, since, until, self.zone, self.now)


class CellForm(HeatForm):
    """The same, and which cell of the map; what is missing stands for all."""

    part = forms.CharField(required=False)
    line = forms.CharField(required=False)
    column = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        view = cleaned.get("view")
        for name in ("part", "line", "column"):
            text = cleaned.get(name)
            try:
                cleaned[name] = key_of(str(view), name, text) if view and text else None
            except ValueError:
                self.add_error(name, _("%(text)s is no such key.") % {"text": text})
        return cleaned

    def key(self) -> Key:
        """Return the cell as the map has it: without parts, lines are of one without a name."""
        given = self.cleaned_data
        part = given["part"] if given["line"] is None else given["part"] or ""
        return Key(part, given["line"], given["column"])


def key_of(view: str, name: str, text: str) -> Any:
    """Read one key of a cell as addresses have it. Raises ValueError for no such key."""
    match view, name:
        case ("level_hour", "line") | ("level_weekday", "part"):
            return VipLevel(text).value
        case ("level_weekday", "line"):
            return _among(text, WEEKDAYS)
        case ("level_hour" | "level_weekday", "column"):
            return _among(text, HOURS)
        case ("site_week", "column"):
            return date.fromisoformat(text)
        case ("site_week", "line"):
            return _among(text, range(1 << 62))
    raise ValueError(text)


def _among(text: str, numbers: range) -> int:
    number = number_in(text)
    if number is None or number not in numbers:
        raise ValueError(text)
    return number
