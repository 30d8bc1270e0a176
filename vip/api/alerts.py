"""Alerts of VIPs' tickets that wait for somebody, by API."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from nova.accounts.models import User
from nova.api.views import EndpointSet
from nova.notifications.choices import Kind
from nova.web.http import ApiRequest
from tickets.lens import Lens
from vip import services
from vip.api.unheard import Unheard
from vip.choices import AlertStep
from vip.leading import MOVE, SEE
from vip.models import VipAlert
from vip.models.alerts import VipAlertQuerySet


class AlertSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.reference")
    kind = serializers.ChoiceField(Kind.choices)
    level = serializers.CharField()
    opened_at = serializers.DateTimeField()
    step = serializers.ChoiceField(AlertStep.choices, help_text="How far it was escalated.")
    escalate_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class AlertViewSet(Unheard, EndpointSet):
    """What waits to be acknowledged; to who may not see VIPs it is not there."""

    serializer_class = AlertSerializer
    permissions = {"list": SEE, "acknowledge": SEE}
    lookup_value_regex = r"\d{1,18}"

    @staticmethod
    def hears(user: User) -> bool:
        return Lens.of(user).vip

    def get_queryset(self) -> VipAlertQuerySet:
        alerts = VipAlert.objects.visible_to(cast(User, self.request.user))
        return alerts.select_related("ticket", "acknowledged_by")

    def list(self, request: ApiRequest) -> Response:
        """Those that nobody has acknowledged, the newest first."""
        page = self.paginate_queryset(self.get_queryset().open().order_by("-id"))
        return self.get_paginated_response(AlertSerializer(page, many=True).data)

    @extend_schema(request=None, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: ApiRequest, pk: str) -> Response:
        """Say that you are at it. Whoever is second is told who was first, with 409."""
        if not request.user.has_perm(MOVE):
            raise PermissionDenied
        alert = get_object_or_404(self.get_queryset(), pk=pk)
        services.acknowledge_alert(alert.ticket_id, actor=request.user, now=timezone.now())
        return Response(AlertSerializer(self.get_queryset().get(pk=alert.pk)).data)
