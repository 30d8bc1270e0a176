"""What admins fill in for a rule: a condition as rows of a form, not as text."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from nova.accounts.previewed import PreviewedForm
from vip.conditions import (
    LONGEST,
    MOST_CLAUSES,
    OWN,
    SILENT,
    Clause,
    Malformed,
    Operator,
    check_condition,
)
from vip.models import VipRule

SEPARATOR = ";"
SUGGESTED = (*OWN, "isVIP", "vip_level")


class ClauseForm(forms.Form):
    """One clause. Without an attribute it is none."""

    attribute = forms.CharField(
        label=_("Attribute"),
        max_length=100,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"list": "attributes"}),
    )
    operator = forms.ChoiceField(
        label=_("Comparison"),
        choices=Operator.choices,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    value = forms.CharField(
        label=_("Value"),
        max_length=LONGEST * 20,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        has_value = bool(given.get("value"))
        if given.get("attribute") and has_value == (given.get("operator") in SILENT):
            silent = _("Leave the value empty.")
            self.add_error("value", silent if has_value else _("Say with what to compare."))
        return given

    def clause(self) -> dict[str, Any] | None:
        """Return the clause as conditions hold it; None is an empty row."""
        given = self.cleaned_data
        if not given.get("attribute"):
            return None
        stated = {"attribute": given["attribute"], "operator": given["operator"]}
        if given["operator"] in SILENT:
            return stated
        if given["operator"] == Operator.IS_ONE_OF:
            parts = (part.strip() for part in given["value"].split(SEPARATOR))
            return {**stated, "value": [part for part in parts if part]}
        return {**stated, "value": given["value"]}


Clauses = forms.formset_factory(ClauseForm, extra=2, max_num=MOST_CLAUSES, validate_max=True)


class RuleForm(PreviewedForm):
    """Name, level and reason of a rule, and its condition as rows."""

    match = forms.ChoiceField(
        label=_("A person is one of them who meets"),
        choices=[("all", _("all of the clauses")), ("any", _("any of the clauses"))],
        initial="all",
        widget=UnfoldAdminRadioSelectWidget,
    )

    class Meta:
        model = VipRule
        fields = ["name", "level", "reason"]

    suggested = SUGGESTED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = self.instance.condition if self.instance.pk else {}
        self.initial["match"] = written.get("match", "all")
        rows = [_row(clause) for clause in written.get("clauses", ())]
        self.clauses = Clauses(self.data or None, prefix="clauses", initial=rows)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.clauses.is_valid():
            raise ValidationError(_("Look at the clauses again."))
        stated = [clause for form in self.clauses for clause in [form.clause()] if clause]
        if not stated:
            raise ValidationError(_("Give at least one clause."))
        cleaned["condition"] = {"match": cleaned.get("match"), "clauses": stated}
        try:
            check_condition(cleaned["condition"])
        except Malformed as error:
            raise ValidationError(str(error)) from error
        return cleaned

    def stated(self) -> dict[str, Any]:
        """Return what was filled in, as the services take it."""
        return {name: self.cleaned_data[name] for name in ("name", "level", "condition", "reason")}


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(label=_("Because"), max_length=250, widget=UnfoldAdminTextInputWidget)


def _row(clause: Clause) -> dict[str, Any]:
    value = clause.get("value", "")
    if isinstance(value, list):
        value = f"{SEPARATOR} ".join(part.replace(SEPARATOR, " ") for part in value)
    return {**clause, "value": value}
