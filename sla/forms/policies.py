"""What admins fill in to write a version of a policy."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
)

from nova.accounts.choices import VipLevel
from nova.accounts.core import CoreForm
from nova.accounts.models import Department, Organisation, Region, Service, Team
from sla.choices import PROMISED, Metric, ReopenMode, SwitchMode
from sla.forms.steps import steps_form
from sla.models import Calendar, Policy, PolicyVersion
from sla.models.catalogue import default_pauses
from tickets import choices
from tickets.models import Category, Tag

TEN_YEARS = 10 * 366 * 24 * 60
CHOSEN = {
    "priority": (_("Priorities"), choices.Priority),
    "type": (_("Types"), choices.TicketType),
    "kind": (_("Kinds"), choices.Kind),
    "module": (_("Modules"), choices.Module),
    "vip_level": (_("VIP levels"), VipLevel),
}
# Things with a row of their own, and by which column a version names them.
NAMED = {
    "category": (_("Categories"), Category, "pk"),
    "service": (_("Services"), Service, "pk"),
    "department": (_("Departments"), Department, "pk"),
    "region": (_("Regions"), Region, "pk"),
    "organisation": (_("Organisations of the requester"), Organisation, "pk"),
    "tags": (_("Tags"), Tag, "name"),
}
MATCHED = [*CHOSEN, *NAMED]
EMPTY = _("Open time of the calendar; empty promises nothing")
TERMS = ("calendar", "pause_on", "reopen", "on_change")


class PolicyForm(CoreForm):
    """A policy and the version of it that is being written.

    It begins with the draft, or else with what is published; `stated` is what was written.
    """

    class Meta:
        model = Policy
        fields = ["name", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = list(Team.objects.order_by("name"))
        self.fields |= _matching_fields()
        for metric in Metric:
            self.fields |= _target_fields(metric)
        self.fields |= {ola_of(team): _minutes(team.name, help_text="") for team in self.teams}
        version = present_version(self.instance)
        if version:
            self.initial = {**self.initial, **_written(version)}
        self.steps = steps_form(self.data if self.is_bound else None, version)

    def has_changed(self) -> bool:
        return super().has_changed() or self.steps.has_changed()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        targets = list(self._targets(cleaned))
        for metric in {target["metric"] for target in targets}:
            if not cleaned.get(f"{metric}_calendar"):
                self.add_error(f"{metric}_calendar", _("Say in whose hours this counts."))
        if not targets:
            self.add_error("response_minutes", _("Promise a response, a resolution, or both."))
        cleaned["targets"] = targets
        if self.steps.is_bound and not self.steps.is_valid():
            self.add_error(None, _("Look at the steps of the escalation below."))
        return cleaned

    def stated(self) -> dict[str, Any]:
        """Return conditions, targets and steps as the services take them."""
        cleaned = self.cleaned_data
        conditions = {name: list(cleaned[name]) for name in CHOSEN}
        for name, (_label, _model, column) in NAMED.items():
            conditions[name] = [getattr(thing, column) for thing in cleaned[name]]
        steps = self.steps.stated() if self.steps.is_bound else None
        return {"conditions": conditions, "targets": cleaned["targets"], "steps": steps}

    def _targets(self, cleaned: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
        for metric in Metric:
            if cleaned.get(f"{metric}_minutes"):
                yield _stated(metric, None, cleaned[f"{metric}_minutes"], cleaned)
        for team in self.teams:
            if cleaned.get(ola_of(team)):
                yield _stated(Metric.OLA, team, cleaned[ola_of(team)], cleaned)


def present_version(policy: Policy) -> PolicyVersion | None:
    """Return the version of a policy that is looked at: the draft, else what was last in force."""
    if not policy.pk:
        return None
    return policy.versions.order_by("-number").first()


def fieldsets_of(teams: Iterable[Team]) -> list[tuple[Any, dict[str, Any]]]:
    """Return how the fields stand on the page."""
    metrics: list[tuple[Metric, list[Any]]] = [
        (metric, [(f"{metric}_minutes", f"{metric}_calendar")]) for metric in PROMISED
    ]
    parts = [tuple(ola_of(team) for team in pair) for pair in _pairs(list(teams))]
    metrics.append((Metric.OLA, [("ola_minutes", "ola_calendar"), *parts]))
    return [
        (None, {"fields": [("name", "order")]}),
        (_("For which tickets (nothing chosen: all of them)"), {"fields": MATCHED}),
        *((metric.label, {"fields": [*first, *_how(metric)]}) for metric, first in metrics),
    ]


def ola_of(team: Team) -> str:
    """Return the name of the field in which the minutes of a team's part stand."""
    return f"ola_minutes_{team.pk}"


