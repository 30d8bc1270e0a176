"""Service levels by API: the catalogue, the calculator, and a ticket's clocks."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from nova.api.views import Endpoint, EndpointSet
from nova.web.http import ApiRequest
from sla import services
from sla.calendars import Malformed
from sla.explaining import clocks_of
from sla.models import Policy
from sla.preview import preview
from sla.serializers import PolicySerializer, policy_shape
from tickets.api.base import visible_ticket
from tickets.lens import Lens

SHAPE = OpenApiTypes.OBJECT


class PolicyViewSet(EndpointSet):
    """The tenant's service-level policies, in the order in which they are tried."""

    request: ApiRequest
    serializer_class = PolicySerializer
    permissions = {"list": "sla.view_clock", "create": "sla.manage_sla"}
    ordering = ("order", "pk")

    def get_queryset(self) -> QuerySet[Policy]:
        # How VIPs are promised more is an adjustment that not everybody may see.
        policies = Policy.objects.filter(tenant=self.request.user.tenant_id)
        sees_all = Lens.of(self.request.user).adjustments
        return policies if sees_all else policies.filter(vip_levels=[])

    @extend_schema(responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Policies with their targets."""
        policies = self.get_queryset().prefetch_related("targets__calendar")
        page = self.paginate_queryset(policies.order_by(*self.ordering))
        rows = [policy_shape(policy, list(policy.targets.all())) for policy in page or ()]
        return self.get_paginated_response(rows)

    @extend_schema(responses={201: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Add a policy. Clocks that run keep the terms that they started with."""
        form = PolicySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        policy = services.create_policy(
            form.validated_data, actor=request.user, now=timezone.now()
        )
        targets = list(policy.targets.select_related("calendar"))
        return Response(policy_shape(policy, targets), status=201)


class PreviewView(Endpoint):
    """The clock calculator: reads nothing and stores nothing."""

    permissions = {"post": "sla.preview_clock"}

    @extend_schema(request=SHAPE, responses=SHAPE)
    def post(self, request: ApiRequest) -> Response:
        """Say what clocks a calendar, a policy and some events make, and why."""
        try:
            return Response(preview(request.data, gettext))
        except Malformed as error:
            raise ValidationError(error.errors) from error


class TicketClocksView(Endpoint):
    """A ticket's clocks, with the ledger in words."""

    permissions = {"get": "sla.view_clock"}

    @extend_schema(responses=SHAPE)
    def get(self, request: ApiRequest, reference: str) -> Response:
        """Every cycle of every target: state, due time, and the sum that gives it."""
        ticket = visible_ticket(request, reference)
        found = clocks_of(ticket, Lens.of(request.user), now=timezone.now())
        return Response({"results": found})
