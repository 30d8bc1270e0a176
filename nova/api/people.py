"""Who is who: whoever asks, and people to pick from."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from nova.accounts.models import User
from nova.api.permissions import SIGNED_IN


class PersonSerializer(serializers.ModelSerializer):
    """A person, as a picker shows them. Who is a VIP is told only to those who may know."""

    organisation = serializers.CharField(
        source="organisation.name", allow_null=True, read_only=True
    )
    department = serializers.CharField(source="department.name", allow_null=True, read_only=True)
    site = serializers.CharField(source="site.name", allow_null=True, read_only=True)
    vip_level = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = [
            *("id", "name", "email", "title", "organisation", "department", "site"),
            "vip_level",
        ]
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


class MeView(APIView):
    """Whoever asks, and what they may do."""

    permissions = {"get": SIGNED_IN}

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)


class PersonViewSet(mixins.ListModelMixin, GenericViewSet):
    """People to pick from, by name."""

    permissions = {"list": ("accounts.look_up_people", "accounts.manage_people")}
    serializer_class = PersonSerializer
    ordering = ("name", "pk")

    def get_queryset(self) -> QuerySet[User]:
        people = User.objects.visible_to(cast(User, self.request.user)).active().who_sign_in()
        found = people.matching(self.request.query_params.get("search", ""))
        return found.select_related("organisation", "department", "site").order_by(*self.ordering)

    @extend_schema(parameters=[OpenApiParameter("search", description="Words of name or e-mail")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)
