"""The catalogue by API: policies, their versions, and which of them a ticket would get."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from nova.api.views import EndpointSet
from nova.races import once_more
from nova.web.http import ApiRequest
from sla import services
from sla.models import Policy
from sla.serializers import (
    DraftSerializer,
    MatchSerializer,
    PolicySerializer,
    match_shape,
    policy_shape,
    version_shape,
)
from sla.services.catalogue import SAID
from sla.step_shapes import without_vips
from sla.verdicts import verdicts_on
from tickets.lens import Lens

SHAPE = OpenApiTypes.OBJECT
LOOK, ARRANGE = "sla.view_clock", "sla.manage_sla"
EQUIPPED = tuple(f"current__{each}" for each in SAID)


class PolicyViewSet(EndpointSet):
    """The tenant's service-level policies, in the order in which they are tried."""

    request: ApiRequest
    serializer_class = PolicySerializer
    permissions = {
        **{"list": LOOK, "retrieve": LOOK, "versions": LOOK, "match": LOOK},
        **{"create": ARRANGE, "draft": ARRANGE, "publish": ARRANGE, "retire": ARRANGE},
    }
    ordering = ("order", "pk")
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Policy]:
        """Keep what the viewer may know: how VIPs are promised more is an adjustment."""
        policies = Policy.objects.filter(tenant=self.request.user.tenant_id)
        if not Lens.of(self.request.user).adjustments:
            policies = policies.exclude(versions__conditions__has_key="vip_level")
        return policies.select_related("current").prefetch_related(*EQUIPPED, "versions")

    @extend_schema(responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Policies with what they promise now."""
        page = self.paginate_queryset(self.get_queryset().order_by(*self.ordering))
        return self.get_paginated_response(
            [self._shown(policy_shape(policy)) for policy in page or ()]
        )

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One policy."""
        return Response(self._shown(policy_shape(self.get_object())))

    @extend_schema(responses={201: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Add a policy, in force at once unless `publish` is false. Running clocks stay."""
        return Response(self._now(once_more(self._created)), status=201)

    @extend_schema(responses=SHAPE)
    @action(detail=True, methods=["get"])
    def versions(self, request: ApiRequest, pk: str) -> Response:
        """All versions of a policy, the newest first."""
        versions = self.get_object().versions.prefetch_related(*SAID)
        rows = [self._shown(version_shape(version)) for version in versions.order_by("-number")]
        return Response({"results": rows})

    @versions.mapping.post
    @extend_schema(request=DraftSerializer, responses={201: SHAPE})
    def draft(self, request: ApiRequest, pk: str) -> Response:
        """Write the draft of the next version, in the place of the one that there may be."""
        policy = self.get_object()
        stated = self._stated(DraftSerializer, present=policy)
        version = services.draft_policy(policy.pk, **stated, **self._acting())
        return Response(self._shown(version_shape(version)), status=201)

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def publish(self, request: ApiRequest, pk: str) -> Response:
        """Put the draft in force for tickets that come from now on."""
        return Response(self._now(services.publish_policy(self.get_object().pk, **self._acting())))

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def retire(self, request: ApiRequest, pk: str) -> Response:
        """Promise by this policy no more. What it promised stays promised."""
        return Response(self._now(services.retire_policy(self.get_object().pk, **self._acting())))

    @extend_schema(request=MatchSerializer, responses=SHAPE)
    @action(detail=False, methods=["post"])
    def match(self, request: ApiRequest) -> Response:
        """Say which policy such a ticket would get, and why not the ones above it."""
        form = MatchSerializer(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        sees_all = Lens.of(request.user).adjustments
        facts, at = form.facts(), form.opened_at or timezone.now()
        found = verdicts_on(facts, request.user.tenant_id, at, with_vips=sees_all)
        return Response(match_shape(found))

    def _created(self) -> Policy:
        stated = self._stated(PolicySerializer)
        is_published = stated.pop("publish")
        policy = services.create_policy(**stated, **self._acting())
        return services.publish_policy(policy.pk, **self._acting()) if is_published else policy

    def _now(self, policy: Policy) -> dict[str, Any]:
        """Return what a policy says now, as far as the viewer may know it."""
        return self._shown(policy_shape(get_object_or_404(self.get_queryset(), pk=policy.pk)))

    def _shown(self, shape: dict[str, Any]) -> dict[str, Any]:
        return shape if Lens.of(self.request.user).adjustments else without_vips(shape)

    def _acting(self) -> dict[str, Any]:
        return {"actor": self.request.user, "now": timezone.now()}

    def _stated(self, serializer: Any, present: Policy | None = None) -> dict[str, Any]:
        sees_all = Lens.of(self.request.user).adjustments
        context = {"may_state_vips": sees_all, "may_replace_steps": sees_all or present is None}
        form = serializer(data=self.request.data, context=context)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)
