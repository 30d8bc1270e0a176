"""What callers state about VIPs."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from nova.accounts.choices import VipLevel
from nova.accounts.models import Department, Floor, Group, Site
from nova.api.fields import Named, Person
from nova.api.serializers import StrictSerializer, Text
from tickets.choices import VipSource
from vip.conditions import Malformed, check_condition, in_words
from vip.explaining import Line
from vip.models import TARGETS, Designation, Reassessment, Recognition, VipRule
from vip.previewing import Preview

WHOM = "Give one of person, group, department, site or floor."
MOST = (1 << 31) - 1


class DesignateSerializer(StrictSerializer):
    """Exactly one of person, group, department, site or floor; a level and a reason."""

    person = Person(required=False)
    group = Named(Group, required=False)
    department = Named(Department, required=False)
    site = Named(Site, required=False)
    floor = Named(Floor, required=False)
    level = serializers.ChoiceField(VipLevel.choices)
    reason = Text(250)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        VipSource.choices, default=VipSource.API
    )
    starts_at = serializers.DateTimeField(required=False)
    ends_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        stated = [name for name in TARGETS if name in attrs]
        if len(stated) != 1:
            raise serializers.ValidationError(WHOM)
        starts_at, ends_at = attrs.get("starts_at"), attrs.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            raise serializers.ValidationError({"ends_at": "It ends before it starts."})
        return attrs

    def target(self) -> dict[str, int]:
        """Return whom or what is designated, as `designate_vip` takes it."""
        [name] = [name for name in TARGETS if name in self.validated_data]
        return {f"{name}_id": self.validated_data[name].pk}

    def terms(self) -> dict[str, Any]:
        """Return all else that was stated."""
        return {k: v for k, v in self.validated_data.items() if k not in TARGETS}


class RevokeSerializer(StrictSerializer):
    """Why a designation ends."""

    reason = Text(250)


@extend_schema_field({"type": "object", "description": "Clauses, of which any or all are met."})
class ConditionField(serializers.JSONField):
    """A condition in the language of `vip.conditions`; each error says where in it."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            check_condition(data)
        except Malformed as error:
            raise serializers.ValidationError(error.errors) from error
        return data


class RuleSerializer(StrictSerializer):
    """What a rule is called, whom it makes what, and why."""

    name = Text(100)
    level = serializers.ChoiceField(VipLevel.choices)
    condition = ConditionField()
    reason = Text(250)


class EditRuleSerializer(StrictSerializer):
    """What of a rule changes. `version` is the one that was looked at."""

    name = Text(100, required=False)
    level = serializers.ChoiceField(VipLevel.choices, required=False)
    condition = ConditionField(required=False)
    reason = Text(250, required=False)
    version = serializers.IntegerField(required=False, min_value=1, max_value=MOST)


class PreviewRuleSerializer(StrictSerializer):
    """A rule that is thought of, and the one in whose place it would stand."""

    level = serializers.ChoiceField(VipLevel.choices)
    condition = ConditionField()
    rule = Named(VipRule, required=False)


def ground_shape(line: Line) -> dict[str, Any]:
    """Return one ground of a person's standing."""
    ground = line.ground
    return {
        "level": ground.level,
        "source": ground.source,
        "reason": ground.reason,
        "through": line.through,
        "designation": ground.designation_id,
        "rule": ground.rule_id,
        "starts_at": _iso(ground.starts_at),
        "ends_at": _iso(ground.ends_at),
    }


def rule_shape(rule: VipRule) -> dict[str, Any]:
    """Return a rule as the API shows it."""
    return {
        "id": rule.pk,
        "name": rule.name,
        "level": rule.level,
        "condition": rule.condition,
        "in_words": in_words(rule.condition),
        "reason": rule.reason,
        "is_active": rule.is_active,
        "author": {"id": rule.author_id, "name": rule.author.name},
        "version": rule.version,
        "created_at": _iso(rule.created_at),
        "changed_at": _iso(rule.changed_at),
        "reviewed_at": _iso(rule.reviewed_at),
        "retired_at": _iso(rule.retired_at),
    }


def preview_shape(preview: Preview) -> dict[str, Any]:
    """Return what a rule would do. Not more than so many people are named."""
    return {
        "sentence": preview.sentence(),
        "matched": preview.matched,
        "already": preview.already,
        "gain": len(preview.gains),
        "lose": len(preview.losses),
        "people": [
            {
                "person": {"id": move.person_id, "name": move.name},
                "before": move.before,
                "after": move.after,
            }
            for move in preview.changed
            if move.name
        ],
    }


def reassessment_shape(row: Reassessment) -> dict[str, Any]:
    """Return how far a reassessment is."""
    return {
        "id": row.pk,
        "status": row.status,
        "because": row.because,
        "designation": row.designation_id,
        "rule": row.rule_id,
        "author": {"id": row.author_id, "name": row.author.name},
        "progress": {"done": row.done, "total": row.total, "percent": row.percent},
        "people_changed": row.people_changed,
        "tickets_changed": row.tickets_changed,
        "created_at": _iso(row.created_at),
        "ended_at": _iso(row.ended_at),
    }


def recognition_shape(row: Recognition) -> dict[str, Any]:
    """Return what Cosmo recognised, and what people made of it."""
    decided = row.decided_by
    return {
        "id": row.pk,
        "ticket": row.ticket.reference,
        "comment": row.comment_id,
        "person": {"id": row.person_id, "name": row.person.name},
        "author": {"id": row.author_id, "name": row.author.name},
        "level": row.level,
        "words": row.words,
        "confidence": float(row.confidence),
        "parts": row.parts,
        "state": row.state,
        "because": row.because,
        "created_at": _iso(row.created_at),
        "decided_by": {"id": decided.pk, "name": decided.name} if decided else None,
        "decided_at": _iso(row.decided_at),
    }


def designation_shape(designation: Designation) -> dict[str, Any]:
    """Return a designation as the API shows it."""
    return {
        "id": designation.pk,
        "target": designation.target_kind,
        designation.target_kind: {
            "id": designation.target_id,
            "name": str(designation.target),
        },
        "level": designation.level,
        "source": designation.source,
        "reason": designation.reason,
        "author": {"id": designation.author_id, "name": designation.author.name},
        "starts_at": _iso(designation.starts_at),
        "ends_at": _iso(designation.ends_at),
        "revoked_at": _iso(designation.revoked_at),
        "reviewed_at": _iso(designation.reviewed_at),
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
