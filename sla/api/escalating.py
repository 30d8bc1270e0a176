"""Escalating by API."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from nova.api.serializers import StrictSerializer, Text
from nova.api.views import Endpoint
from nova.web.http import ApiRequest
from sla import services
from sla.standing import standing_of, standing_shape
from sla.steps import BY_LEVEL
from tickets.api.base import visible_ticket
from tickets.forms import MOST_REASON


class EscalateSerializer(StrictSerializer):
    """Why, and to which level: 1 senior engineer, 2 head of department, 3 operations manager.
    Without a level, to the next one up."""

    reason = Text(MOST_REASON)
    level = serializers.ChoiceField(sorted(BY_LEVEL), required=False, allow_null=True)


class EscalateView(Endpoint):
    """Escalate a ticket by hand."""

    permissions = {"post": "sla.escalate_ticket"}

    @extend_schema(request=EscalateSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest, reference: str) -> Response:
        """Tell the level asked for, or who is there above it, and keep the reason."""
        ticket = visible_ticket(request, reference)
        form = EscalateSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        stated = form.validated_data
        services.escalate_ticket(
            ticket.pk,
            reason=stated["reason"],
            level=stated.get("level"),
            actor=request.user,
            now=timezone.now(),
        )
        standing = standing_of(ticket.pk, request.user)
        return Response({"reference": ticket.reference, "escalation": standing_shape(standing)})
