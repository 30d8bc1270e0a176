"""A person's own notifications."""

from typing import cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from nova.accounts.models import User
from nova.api.permissions import SIGNED_IN
from nova.api.views import EndpointSet
from nova.notifications import services
from nova.notifications.models import Delivery, DeliveryQuerySet
from nova.notifications.serializers import (
    CountSerializer,
    NotificationSerializer,
    ReadSerializer,
    UnreadSerializer,
)
from nova.web.http import ApiRequest

COLUMNS = ("id", "kind", "subject", "text", "link", "created_at", "read_at")


class NotificationViewSet(EndpointSet):
    """What one was told, newest first, and that one has read it."""

    serializer_class = NotificationSerializer
    permissions = {"list": SIGNED_IN, "read": SIGNED_IN}

    def get_queryset(self) -> DeliveryQuerySet:
        person = cast(User, self.request.user)
        return Delivery.objects.visible_to(person).order_by("-id")

    @extend_schema(parameters=[UnreadSerializer])
    def list(self, request: ApiRequest) -> Response:
        unread = request.query_params.get("unread")
        asked = UnreadSerializer(data={} if unread is None else {"unread": unread})
        asked.is_valid(raise_exception=True)
        rows = self.get_queryset()
        rows = rows.unread() if asked.validated_data["unread"] else rows
        return self.get_paginated_response(self.paginate_queryset(rows.values(*COLUMNS)))

    @extend_schema(request=ReadSerializer, responses=CountSerializer)
    @action(detail=False, methods=["post"])
    def read(self, request: ApiRequest) -> Response:
        given = ReadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        ids = given.validated_data.get("ids")
        count = services.mark_read(request.user, ids, now=timezone.now())
        return Response({"read": count})
