"""How work is given out, by API."""

from typing import Any

from django.core.exceptions import ValidationError as Wrong
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from dispatch import services
from dispatch.models import AssignmentPolicy
from dispatch.services.policies import arranged_of
from nova.api.serializers import StrictSerializer, Text
from nova.api.views import Endpoint
from nova.web.http import ApiRequest


class PolicySerializer(StrictSerializer):
    """What is to be otherwise from now on, and why. Times are in minutes, shares in percent."""

    note = Text(250)
    is_automatic = serializers.BooleanField(required=False)
    weights = serializers.DictField(child=serializers.IntegerField(), required=False)
    longest_wait = serializers.IntegerField(required=False)
    only_preferred_for_vips = serializers.BooleanField(required=False)
    routes_teams = serializers.BooleanField(required=False)
    route_from = serializers.IntegerField(required=False)
    is_balanced = serializers.BooleanField(required=False)
    balance_unanswered = serializers.IntegerField(required=False)
    balance_in_hands = serializers.IntegerField(required=False)
    balance_rest = serializers.IntegerField(required=False)
    balance_gap = serializers.IntegerField(required=False)
    balance_most = serializers.IntegerField(required=False)


class AssignmentPolicyView(Endpoint):
    """The version of the policy that is in force."""

    permissions = {"get": "dispatch.manage_assignment", "patch": "dispatch.manage_assignment"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        """How work is given out now."""
        return Response(
            policy_shape(services.current_policy(request.user.tenant_id, timezone.now()))
        )

    @extend_schema(request=PolicySerializer, responses=OpenApiTypes.OBJECT)
    def patch(self, request: ApiRequest) -> Response:
        """Put another version in force, which differs in what is stated."""
        form = PolicySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changes = dict(form.validated_data)
        note = changes.pop("note")
        try:
            fresh = services.arrange_assignment(
                changes, note=note, actor=request.user, now=timezone.now()
            )
        except Wrong as wrong:
            raise ValidationError(wrong.message_dict) from wrong
        return Response(policy_shape(fresh))


def policy_shape(policy: AssignmentPolicy) -> dict[str, Any]:
    return {
        "number": policy.number,
        "since": policy.since,
        "note": policy.note,
        **arranged_of(policy),
    }
