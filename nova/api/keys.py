"""API keys: one's own, and for those who manage keys, everybody's."""

from http import HTTPStatus
from typing import cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from nova.accounts import services
from nova.accounts.models import ApiKey, User
from nova.accounts.permissions import permission_names
from nova.accounts.rules import EVERYTHING
from nova.api.people import PersonSerializer
from nova.api.permissions import SIGNED_IN
from nova.api.serializers import StrictSerializer, Text
from nova.api.views import EndpointSet

ONCE = "Keep the key: it is shown once, and nobody can read it again."
SHOWN = "The key was shown in the first answer. If that was lost, revoke it and make another."


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
    """A key that was just made, with its text, this once: null when the answer is given again."""

    key = serializers.CharField(read_only=True, allow_null=True)
    notice = serializers.CharField(read_only=True)

    class Meta(ApiKeySerializer.Meta):
        fields = [*ApiKeySerializer.Meta.fields, "key", "notice"]
        read_only_fields = fields


class CreateApiKeySerializer(StrictSerializer):
    """What a new key is for. `scopes` are permissions, or "*" for all that the person may do."""

    name = Text(100)
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


class ApiKeyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, EndpointSet):
    """One's own keys; for those who manage keys, everybody's."""

    permissions = {
        **dict.fromkeys(("list", "retrieve", "destroy"), SIGNED_IN),
        "create": ("accounts.make_keys", "accounts.manage_keys"),
    }
    serializer_class = ApiKeySerializer
    again = {"key": None, "notice": SHOWN}
    ordering = ("-created_at", "-pk")

    def get_queryset(self) -> QuerySet[ApiKey]:
        keys = ApiKey.objects.visible_to(_viewer(self.request))
        people = ("person__department", "person__site")
        return keys.select_related("person", *people).order_by(*self.ordering)

    @extend_schema(request=CreateApiKeySerializer, responses={201: NewApiKeySerializer})
    def create(self, request: Request) -> Response:
        _refuse_keys(request)
        asked = CreateApiKeySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        viewer = _viewer(request)
        wanted = {"person": viewer, **asked.validated_data}
        if wanted["person"] != viewer and not viewer.has_perm("accounts.manage_keys"):
            raise PermissionDenied("You may make keys for yourself only.")
        key, text = services.create_api_key(**wanted, actor=viewer, now=timezone.now())
        shown = ApiKeySerializer(key, context=self.get_serializer_context()).data
        return Response({**shown, "key": text, "notice": ONCE}, HTTPStatus.CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke a key."""
        _refuse_keys(request)
        services.revoke_api_key(self.get_object().pk, actor=_viewer(request), now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)


def _viewer(request: Request) -> User:
    return cast(User, request.user)


def _refuse_keys(request: Request) -> None:
    """Refuse a key that would make or end keys: one with few scopes would make a stronger one."""
    if isinstance(request.auth, ApiKey):
        raise PermissionDenied("Keys are managed by people, not with a key.")