def _how(metric: Metric) -> list[Any]:
    return [f"{metric}_{name}" for name in TERMS if name != "calendar"]


def _pairs(teams: list[Team]) -> Iterable[list[Team]]:
    return (teams[at : at + 2] for at in range(0, len(teams), 2))


def _written(version: PolicyVersion) -> dict[str, Any]:
    initial: dict[str, Any] = {name: version.conditions.get(name, []) for name in CHOSEN}
    for name, (_label, model, column) in NAMED.items():
        chosen = {f"{column}__in": version.conditions.get(name, [])}
        initial[name] = list(model._default_manager.filter(**chosen))
    for target in version.targets.select_related("team"):
        field = ola_of(target.team) if target.team else f"{target.metric}_minutes"
        initial[field] = target.seconds // 60
        initial |= {f"{target.metric}_{name}": getattr(target, name) for name in TERMS}
    return initial


def _stated(
    metric: Metric, team: Team | None, minutes: int, cleaned: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "metric": metric,
        "team": team,
        "seconds": minutes * 60,
        "calendar": cleaned.get(f"{metric}_calendar"),
        "pause_on": cleaned.get(f"{metric}_pause_on", []),
        "reopen": cleaned.get(f"{metric}_reopen") or ReopenMode.CONTINUE,
        "on_change": cleaned.get(f"{metric}_on_change") or SwitchMode.RETROACTIVE,
    }


def _matching_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        name: _boxes(label, chosen) for name, (label, chosen) in CHOSEN.items()
    }
    for name, (label, model, _column) in NAMED.items():
        fields[name] = _several(label, model._default_manager.order_by("name"))
    return fields


def _target_fields(metric: Metric) -> dict[str, forms.Field]:
    label = _("Minutes, for any other team") if metric == Metric.OLA else _("Minutes")
    return {
        f"{metric}_minutes": _minutes(label),
        f"{metric}_calendar": forms.ModelChoiceField(
            label=_("Calendar"),
            queryset=Calendar.objects.exclude(current=None).order_by("name"),
            required=False,
            widget=UnfoldAdminSelectWidget,
        ),
        f"{metric}_pause_on": _boxes(
            _("Pauses in"), choices.Status, initial=_usual_pauses(metric)
        ),
        f"{metric}_reopen": _one_of(_("When reopened"), ReopenMode),
        f"{metric}_on_change": _one_of(_("When a ticket comes to it from another"), SwitchMode),
    }


def _usual_pauses(metric: Metric) -> list[str]:
    """Return where a target pauses unless somebody decides otherwise: who asks waits on."""
    return [] if metric in {Metric.RESPONSE, Metric.NEXT_RESPONSE} else default_pauses()


def _boxes(label: Any, chosen: Any, **options: Any) -> forms.MultipleChoiceField:
    plain: Callable[[str], Any] = type(chosen.values[0])
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=chosen.choices,
        coerce=plain,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        **options,
    )


def _several(label: Any, rows: QuerySet[Any]) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label, queryset=rows, required=False, widget=UnfoldAdminSelect2MultipleWidget
    )


def _one_of(label: Any, chosen: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=chosen.choices,
        required=False,
        initial=chosen.values[0],
        widget=UnfoldAdminSelectWidget,
    )


def _minutes(label: Any, help_text: Any = EMPTY) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=TEN_YEARS,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=help_text,
    )
