"""People, keys and tokens, as the API shows them and takes them in."""

from typing import Any

from rest_framework import serializers

from nova.accounts.models import ApiKey, User
from nova.accounts.permissions import permission_names
from nova.accounts.rules import EVERYTHING
from nova.api.serializers import StrictSerializer


class PersonSerializer(serializers.ModelSerializer):
    """A person, as a picker shows them. Who is a VIP is told only to those who may know."""

    department = serializers.CharField(source="department.name", allow_null=True, read_only=True)
    site = serializers.CharField(source="site.name", allow_null=True, read_only=True)
    vip_level = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "name", "email", "title", "department", "site", "vip_level"]
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is None or not request.user.has_perm("tickets.view_vip_flag"):
            del fields["vip_level"]
        return fields


class MeSerializer(serializers.ModelSerializer):
    """Whoever asks, and what they may do."""

    tenant = serializers.CharField(source="tenant.slug", read_only=True)
    roles: serializers.SlugRelatedField = serializers.SlugRelatedField(
        "name", many=True, read_only=True
    )
    permissions = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name", "email", "title", "zone", "tenant", "roles", "permissions"]
        read_only_fields = fields

    def get_permissions(self, person: User) -> list[str]:
        return sorted(person.permissions)


class ApiKeySerializer(serializers.ModelSerializer):
    """A key, without the secret that nobody keeps."""

    person = PersonSerializer(read_only=True)

    class Meta:
        model = ApiKey
        fields = [
            "id",
            "name",
            "prefix",
            "person",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        ]
        read_only_fields = fields


class NewApiKeySerializer(ApiKeySerializer):
    """A key that was just made, with its text, this once."""

    key = serializers.CharField(read_only=True)

    class Meta(ApiKeySerializer.Meta):
        fields = [*ApiKeySerializer.Meta.fields, "key"]
        read_only_fields = fields


class CreateApiKeySerializer(StrictSerializer):
    """What a new key is for. `scopes` are permissions, or "*" for all that the person may do."""

    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    person = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.active().who_sign_in(), required=False
    )

    def validate_scopes(self, scopes: list[str]) -> list[str]:
        unknown = sorted(set(scopes) - permission_names() - {EVERYTHING})
        if unknown:
            raise serializers.ValidationError(f"No permission is called {', '.join(unknown)}.")
        return scopes


class SignInSerializer(StrictSerializer):
    """`otp` is the code of the authenticator app, or a recovery code, where one is set up."""

    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    otp = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=2000)


class AccessSerializer(serializers.Serializer):
    """An access token, and for how long it is good."""

    access = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds")


class TokenPairSerializer(AccessSerializer):
    refresh = serializers.CharField()
