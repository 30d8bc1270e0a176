"""What admins fill in to write a version of a policy."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from nova.accounts.core import CoreForm
from nova.accounts.models import Department, Organisation, Region, Service, Team
from sla.choices import PROMISED, Metric, ReopenMode, SwitchMode
from sla.forms.fields import SpanField, boxes, calendar_in_force, one_of, rows
from sla.forms.steps import steps_form
from sla.models import Policy, PolicyVersion
from sla.models.catalogue import default_pauses
from tickets import choices
from tickets.models import Category, Tag

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
EMPTY = _("Such as 90 s, 5 min or 1 h 30 min of the calendar's open time; empty: no promise")
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
        self.fields |= {ola_of(team): SpanField(label=team.name) for team in self.teams}
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
            self.add_error("response_span", _("Promise a response, a resolution, or both."))
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
            if cleaned.get(f"{metric}_span"):
                yield _stated(metric, None, cleaned[f"{metric}_span"], cleaned)
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
        (metric, [(f"{metric}_span", f"{metric}_calendar")]) for metric in PROMISED
    ]
    parts = [tuple(ola_of(team) for team in pair) for pair in _pairs(list(teams))]
    metrics.append((Metric.OLA, [("ola_span", "ola_calendar"), *parts]))
    return [
        (None, {"fields": [("name", "order")]}),
        (_("For which tickets (nothing chosen: all of them)"), {"fields": MATCHED}),
        *((metric.label, {"fields": [*first, *_how(metric)]}) for metric, first in metrics),
    ]


def ola_of(team: Team) -> str:
    """Return the name of the field in which the time for a team's part stands."""
    return f"ola_span_{team.pk}"


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
        field = ola_of(target.team) if target.team else f"{target.metric}_span"
        initial[field] = target.seconds
        initial |= {f"{target.metric}_{name}": getattr(target, name) for name in TERMS}
    return initial


def _stated(
    metric: Metric, team: Team | None, seconds: int, cleaned: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "metric": metric,
        "team": team,
        "seconds": seconds,
        "calendar": cleaned.get(f"{metric}_calendar"),
        "pause_on": cleaned.get(f"{metric}_pause_on", []),
        "reopen": cleaned.get(f"{metric}_reopen") or ReopenMode.CONTINUE,
        "on_change": cleaned.get(f"{metric}_on_change") or SwitchMode.RETROACTIVE,
    }


def _matching_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        name: boxes(label, chosen.choices, coerce=type(chosen.values[0]))
        for name, (label, chosen) in CHOSEN.items()
    }
    for name, (label, model, _column) in NAMED.items():
        fields[name] = rows(label, model._default_manager.order_by("name"))
    return fields


def _target_fields(metric: Metric) -> dict[str, forms.Field]:
    label = _("Time, for any other team") if metric == Metric.OLA else _("Time")
    return {
        f"{metric}_span": SpanField(label=label, help_text=EMPTY),
        f"{metric}_calendar": calendar_in_force(),
        f"{metric}_pause_on": boxes(
            _("Pauses in"), choices.Status.choices, initial=_usual_pauses(metric)
        ),
        f"{metric}_reopen": _mode(_("When reopened"), ReopenMode),
        f"{metric}_on_change": _mode(_("When a ticket comes to it from another"), SwitchMode),
    }


def _usual_pauses(metric: Metric) -> list[str]:
    """Return where a target pauses unless somebody decides otherwise: who asks waits on."""
    return [] if metric in {Metric.RESPONSE, Metric.NEXT_RESPONSE} else default_pauses()


def _mode(label: Any, chosen: Any) -> forms.ChoiceField:
    field: forms.ChoiceField = one_of(label, chosen.choices, initial=chosen.values[0])
    return field
