"""Designations by API: who is a VIP by somebody's word."""

from django.shortcuts import get_object_or_404
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
from vip.models import Designation
from vip.models.designations import DesignationQuerySet
from vip.serializers import DesignateSerializer, RevokeSerializer, designation_shape

SHAPE = OpenApiTypes.OBJECT


class DesignationViewSet(Unheard, EndpointSet):
    """Who is designated, by whom, why and until when."""

    request: ApiRequest
    serializer_class = DesignateSerializer
    lookup_value_regex = r"\d{1,18}"
    ordering = ("-created_at", "-pk")
    permissions = {
        "list": "tickets.view_vip_flag",
        "retrieve": "tickets.view_vip_flag",
        "create": "vip.designate_vip",
        "revoke": "vip.designate_vip",
        "confirm": "vip.review_vip",
    }

    def get_queryset(self) -> DesignationQuerySet:
        found = Designation.objects.filter(tenant=self.request.user.tenant_id)
        return found.named()

    @extend_schema(parameters=[UNREVIEWED], responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Designations, the newest first, ended ones too."""
        found = self.get_queryset()
        if wants_unreviewed(request):
            found = found.unreviewed(timezone.now())
        page = self.paginate_queryset(found.order_by(*self.ordering))
        return self.get_paginated_response([designation_shape(d) for d in page or ()])

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One designation."""
        return Response(designation_shape(get_object_or_404(self.get_queryset(), pk=pk)))

    @extend_schema(responses={201: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Designate a person, or those of a group, department, site or floor."""
        form = DesignateSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        designation = services.designate_vip(
            form.target(), **form.terms(), actor=request.user, now=timezone.now()
        )
        return Response(designation_shape(designation), status=201)

    @extend_schema(request=RevokeSerializer, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def revoke(self, request: ApiRequest, pk: str) -> Response:
        """End a designation now; it stays on record."""
        form = RevokeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        found = get_object_or_404(self.get_queryset(), pk=pk)
        reason = form.validated_data["reason"]
        ended = services.revoke_vip(
            found.pk, reason=reason, actor=request.user, now=timezone.now()
        )
        return Response(designation_shape(ended))

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def confirm(self, request: ApiRequest, pk: str) -> Response:
        """Say that a designation is still right. It is asked for again in a year."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        kept = services.confirm_vip(found.pk, actor=request.user, now=timezone.now())
        return Response(designation_shape(kept))
