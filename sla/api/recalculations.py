"""Recalculations by API: preview, look, apply, undo."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from nova.api.fields import Named
from nova.api.serializers import StrictSerializer, Text
from nova.api.views import EndpointSet
from nova.web.http import ApiRequest
from sla import services
from sla.choices import SCOPES_ASKED, LineKind, RecalculationScope
from sla.models import Calendar, Policy, Recalculation
from sla.showing import line_shape, recalculation_shapes
from tickets.lens import Lens

SHAPE = OpenApiTypes.OBJECT
RECALCULATE = "sla.recalculate_clocks"
KIND = OpenApiParameter("kind", enum=LineKind.values, description="Lines of this kind only.")
MOST_POLICIES = 200


class RecalculationSerializer(StrictSerializer):
    """Which clocks to recalculate, and why."""

    scope = serializers.ChoiceField(SCOPES_ASKED, default=RecalculationScope.ALL)
    policies = serializers.ListField(child=Named(Policy), required=False, max_length=MOST_POLICIES)
    calendar = Named(Calendar, required=False)
    reason = Text(200)

    def validate(self, stated: dict[str, Any]) -> dict[str, Any]:
        """Name policies by their ids, as the service takes them."""
        policies = stated.pop("policies", [])
        return {**stated, "policy_ids": [policy.pk for policy in policies]}


class RecalculationViewSet(EndpointSet):
    """What a changed policy, calendar or VIP rule does to clocks that run."""

    request: ApiRequest
    serializer_class = RecalculationSerializer
    permissions = {
        **{"list": RECALCULATE, "retrieve": RECALCULATE, "lines": RECALCULATE},
        **{"create": RECALCULATE, "apply": RECALCULATE},
        **{"undo": RECALCULATE, "cancel": RECALCULATE},
    }
    ordering = ("-pk",)
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Recalculation]:
        found = Recalculation.objects.filter(tenant=self.request.user.tenant_id)
        return found.select_related("author", "calendar")

    @extend_schema(responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Recalculations, the newest first."""
        page = self.paginate_queryset(self.get_queryset().order_by(*self.ordering))
        return self.get_paginated_response(recalculation_shapes(page or ()))

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One recalculation: how far it is, and what it comes to."""
        return Response(_shape(self.get_object()))

    @extend_schema(responses={202: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Begin a preview. It changes nothing; ask for it again to see how far it is."""
        form = RecalculationSerializer(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        begun = services.preview_recalculation(**form.validated_data, **self._acting())
        return Response(_shape(begun), status=202)

    @extend_schema(parameters=[KIND], responses=SHAPE)
    @action(detail=True, methods=["get"])
    def lines(self, request: ApiRequest, pk: str) -> Response:
        """What it does, or did, to each clock."""
        kind = request.query_params.get("kind", "")
        if kind and kind not in LineKind.values:
            raise ValidationError({"kind": [", ".join(LineKind.values)]})
        lines = self.get_object().lines.equipped()
        page = self.paginate_queryset(lines.filter(kind=kind) if kind else lines)
        lens = Lens.of(request.user)
        return self.get_paginated_response([line_shape(line, lens) for line in page or ()])

    @extend_schema(request=None, responses={202: SHAPE})
    @action(detail=True, methods=["post"])
    def apply(self, request: ApiRequest, pk: str) -> Response:
        """Begin to do what was previewed; one that stopped midway goes on."""
        return self._do(services.apply_recalculation)

    @extend_schema(request=None, responses={202: SHAPE})
    @action(detail=True, methods=["post"])
    def undo(self, request: ApiRequest, pk: str) -> Response:
        """Begin to give back the former terms, by a recalculation that is answered."""
        return self._do(services.undo_recalculation)

    @extend_schema(request=None, responses={202: SHAPE})
    @action(detail=True, methods=["post"])
    def cancel(self, request: ApiRequest, pk: str) -> Response:
        """End it early. What it has done by then stays done, and may be undone."""
        return self._do(services.cancel_recalculation)

    def _do(self, verb: Any) -> Response:
        done = verb(self.get_object().pk, **self._acting())
        return Response(_shape(done), status=202)

    def _acting(self) -> dict[str, Any]:
        return {"actor": self.request.user, "now": timezone.now()}


def _shape(recalculation: Recalculation) -> dict[str, Any]:
    return recalculation_shapes([recalculation])[0]
