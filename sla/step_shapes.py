"""The steps of an escalation, as the API takes and shows them."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import serializers

from nova.api.fields import Named
from nova.api.serializers import StrictSerializer
from nova.notifications.choices import HookForm
from nova.notifications.models import SlackHook
from sla.choices import Metric, Reassign, StepHours, StepLevel, Whom
from sla.models import EscalationStep, PolicyVersion
from sla.models.steps import WAYS, rows_of
from sla.step_words import said

MOST_PERCENT, YEAR = 1000, 366 * 24 * 3600
DOES = ("tells", "reassign_to", "raises_priority", "opens_review", "posts_to", "calls")
MOMENT = ("percent", "offset_seconds", "is_working_time", "metric")
SHOWN = (
    *("metric", "vip_levels", "percent", "offset_seconds", "is_working_time", "tells"),
    *("channels", "hours", "quiet_until", "reassign_to", "raises_priority", "opens_review"),
)


def _several(choices: Any) -> serializers.ListField:
    child = serializers.ChoiceField(choices)
    return serializers.ListField(child=child, required=False, max_length=len(choices))


class StepSerializer(StrictSerializer):
    """What happens at a share of a target, or `offset_seconds` after it (before it: negative)."""

    percent = serializers.IntegerField(min_value=1, max_value=MOST_PERCENT, default=100)
    offset_seconds = serializers.IntegerField(min_value=-YEAR, max_value=YEAR, default=0)
    is_working_time = serializers.BooleanField(default=True)
    metric = serializers.ChoiceField(Metric.choices, allow_blank=True, default="")
    vip_levels = _several(StepLevel.choices)
    tells = _several(Whom.choices)
    channels = _several(WAYS)
    hours = serializers.ChoiceField(StepHours.choices, required=False)
    quiet_until = serializers.TimeField(required=False)
    reassign_to = serializers.ChoiceField(Reassign.choices, allow_blank=True, required=False)
    raises_priority = serializers.BooleanField(required=False)
    opens_review = serializers.BooleanField(required=False)
    posts_to = Named(SlackHook, required=False, allow_null=True)
    calls = Named(SlackHook, required=False, allow_null=True)

    def validate_vip_levels(self, levels: list[str]) -> list[str]:
        return refuse_vips(levels, self.context)

    def validate_posts_to(self, hook: SlackHook | None) -> SlackHook | None:
        return _of_form(hook, HookForm.CHAT, "This is a workflow: give it as `calls`.")

    def validate_calls(self, hook: SlackHook | None) -> SlackHook | None:
        return _of_form(hook, HookForm.WORKFLOW, "This is a chat: give it as `posts_to`.")

    def validate(self, step: dict[str, Any]) -> dict[str, Any]:
        if not any(step.get(name) for name in DOES):
            raise serializers.ValidationError("Say what shall happen then.")
        return step


def refuse_vips(levels: list[str], context: Mapping[str, Any]) -> list[str]:
    """Raise `ValidationError` where somebody states how VIPs are treated who may not see it."""
    if levels and not context["may_state_vips"]:
        raise serializers.ValidationError("You may not see how VIPs are treated, nor state it.")
    return levels


def refuse_twins(steps: Iterable[Mapping[str, Any]]) -> None:
    """Raise `ValidationError` where two steps are at one moment for the same tickets."""
    seen: set[tuple[Any, ...]] = set()
    for step in steps:
        for level in step.get("vip_levels") or StepLevel.values:
            moment = (*(step[name] for name in MOMENT), level)
            if moment in seen:
                raise serializers.ValidationError("Make one step of those at one moment.")
            seen.add(moment)


def step_shapes(version: PolicyVersion) -> list[dict[str, Any]]:
    """Return the steps of a version as the API shows them, each with the sentence that it is."""
    return [_shape(step) for step in rows_of(version)]


def without_vips(shape: dict[str, Any]) -> dict[str, Any]:
    """Return a policy or a version as those see it who may not know how VIPs are treated."""
    return {**shape, "steps": [step for step in shape["steps"] if not step["vip_levels"]]}


def _shape(step: EscalationStep) -> dict[str, Any]:
    hooks = {hook.pk: hook.name for hook in (step.posts_to, step.calls) if hook}
    return {
        **{name: getattr(step, name) for name in SHOWN},
        "posts_to": _named(step.posts_to),
        "calls": _named(step.calls),
        "text": said(step.escalation(), hooks),
    }


def _named(hook: SlackHook | None) -> dict[str, Any] | None:
    return {"id": hook.pk, "name": hook.name} if hook else None


def _of_form(hook: SlackHook | None, form: str, problem: str) -> SlackHook | None:
    if hook is not None and hook.form != form:
        raise serializers.ValidationError(problem)
    return hook
