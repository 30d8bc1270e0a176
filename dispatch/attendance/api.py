"""The attendance service by API: which is asked, and how it answers."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from dispatch.attendance import services
from dispatch.attendance.entries import LONGEST_TOKEN, check_address, check_token
from dispatch.models import AttendanceSource
from dispatch.models.attendance import LONGEST_ADDRESS
from nova.api.serializers import StrictSerializer
from nova.api.views import Endpoint
from nova.web.http import ApiRequest

ARRANGE = "dispatch.manage_attendance"


class AttendanceSourceSerializer(StrictSerializer):
    """Which service is asked. Without a token the present one stays, unless the host differs."""

    address = serializers.URLField(max_length=LONGEST_ADDRESS, validators=[check_address])
    token = serializers.CharField(
        max_length=LONGEST_TOKEN, required=False, write_only=True, validators=[check_token]
    )
    is_on = serializers.BooleanField(default=True)

    def validate(self, stated: dict[str, Any]) -> dict[str, Any]:
        present = self.context["present"]
        if services.needs_token(present, stated["address"]) and not stated.get("token"):
            raise ValidationError({"token": [services.TOKEN_NEEDED]})
        return {"token": "", **stated}


class AttendanceSerializer(serializers.Serializer):
    """A service and how it answers. Of its token only that there is one is told."""

    address = serializers.CharField()
    has_token = serializers.SerializerMethodField()
    is_on = serializers.BooleanField()
    answered_at = serializers.DateTimeField(allow_null=True)
    failed_at = serializers.DateTimeField(allow_null=True)
    lost_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()
    failures = serializers.IntegerField()
    named = serializers.IntegerField()
    strangers = serializers.IntegerField()
    remarks = serializers.ListField(child=serializers.CharField())

    def get_has_token(self, source: AttendanceSource) -> bool:
        return bool(source.sealed_token)


class AttendanceView(Endpoint):
    """The organisation's own service that says who is at work. Without one the roster does."""

    permissions = {"get": ARRANGE, "put": ARRANGE}

    @extend_schema(responses=AttendanceSerializer)
    def get(self, request: ApiRequest) -> Response:
        """Which service is asked, when it answered last, and what was wrong."""
        source = _present(request) or AttendanceSource(is_on=False)
        return Response(AttendanceSerializer(source).data)

    @extend_schema(request=AttendanceSourceSerializer, responses=AttendanceSerializer)
    def put(self, request: ApiRequest) -> Response:
        """Set which service is asked, or that none is. It is asked at once, in the background."""
        context = {"present": _present(request)}
        given = AttendanceSourceSerializer(data=request.data, context=context)
        given.is_valid(raise_exception=True)
        services.set_source(**given.validated_data, actor=request.user, now=timezone.now())
        return self.get(request)


def _present(request: ApiRequest) -> AttendanceSource | None:
    return AttendanceSource.objects.filter(tenant=request.user.tenant_id).first()
