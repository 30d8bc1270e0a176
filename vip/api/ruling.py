"""Rules by API: whom a condition makes a VIP, tried before it is saved."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from nova.api.views import EndpointSet
from nova.web.http import ApiRequest
from vip import services
from vip.api.filters import UNREVIEWED, wants_unreviewed
from vip.api.unheard import Unheard
from vip.models import VipRule
from vip.models.ruling import VipRuleQuerySet
from vip.previewing import preview_rule
from vip.serializers import (
    EditRuleSerializer,
    PreviewRuleSerializer,
    RevokeSerializer,
    RuleSerializer,
    preview_shape,
    rule_shape,
)

SHAPE = OpenApiTypes.OBJECT
SEE, RULE = "tickets.view_vip_flag", "vip.rule_vips"


class RuleViewSet(Unheard, EndpointSet):
    """Who is a VIP by what is known of them."""

    request: ApiRequest
    serializer_class = RuleSerializer
    permissions = {
        **{"list": SEE, "retrieve": SEE, "preview": RULE, "confirm": "vip.review_vip"},
        **{"create": RULE, "partial_update": RULE, "retire": RULE},
    }
    ordering = ("name", "pk")
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> VipRuleQuerySet:
        found = VipRule.objects.filter(tenant=self.request.user.tenant_id)
        return found.select_related("author")

    @extend_schema(parameters=[UNREVIEWED], responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Rules by name, retired ones too."""
        found = self.get_queryset()
        if wants_unreviewed(request):
            found = found.unreviewed(timezone.now())
        page = self.paginate_queryset(found.order_by(*self.ordering))
        return self.get_paginated_response([rule_shape(rule) for rule in page or ()])

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One rule."""
        return Response(rule_shape(self.get_object()))

    @extend_schema(responses={201: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Make a rule. It holds from now on."""
        stated = self._stated(RuleSerializer)
        return Response(rule_shape(services.make_rule(**stated, **self._acting())), status=201)

    @extend_schema(request=EditRuleSerializer, responses=SHAPE)
    def partial_update(self, request: ApiRequest, pk: str) -> Response:
        """Change a rule. With a `version`, only if nobody else has since."""
        stated = self._stated(EditRuleSerializer)
        version = stated.pop("version", None)
        asked = self.get_object().pk
        rule = services.edit_rule(asked, stated, version=version, **self._acting())
        return Response(rule_shape(rule))

    @extend_schema(request=PreviewRuleSerializer, responses=SHAPE)
    @action(detail=False, methods=["post"])
    def preview(self, request: ApiRequest) -> Response:
        """Say what a rule would do to today's people. It changes nothing."""
        stated = self._stated(PreviewRuleSerializer)
        former = stated.pop("rule", None)
        found = preview_rule(**stated, former=former, at=timezone.now())
        return Response(preview_shape(found))

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def confirm(self, request: ApiRequest, pk: str) -> Response:
        """Say that a rule is still right. It is asked for again in a year."""
        return Response(rule_shape(services.confirm_rule(self.get_object().pk, **self._acting())))

    @extend_schema(request=RevokeSerializer, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def retire(self, request: ApiRequest, pk: str) -> Response:
        """End a rule now; it stays on record."""
        reason = self._stated(RevokeSerializer)["reason"]
        asked = self.get_object().pk
        return Response(rule_shape(services.retire_rule(asked, reason=reason, **self._acting())))

    def _stated(self, serializer: Any) -> dict[str, Any]:
        form = serializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def _acting(self) -> dict[str, Any]:
        return {"actor": self.request.user, "now": timezone.now()}
