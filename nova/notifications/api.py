"""A person's own notifications."""

from typing import cast

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from nova.accounts.models import User
from nova.api.permissions import SIGNED_IN
from nova.api.views import EndpointSet
from nova.notifications import services
from nova.notifications.devices import add_device, public_key, remove_device
from nova.notifications.models import Delivery, DeliveryQuerySet, PushSubscription
from nova.notifications.rules import device_named
from nova.notifications.serializers import (
    AddDeviceSerializer,
    CountSerializer,
    DeviceSerializer,
    NotificationSerializer,
    PublicKeySerializer,
    ReadSerializer,
    UnreadSerializer,
)
from nova.web.http import ApiRequest

COLUMNS = ("id", "kind", "subject", "text", "link", "created_at", "read_at")
DEVICE_COLUMNS = ("id", "created_at", "used_at")


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


class DeviceViewSet(EndpointSet):
    """The devices on which one is told of alerts, by Web Push."""

    serializer_class = DeviceSerializer
    permissions = dict.fromkeys(("list", "create", "destroy", "key"), SIGNED_IN)
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[PushSubscription]:
        return PushSubscription.objects.filter(person=cast(User, self.request.user))

    def list(self, request: ApiRequest) -> Response:
        rows = self.get_queryset().order_by("-id").values(*DEVICE_COLUMNS, name=F("label"))
        return self.get_paginated_response(self.paginate_queryset(rows))

    @extend_schema(request=AddDeviceSerializer, responses={201: DeviceSerializer})
    def create(self, request: ApiRequest) -> Response:
        """Register a browser, with what its Push API gave. A known one is made anew."""
        given = AddDeviceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        words = given.validated_data
        agent = request.headers.get("User-Agent", "")
        device = add_device(
            request.user,
            endpoint=words["endpoint"],
            **words["keys"],
            label=words.get("name") or device_named(agent),
            now=timezone.now(),
        )
        return Response(DeviceSerializer(device).data, status=201)

    def destroy(self, request: ApiRequest, pk: str) -> Response:
        """Tell this device of nothing any more."""
        device = get_object_or_404(self.get_queryset(), pk=pk)
        because = _("Its person removed it.")
        remove_device(device.pk, because=because, actor=request.user, now=timezone.now())
        return Response(status=204)

    @extend_schema(responses=PublicKeySerializer)
    @action(detail=False, pagination_class=None)
    def key(self, request: ApiRequest) -> Response:
        """The key to which a browser binds its registration."""
        found = public_key(request.user.tenant_id, now=timezone.now())
        return Response({"public_key": found})
