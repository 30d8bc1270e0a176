"""What callers state about VIPs."""

from typing import Any

from rest_framework import serializers

from nova.accounts.choices import VipLevel
from nova.accounts.models import Department, Floor, Site
from nova.api.fields import Named, Person
from nova.api.serializers import StrictSerializer, Text
from tickets.choices import VipSource
from vip.models import TARGETS, Designation


class DesignateSerializer(StrictSerializer):
    """Exactly one of person, department, site or floor; a level and a reason."""

    person = Person(required=False)
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
            raise serializers.ValidationError("Give one of person, department, site or floor.")
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


def designation_shape(designation: Designation) -> dict[str, Any]:
    """Return a designation as the API shows it."""
    ends_at, revoked_at = designation.ends_at, designation.revoked_at
    return {
        "id": designation.pk,
        "target": designation.target_kind,
        designation.target_kind: {
            "id": designation.target.pk,
            "name": str(designation.target),
        },
        "level": designation.level,
        "source": designation.source,
        "reason": designation.reason,
        "author": {"id": designation.author_id, "name": designation.author.name},
        "starts_at": designation.starts_at.isoformat(),
        "ends_at": ends_at.isoformat() if ends_at else None,
        "revoked_at": revoked_at.isoformat() if revoked_at else None,
    }
