"""VIPs by API: designations, and who is one."""

from typing import Any, NoReturn

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from nova.api.docs import NOWHERE
from nova.api.fields import Person
from nova.api.views import Endpoint, EndpointSet
from nova.web.http import ApiRequest
from nova.web.numbers import number_in
from tickets.lens import Lens
from vip import services
from vip.models import Designation
from vip.reading import standing_of
from vip.serializers import DesignateSerializer, RevokeSerializer, designation_shape

SHAPE = OpenApiTypes.OBJECT
WHO = OpenApiParameter("person", str, required=True, description="An id or an e-mail address.")


class Unheard(APIView):
    """An endpoint of which nobody learns who does not see the desk: to them it is not there."""

    def permission_denied(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        if request.user.is_authenticated and not Lens.of(request.user).desk:
            raise NotFound(NOWHERE)
        super().permission_denied(request, *args, **kwargs)


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
    }

    def get_queryset(self) -> QuerySet[Designation]:
        found = Designation.objects.filter(tenant=self.request.user.tenant_id)
        return found.select_related("person", "department", "site", "floor__site", "author")

    @extend_schema(responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Designations, the newest first, ended ones too."""
        page = self.paginate_queryset(self.get_queryset().order_by(*self.ordering))
        return self.get_paginated_response([designation_shape(d) for d in page or ()])

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One designation."""
        return Response(designation_shape(get_object_or_404(self.get_queryset(), pk=pk)))

    @extend_schema(responses={201: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Designate a person, department, site or floor."""
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


class LookupView(Unheard, Endpoint):
    """Whether a person is a VIP now, and why."""

    permissions = {"get": "tickets.view_vip_flag"}

    @extend_schema(parameters=[WHO], responses=SHAPE)
    def get(self, request: ApiRequest) -> Response:
        """The effective level, its source, and every ground for it."""
        given = request.query_params.get("person", "")
        number = number_in(given)
        try:
            person = Person().to_internal_value(given if number is None else number)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"person": error.detail}) from error
        found = standing_of(person, at=timezone.now())
        return Response(
            {
                "person": {"id": person.pk, "name": person.name, "email": person.email},
                "is_vip": bool(found.level),
                "level": found.level,
                "source": found.source,
                "reasons": list(found.reasons),
            }
        )
