"""Saved views of the queue: one's own, and those that others on the desk share."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from nova.api.serializers import StrictSerializer, Text
from nova.api.views import EndpointSet
from nova.web.http import ApiRequest
from tickets import services
from tickets.models import SavedView


class SavedViewSerializer(serializers.ModelSerializer):
    """A view as it is read. `query` is what stands in the queue's address."""

    owner = serializers.EmailField(source="owner.email", read_only=True)

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "is_shared", "owner"]
        read_only_fields = fields


class EditViewSerializer(StrictSerializer):
    """Another name, and whether the whole desk shall have it."""

    name = Text(60)
    is_shared = serializers.BooleanField(default=False)


class KeepViewSerializer(EditViewSerializer):
    """A queue with its filters, to be kept under a name."""

    query = Text(1000, allow_blank=True)


class SavedViewSet(EndpointSet):
    """Saved views: keep, rename, share and forget."""

    request: ApiRequest
    serializer_class = SavedViewSerializer
    lookup_value_regex = r"\d{1,18}"
    permissions = dict.fromkeys(
        ("list", "create", "partial_update", "destroy"), "tickets.view_ticket"
    )

    def get_queryset(self) -> QuerySet[SavedView]:
        return SavedView.objects.usable_by(self.request.user).select_related("owner")

    @extend_schema(responses=SavedViewSerializer(many=True))
    def list(self, request: ApiRequest) -> Response:
        """One's own views and those that are shared, by name."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(SavedViewSerializer(page, many=True).data)

    @extend_schema(request=KeepViewSerializer, responses={201: SavedViewSerializer})
    def create(self, request: ApiRequest) -> Response:
        """Keep a view. A name that one has used already is refused."""
        stated = _stated(KeepViewSerializer(data=request.data))
        view = services.add_view(request.user, **stated)
        return Response(SavedViewSerializer(view).data, 201)

    @extend_schema(request=EditViewSerializer, responses=SavedViewSerializer)
    def partial_update(self, request: ApiRequest, pk: str) -> Response:
        """Rename a view of one's own, and share it or not."""
        view = self._own(pk)
        stated = _stated(EditViewSerializer(data=request.data, partial=True))
        wanted = {"name": view.name, "is_shared": view.is_shared, **stated}
        return Response(SavedViewSerializer(services.edit_view(view, **wanted)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: ApiRequest, pk: str) -> Response:
        """Forget a view of one's own."""
        services.forget_view(self._own(pk))
        return Response(status=204)

    def _own(self, pk: str) -> SavedView:
        return get_object_or_404(self.get_queryset(), pk=pk, owner=self.request.user)


def _stated(form: StrictSerializer) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
