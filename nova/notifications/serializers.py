"""Notifications, as the API shows and takes them."""

from rest_framework import serializers

from nova.api.serializers import StrictSerializer, Text
from nova.notifications.choices import Kind
from nova.notifications.outbound import NotReached, refuse_scheme
from nova.notifications.webpush import is_point, is_secret

MOST_IDS = 500


class NotificationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    subject = serializers.CharField()
    text = serializers.CharField()
    link = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class DeviceSerializer(serializers.Serializer):
    """A device, without the address and the keys that it was registered with."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="label")
    created_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)


class PublicKeySerializer(serializers.Serializer):
    public_key = serializers.CharField(help_text="The `applicationServerKey` for browsers.")


class KeysSerializer(StrictSerializer):
    """What a browser gives with its address, each in base64url."""

    p256dh = serializers.CharField(max_length=100)
    auth = serializers.CharField(max_length=40)

    def validate_p256dh(self, value: str) -> str:
        if not is_point(value):
            raise serializers.ValidationError("This is no public key of a browser.")
        return value

    def validate_auth(self, value: str) -> str:
        if not is_secret(value):
            raise serializers.ValidationError("This is no secret of a browser.")
        return value


class AddDeviceSerializer(StrictSerializer):
    """What `PushSubscription.toJSON()` of a browser says."""

    endpoint = Text(1000)
    keys = KeysSerializer()
    name = Text(80, required=False, help_text="Without it, what the browser calls itself.")

    def validate_endpoint(self, value: str) -> str:
        try:
            refuse_scheme(value)
        except NotReached as error:
            raise serializers.ValidationError(str(error)) from error
        return value


class ReadSerializer(StrictSerializer):
    """Which ones were read; without `ids`, all."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_IDS,
        required=False,
    )


class CountSerializer(serializers.Serializer):
    read = serializers.IntegerField(help_text="How many were unread before.")


class UnreadSerializer(StrictSerializer):
    """How a list is narrowed."""

    unread = serializers.BooleanField(default=False)
