"""The fields of which Core's pages of service levels are made, each dressed as Core dresses it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from sla.models import Calendar
from sla.words import seconds_in, span_of

TEN_YEARS = 10 * 366 * 24 * 3600


class SpanField(forms.Field):
    """A span in seconds, read and shown as people say it: `90 s`, `1 h 30 min`.

    A bare number is minutes. `least` and `most` are seconds, both included.
    """

    default_error_messages = {
        "unclear": _("Say it such as 30 min, 1 h 30 min or 90 s."),
        "least": _("Give %(span)s or more."),
        "most": _("Give %(span)s or less."),
    }

    def __init__(self, *, least: int = 1, most: int = TEN_YEARS, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**{"widget": UnfoldAdminTextInputWidget, "required": False, **options})

    def prepare_value(self, value: Any) -> Any:
        return span_of(value, gettext) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        seconds = value if isinstance(value, int) else seconds_in(value, gettext)
        if seconds is None:
            raise ValidationError(self.error_messages["unclear"], "unclear")
        return seconds

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        for code, bound in (("least", max(value, self.least)), ("most", min(value, self.most))):
            if bound != value:
                said = {"span": span_of(bound, gettext)}
                raise ValidationError(self.error_messages[code], code, said)


def line(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=UnfoldAdminTextInputWidget, **options
    )


def number(label: Any, *, required: bool = False, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=required, widget=UnfoldAdminIntegerFieldWidget, **options
    )


def box(label: Any, **options: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanWidget, **options)


def boxes(label: Any, choices: Any, *, coerce: Any = str, **options: Any) -> forms.ChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=choices,
        coerce=coerce,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        **options,
    )


def one_of(label: Any, choices: Any, *, required: bool = False, **options: Any) -> Any:
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=UnfoldAdminSelectWidget, **options
    )


def one_row(label: Any, rows: QuerySet[Any], **options: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        rows, label=label, required=False, widget=UnfoldAdminSelectWidget, **options
    )


def rows(label: Any, found: QuerySet[Any]) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        found, label=label, required=False, widget=UnfoldAdminSelect2MultipleWidget
    )


def calendar_in_force(**options: Any) -> forms.ModelChoiceField:
    """Return a choice of the calendars by which one can count."""
    published = Calendar.objects.exclude(current=None).order_by("name")
    return one_row(_("Calendar"), published, **options)
