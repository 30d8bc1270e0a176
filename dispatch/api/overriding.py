"""Wishes for somebody else than the engine names, by API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from dispatch import services
from dispatch.api.deciding import person_shape
from dispatch.choices import OverrideStatus
from dispatch.events import SEE
from dispatch.models import Engineer, Override
from dispatch.services.overriding import APPROVE
from nova.accounts.models import User
from nova.api.serializers import StrictSerializer, Text
from nova.api.views import EndpointSet
from nova.web.http import ApiRequest
from tickets.api.base import visible_ticket
from tickets.models import Ticket

SHAPE = OpenApiTypes.OBJECT
STATUS = OpenApiParameter("status", str, enum=OverrideStatus.values)
ASK = "dispatch.override_engine"


class OverrideSerializer(StrictSerializer):
    """For which ticket, who, why, and who approves: ids of people."""

    ticket = serializers.RegexField(r"^[Tt]-\d{1,18}$")
    engineer = serializers.IntegerField(min_value=1)
    reason = Text(250)
    approved_by = serializers.IntegerField(min_value=1)


class SettledSerializer(StrictSerializer):
    comment = Text(250, required=False, allow_blank=True, default="")


class OverrideViewSet(EndpointSet):
    """Where people see it otherwise than the engine."""

    request: ApiRequest
    permissions = {
        "list": SEE,
        "create": ASK,
        "approve": APPROVE,
        "refuse": APPROVE,
        "withdraw": ASK,
    }
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Override]:
        visible = Ticket.objects.visible_to(self.request.user)
        named = Override.objects.filter(ticket__in=visible).order_by("-asked_at", "-pk")
        return named.select_related("ticket", "chosen", "asked_by", "approver", "decided_by")

    @extend_schema(parameters=[STATUS], responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Wishes, the newest first."""
        found, status = self.get_queryset(), request.query_params.get("status", "")
        if status and status not in OverrideStatus.values:
            raise ValidationError({"status": [", ".join(OverrideStatus.values)]})
        if status:
            found = found.filter(status=status)
        page = self.paginate_queryset(found)
        return self.get_paginated_response([override_shape(each) for each in page or ()])

    @extend_schema(request=OverrideSerializer, responses={201: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Ask for somebody; who may approve and names themselves decides at once."""
        form = OverrideSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        stated = form.validated_data
        ticket = visible_ticket(request, stated["ticket"])
        asked = services.ask_override(
            ticket.pk,
            _engineer(stated["engineer"]),
            reason=stated["reason"],
            approver=_person(stated["approved_by"], "approved_by"),
            actor=request.user,
            now=timezone.now(),
        )
        return Response(override_shape(self.get_queryset().get(pk=asked.pk)), status=201)

    @extend_schema(request=SettledSerializer, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def approve(self, request: ApiRequest, pk: str) -> Response:
        """Give the ticket to whom was asked for."""
        return self._settle(services.approve_override, comment=_comment(request))

    @extend_schema(request=SettledSerializer, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def refuse(self, request: ApiRequest, pk: str) -> Response:
        """Leave the ticket where it is."""
        return self._settle(services.refuse_override, comment=_comment(request))

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: ApiRequest, pk: str) -> Response:
        """Take a wish of your own back."""
        return self._settle(services.withdraw_override)

    def _settle(self, verb: Any, **told: str) -> Response:
        asked = self.get_object().pk
        verb(asked, actor=self.request.user, now=timezone.now(), **told)
        return Response(override_shape(self.get_queryset().get(pk=asked)))


def override_shape(override: Override) -> dict[str, Any]:
    return {
        "id": override.pk,
        "ticket": override.ticket.reference,
        "decision": override.decision_id,
        "engineer": person_shape(override.chosen),
        "reason": override.reason,
        "asked_by": person_shape(override.asked_by),
        "asked_at": override.asked_at,
        "approved_by": person_shape(override.approver),
        "status": override.status,
        "decided_by": person_shape(override.decided_by),
        "decided_at": override.decided_at,
        "comment": override.comment,
    }


def _comment(request: ApiRequest) -> str:
    form = SettledSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    return str(form.validated_data["comment"])


def _engineer(pk: int) -> User:
    engineers = Engineer.objects.at_work().select_related("person")
    found = engineers.filter(person=pk).first()
    if found is None:
        raise ValidationError({"engineer": ["There is no such engineer at work."]})
    return found.person


def _person(pk: int, field: str) -> User:
    found = User.objects.active().filter(pk=pk).first()
    if found is None:
        raise ValidationError({field: ["There is no such person."]})
    return found
