"""What admins fill in for the steps of a version: a row for each."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTimeWidget

from nova.notifications.choices import HookForm
from nova.notifications.models import SlackHook
from sla.choices import Metric, Reassign, StepHours, StepLevel, Whom
from sla.forms.fields import SpanField, box, boxes, number, one_of, one_row
from sla.models import EscalationStep, PolicyVersion
from sla.models.steps import WAYS, default_channels, rows_of
from sla.step_words import lines_of
from sla.steps import MORNING

MOST_PERCENT, MOST_STEPS, YEAR = 1000, 40, 366 * 24 * 3600
SAME = ("metric", "vip_levels", "is_working_time", "tells", "channels", "hours", "quiet_until")
DOES = ("reassign_to", "raises_priority", "opens_review", "posts_to", "calls")
MOMENT = ("metric", "percent", "offset_seconds", "is_working_time")


def _hook(label: Any, form: str) -> forms.ModelChoiceField:
    hooks = SlackHook.objects.filter(form=form).order_by("name")
    return one_row(label, hooks)


class StepForm(forms.Form):
    """One step. `line` is how the row reads that it began with."""

    percent = number(
        _("At per cent of the time"), required=True, min_value=1, max_value=MOST_PERCENT
    )
    offset = SpanField(label=_("Later by (before: -30 min)"), least=-YEAR, most=YEAR)
    is_working_time = box(_("This is working time"), initial=True)
    metric = one_of(_("Of"), [("", _("All that is promised")), *Metric.choices])
    vip_levels = boxes(_("For tickets of (nothing chosen: all)"), StepLevel.choices)
    tells = boxes(_("Tell"), Whom.choices)
    channels = boxes(_("By"), WAYS, initial=default_channels)
    hours = one_of(_("When mails may go out"), StepHours.choices, initial=StepHours.WAKING)
    quiet_until = forms.TimeField(
        label=_("The night ends at"),
        required=False,
        initial=MORNING,
        widget=UnfoldAdminTimeWidget(format="%H:%M"),
    )
    reassign_to = one_of(_("Reassign"), [("", _("No")), *Reassign.choices])
    raises_priority = box(_("Raise the priority"))
    opens_review = box(_("Open a review"))
    posts_to = _hook(_("Post to the chat"), HookForm.CHAT)
    calls = _hook(_("Run the workflow"), HookForm.WORKFLOW)

    line = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("tells", *DOES)):
            raise ValidationError(_("Say what shall happen then."))
        if cleaned.get("tells") and not cleaned.get("channels"):
            self.add_error("channels", _("Say how they shall hear of it."))
        return cleaned

    def stated(self) -> dict[str, Any]:
        """Return the step as the services take it."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in ("percent", *SAME, *DOES)},
            "offset_seconds": cleaned["offset"] or 0,
            "quiet_until": cleaned["quiet_until"] or MORNING,
            "hours": cleaned["hours"] or StepHours.WAKING,
        }


class StepFormSet(forms.BaseFormSet):
    """The steps of a version, and two empty rows for more."""

    def clean(self) -> None:
        """Refuse two steps at one moment for the same tickets: they are one step."""
        if any(self.errors):
            return
        seen: set[tuple[Any, ...]] = set()
        for stated in self.stated():
            for level in stated["vip_levels"] or StepLevel.values:
                moment = (*(stated[name] for name in MOMENT), level)
                if moment in seen:
                    raise ValidationError(_("Make one step of those that are at one moment."))
                seen.add(moment)

    def stated(self) -> list[dict[str, Any]]:
        """Return the steps as the services take them."""
        gone = self.deleted_forms
        kept = [form for form in self.forms if form.has_changed() or form.initial]
        return [form.stated() for form in kept if form not in gone]


Steps = forms.formset_factory(
    StepForm, formset=StepFormSet, extra=2, max_num=MOST_STEPS, validate_max=True, can_delete=True
)


def steps_form(stated: Any, version: PolicyVersion | None) -> Any:
    """Return the rows of a version, each with the sentence that it is.

    What says nothing of steps at all leaves them as they are.
    """
    rows = rows_of(version) if version else []
    given = stated if stated and "steps-TOTAL_FORMS" in stated else None
    formset = Steps(given, prefix="steps", initial=[_initial(row) for row in rows])
    for form, line in zip(formset.forms, lines_of(rows), strict=False):
        form.line = line
        form.empty_permitted = False
    return formset


def _initial(row: EscalationStep) -> Mapping[str, Any]:
    return {
        "percent": row.percent,
        "offset": row.offset_seconds or None,
        **{name: getattr(row, name) for name in (*SAME, *DOES)},
    }
