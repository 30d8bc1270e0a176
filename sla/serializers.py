"""What callers state about service levels, and how policies are shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rest_framework import serializers

from nova.accounts.choices import VipLevel
from nova.accounts.models import Department, Organisation, Region, Service, Team
from nova.api.fields import Named
from nova.api.serializers import StrictSerializer, Text
from sla.choices import Metric, ReopenMode, SwitchMode, VersionStatus
from sla.facts import facts_of_tickets
from sla.matching import Facts
from sla.models import Calendar, Policy, PolicyVersion
from sla.step_shapes import StepSerializer, refuse_twins, refuse_vips, step_shapes
from sla.verdicts import Match, Verdict
from tickets import choices
from tickets.models import Category, Ticket

TEN_YEARS = 10 * 366 * 24 * 3600
MOST = 200
KEPT = "Leave them out, and they stay. To state them anew, one must see how VIPs are treated."
METRICS: list[str] = Metric.values  # what is due first comes first


def _some(child: serializers.Field) -> serializers.ListField:
    return serializers.ListField(child=child, required=False, max_length=MOST)


class ConditionsSerializer(StrictSerializer):
    """For which tickets: by property, the values of which they must have one."""

    priority = _some(serializers.ChoiceField(choices.Priority.choices))
    type = _some(serializers.ChoiceField(choices.TicketType.choices))
    kind = _some(serializers.ChoiceField(choices.Kind.choices))
    module = _some(serializers.ChoiceField(choices.Module.choices))
    vip_level = _some(serializers.ChoiceField(VipLevel.choices))
    category = _some(Named(Category))
    service = _some(Named(Service))
    department = _some(Named(Department))
    region = _some(Named(Region))
    organisation = _some(Named(Organisation))
    tags = _some(Text(60))

    def validate_vip_level(self, levels: list[str]) -> list[str]:
        return refuse_vips(levels, self.context)

    def validate(self, stated: dict[str, Any]) -> dict[str, Any]:
        return {name: [_plain(value) for value in values] for name, values in stated.items()}


class CalendarInForce(Named):
    """A calendar that was published: what nobody has published yet has no hours to count by."""

    kept = "current_id IS NOT NULL"

    def __init__(self, **options: Any) -> None:
        super().__init__(Calendar, **options)


class TargetSerializer(StrictSerializer):
    """How long for one metric, in seconds of a calendar's open time. An OLA may be a team's."""

    metric = serializers.ChoiceField(Metric.choices)
    team = Named(Team, required=False, allow_null=True)
    seconds = serializers.IntegerField(min_value=1, max_value=TEN_YEARS)
    calendar = CalendarInForce()
    pause_on = serializers.ListField(
        child=serializers.ChoiceField(choices.Status.choices), required=False
    )
    reopen = serializers.ChoiceField(ReopenMode.choices, required=False)
    on_change = serializers.ChoiceField(SwitchMode.choices, required=False)

    def validate(self, target: dict[str, Any]) -> dict[str, Any]:
        if target.get("team") and target["metric"] != Metric.OLA:
            raise serializers.ValidationError({"team": "Only an OLA is a team's."})
        return target


class DraftSerializer(StrictSerializer):
    """What a version states. Without `steps`, those of the version before it stay."""

    conditions = ConditionsSerializer(required=False, default=dict)
    targets = TargetSerializer(many=True, allow_empty=False)
    steps = StepSerializer(many=True, required=False)

    def validate_steps(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not self.context["may_replace_steps"]:  # some of them may be hidden from the viewer
            raise serializers.ValidationError(KEPT)
        refuse_twins(steps)
        return steps

    def validate_targets(self, targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
        stated = [(target["metric"], target.get("team")) for target in targets]
        if len(set(stated)) != len(stated):
            problem = "Give one target for each metric, and of OLAs one for each team."
            raise serializers.ValidationError(problem)
        return targets


class PolicySerializer(DraftSerializer):
    """A policy as stated: its name and place, and its first version."""

    id = serializers.IntegerField(read_only=True)
    name = Text(100)
    order = serializers.IntegerField(min_value=0, max_value=32000, default=100)
    publish = serializers.BooleanField(default=True)

    def validate_name(self, name: str) -> str:
        if Policy.objects.filter(name=name).exists():
            raise serializers.ValidationError("Another policy has this name.")
        return name


class MatchSerializer(StrictSerializer):
    """A ticket by its reference, or what one would be."""

    reference = serializers.CharField(required=False, max_length=40)
    priority = serializers.ChoiceField(choices.Priority.choices, default=choices.Priority.P3)
    type = serializers.ChoiceField(choices.TicketType.choices, default="internal")
    kind = serializers.ChoiceField(choices.Kind.choices, default="incident")
    module = serializers.ChoiceField(choices.Module.choices, default="it")
    vip_level = serializers.ChoiceField(VipLevel.choices, default="")
    category = Named(Category, required=False)
    service = Named(Service, required=False)
    department = Named(Department, required=False)
    region = Named(Region, required=False)
    organisation = Named(Organisation, required=False)
    team = Named(Team, required=False)
    tags = serializers.ListField(child=Text(60), default=list, max_length=MOST)

    opened_at: datetime | None = None

    def validate_reference(self, reference: str) -> Ticket:
        ticket = Ticket.objects.visible_to(self.context["request"].user).with_reference(reference)
        if ticket is None:
            raise serializers.ValidationError("There is no such ticket.")
        self.opened_at = ticket.opened_at
        return ticket

    def facts(self) -> Facts:
        """Return what policies look at."""
        stated = dict(self.validated_data)
        ticket = stated.pop("reference", None)
        if ticket:
            return facts_of_tickets([ticket.pk])[ticket.pk]
        tags = tuple(stated.pop("tags"))
        return Facts(**{name: _plain(value) for name, value in stated.items()}, tags=tags)


def policy_shape(policy: Policy) -> dict[str, Any]:
    """Return a policy as the API shows it, with what it promises now; a draft only by number."""
    versions = sorted(policy.versions.all(), key=lambda version: version.number)
    drafts = [v.number for v in versions if v.status == VersionStatus.DRAFT]
    present = policy.current
    return {
        "id": policy.pk,
        "name": policy.name,
        "order": policy.order,
        "version": present.number if present else None,
        "draft": drafts[0] if drafts else None,
        "conditions": present.conditions if present else {},
        "targets": _targets(present) if present else [],
        "steps": step_shapes(present) if present else [],
    }


def version_shape(version: PolicyVersion) -> dict[str, Any]:
    """Return a version as the API shows it."""
    return {
        "number": version.number,
        "status": version.status,
        "conditions": version.conditions,
        "targets": _targets(version),
        "steps": step_shapes(version),
        "written_at": version.written_at,
        "published_at": version.published_at,
        "retired_at": version.retired_at,
    }


def match_shape(found: Match) -> dict[str, Any]:
    """Return the verdicts as the API shows them."""
    return {
        "policies": [_verdict(verdict) for verdict in found.verdicts],
        "targets": [
            {
                "metric": metric.value,
                "policy": promise.target.policy.name,
                "seconds": promise.terms.target_seconds,
                "calendar": {"id": calendar.pk, "name": calendar.name},
                "due_at": promise.due_at,
            }
            for metric, promise, calendar in found.promised
        ],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.policy.pk,
        "name": verdict.policy.name,
        "is_chosen": verdict.is_chosen,
        "comes_later": verdict.comes_later,
        "refused_by": [
            {"property": refusal.label, "wanted": refusal.wanted, "given": refusal.given}
            for refusal in verdict.refusals
        ],
    }


def _targets(version: PolicyVersion) -> list[Mapping[str, Any]]:
    targets = sorted(version.targets.all(), key=lambda target: METRICS.index(target.metric))
    return [
        {
            "metric": target.metric,
            "team": {"id": target.team_id, "name": str(target.team)} if target.team else None,
            "seconds": target.seconds,
            "calendar": {"id": target.calendar_id, "name": str(target.calendar)},
            "pause_on": target.pause_on,
            "reopen": target.reopen,
            "on_change": target.on_change,
        }
        for target in targets
    ]


def _plain(value: Any) -> Any:
    """Return a thing of the tenant by its id, and all else as it is."""
    return getattr(value, "pk", value)
