"""A small API to try what all endpoints share: sites that are listed, added and refused."""

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.urls import include, path
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from nova.accounts.models import Region, Site, User
from nova.api.permissions import SIGNED_IN
from nova.api.serializers import StrictSerializer
from nova.api.urls import unknown
from nova.api.views import Endpoint, EndpointSet
from nova.errors import Refused, Stale
from nova.tenancy.models import Tenant

handler400 = "nova.api.problems.bad_request"
handler403 = "nova.api.problems.forbidden"
handler500 = "nova.api.problems.server_error"


class SpanSerializer(StrictSerializer):
    opens = serializers.IntegerField(max_value=24)


class SiteSerializer(StrictSerializer):
    name = serializers.CharField(max_length=100)
    zone = serializers.CharField(max_length=64, required=False)
    spans = SpanSerializer(many=True, required=False)
    extra = serializers.JSONField(required=False)


class SiteViews(EndpointSet):
    serializer_class = SiteSerializer
    permissions = {"list": SIGNED_IN, "create": "accounts.manage_organisation", "lean": SIGNED_IN}

    def get_queryset(self):
        order = self.request.query_params.get("order", "zone,-name,pk").split(",")
        return Site.objects.annotate(region_name=F("region__name")).order_by(*order)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([site.name for site in page])

    def lean(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset().values("pk", "zone", "name"))
        return self.get_paginated_response(page)

    def create(self, request: Request) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        name = given.validated_data["name"]
        site = Site.objects.create(tenant_id=request.user.tenant_id, name=name)
        if name == "refused":
            raise Refused("No site is called so.")
        return Response({"id": site.pk, "name": site.name}, 201, headers={"Location": "/x"})

    def destroy(self, request: Request, pk: str) -> Response:
        Site.objects.filter(pk=pk).delete()
        return Response(status=204)


class Failing(Endpoint):
    """Fails in the way that the address says, after it wrote something."""

    permissions = {"get": SIGNED_IN}
    ways = {
        "refused": lambda: (_ for _ in ()).throw(Refused("The ticket is closed.")),
        "stale": lambda: (_ for _ in ()).throw(Stale("Somebody was faster.")),
        "missing": lambda: (_ for _ in ()).throw(Http404("secret")),
        "denied": lambda: (_ for _ in ()).throw(PermissionDenied("secret")),
        "range": lambda: list(User.objects.extra(where=["id / 0 = 1"])),
        "nul": lambda: list(Site.objects.filter(name="a\0b")),
        "twice": lambda: Region.objects.create(name="Here", tenant=Tenant.objects.get(slug="me")),
        "ours": lambda: 1 / 0,
    }

    def get(self, request: Request, way: str) -> Response:
        Tenant.objects.filter(pk=request.user.tenant_id).update(slug="me")
        Region.objects.create(name="Here", tenant_id=request.user.tenant_id)
        self.ways[way]()
        return Response({})


class Open(Endpoint):
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        return Response({"open": True})


router = SimpleRouter(trailing_slash=False)
router.register("sites", SiteViews, basename="site")
urlpatterns = [
    path("api/support/", include(router.urls)),
    path("api/support/lean", SiteViews.as_view({"get": "lean"})),
    path("api/support/open", Open.as_view()),
    path("api/support/fail/<way>", Failing.as_view()),
    path("api/", include("nova.api.urls")),
    unknown,
]
