"""What callers state about service levels."""

from typing import Any

from rest_framework import serializers

from nova.accounts.choices import VipLevel
from nova.api.serializers import StrictSerializer
from sla.choices import Metric, ReopenMode
from sla.models import Calendar, Policy, Target
from tickets import choices
from tickets.fields import Named

TEN_YEARS = 10 * 366 * 24 * 3600


class CalendarInForce(Named):
    """A calendar that was published: what nobody has published yet has no hours to count by."""

    kept = "current_id IS NOT NULL"

    def __init__(self, **options: Any) -> None:
        super().__init__(Calendar, **options)


class TargetSerializer(StrictSerializer):
    """How long for one metric, in seconds of a calendar's open time."""

    metric = serializers.ChoiceField(Metric.choices)
    seconds = serializers.IntegerField(min_value=1, max_value=TEN_YEARS)
    calendar = CalendarInForce()
    pause_on = serializers.ListField(
        child=serializers.ChoiceField(choices.Status.choices), required=False
    )
    reopen = serializers.ChoiceField(ReopenMode.choices, required=False)


class PolicySerializer(StrictSerializer):
    """A policy as stated and shown. An empty list of a property matches every ticket."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=100)
    order = serializers.IntegerField(min_value=0, max_value=32000, default=100)
    priorities = serializers.ListField(
        child=serializers.ChoiceField(choices.Priority.choices), default=list
    )
    types = serializers.ListField(
        child=serializers.ChoiceField(choices.TicketType.choices), default=list
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices.Kind.choices), default=list
    )
    modules = serializers.ListField(
        child=serializers.ChoiceField(choices.Module.choices), default=list
    )
    vip_levels = serializers.ListField(
        child=serializers.ChoiceField(VipLevel.choices), default=list
    )
    targets = TargetSerializer(many=True, allow_empty=False)

    def validate_name(self, name: str) -> str:
        if Policy.objects.filter(name=name).exists():
            raise serializers.ValidationError("Another policy has this name.")
        return name

    def validate_targets(self, targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
        metrics = [target["metric"] for target in targets]
        if len(set(metrics)) != len(metrics):
            raise serializers.ValidationError("Give one target for each metric at the most.")
        return targets


METRICS: list[str] = Metric.values  # what is due first comes first


def policy_shape(policy: Policy, targets: list[Target]) -> dict[str, Any]:
    """Return a policy as the API shows it."""
    return {
        "id": policy.pk,
        "name": policy.name,
        "order": policy.order,
        "is_active": policy.is_active,
        "priorities": policy.priorities,
        "types": policy.types,
        "kinds": policy.kinds,
        "modules": policy.modules,
        "vip_levels": policy.vip_levels,
        "targets": [
            {
                "metric": target.metric,
                "seconds": target.seconds,
                "calendar": {"id": target.calendar_id, "name": str(target.calendar)},
                "pause_on": target.pause_on,
                "reopen": target.reopen,
            }
            for target in sorted(targets, key=lambda target: METRICS.index(target.metric))
        ],
    }
