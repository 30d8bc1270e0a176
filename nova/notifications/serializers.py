"""Notifications, as the API shows and takes them."""

from rest_framework import serializers

from nova.api.serializers import StrictSerializer
from nova.notifications.choices import Kind

MOST_IDS = 500


class NotificationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    subject = serializers.CharField()
    text = serializers.CharField()
    link = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


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
