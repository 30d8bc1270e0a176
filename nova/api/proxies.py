"""Who acts for whom: one's own, and for those who manage proxies, everybody's."""

from http import HTTPStatus
from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nova.accounts import services
from nova.accounts.choices import ProxyScope, ProxySource
from nova.accounts.models import Proxy, User
from nova.accounts.models.proxies import ProxyQuerySet
from nova.accounts.rules import ends_in_vain
from nova.api.fields import Person
from nova.api.permissions import SIGNED_IN
from nova.api.serializers import StrictSerializer, Text
from nova.api.views import EndpointSet

MANAGE = "accounts.manage_proxies"
VAIN = "It must end in the future, and after it starts."


class OwnPerson(Person):
    """For whom others shall act: the caller, or anybody for those who manage proxies."""

    def admits(self, found: User) -> bool:
        viewer = self.context["request"].user
        return found == viewer or viewer.has_perm(MANAGE)


class Candidate(Person):
    """Who shall act: one whom the caller may choose. All others are not told from nobody."""

    def admits(self, found: User) -> bool:
        viewer = self.context["request"].user
        if viewer.has_perm(MANAGE):
            return True
        return User.objects.may_stand_for(viewer).filter(pk=found.pk).exists()


class ActingSerializer(serializers.ModelSerializer):
    """One of the two, by id, name and e-mail."""

    class Meta:
        model = User
        fields = ["id", "name", "email"]
        read_only_fields = fields


class ProxySerializer(serializers.ModelSerializer):
    """An appointment: `proxy` acts for `person`. `state` is how it stands now."""

    person = ActingSerializer(read_only=True)
    proxy = ActingSerializer(read_only=True)
    author = ActingSerializer(read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Proxy
        fields = [
            *("id", "person", "proxy", "scopes", "starts_at", "ends_at", "state"),
            *("source", "reason", "author", "created_at", "revoked_at"),
        ]
        read_only_fields = fields

    def get_state(self, appointment: Proxy) -> str:
        return appointment.state(timezone.now()).value


class AppointSerializer(StrictSerializer):
    """Who acts for whom (by default the caller), in what, from when until when, and why."""

    person = OwnPerson(required=False)
    proxy = Candidate()
    scopes = serializers.MultipleChoiceField(choices=ProxyScope.choices, allow_empty=False)
    starts_at = serializers.DateTimeField(required=False, allow_null=True)
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    reason = Text(250, allow_blank=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ends_in_vain(attrs.get("starts_at"), attrs.get("ends_at"), timezone.now()):
            raise serializers.ValidationError({"ends_at": VAIN})
        return {"person": self.context["request"].user, **attrs}


class DismissSerializer(StrictSerializer):
    """Why it ends."""

    reason = Text(250, allow_blank=True, required=False)


class ProxyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, EndpointSet):
    """Who acts for the caller and for whom the caller acts; all of it for who manages proxies."""

    permissions = dict.fromkeys(("list", "retrieve", "create", "dismiss"), SIGNED_IN)
    serializer_class = ProxySerializer
    ordering = ("-created_at", "-pk")

    def get_queryset(self) -> ProxyQuerySet:
        found = Proxy.objects.visible_to(_viewer(self.request))
        return found.select_related("person", "proxy", "author").order_by(*self.ordering)

    @extend_schema(request=AppointSerializer, responses={201: ProxySerializer})
    def create(self, request: Request) -> Response:
        """Let somebody act. What stands already with the same terms is answered as it is."""
        asked = AppointSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        made = services.appoint_proxy(
            **asked.validated_data,
            source=ProxySource.API,
            actor=_viewer(request),
            now=timezone.now(),
        )
        return Response(self.get_serializer(made).data, HTTPStatus.CREATED)

    @extend_schema(request=DismissSerializer, responses=ProxySerializer)
    def dismiss(self, request: Request, pk: int) -> Response:
        """End it now: each of the two may. Its record stays; what is over stays as it is."""
        asked = DismissSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ended = services.dismiss_proxy(
            self.get_object().pk,
            **asked.validated_data,
            actor=_viewer(request),
            now=timezone.now(),
        )
        return Response(self.get_serializer(ended).data)


def _viewer(request: Request) -> User:
    return cast(User, request.user)
