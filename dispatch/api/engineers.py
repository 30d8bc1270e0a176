"""Engineers and their roster by API."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from dispatch import rules, services
from dispatch.attendance.gateway import gateway_of
from dispatch.calendar import MANAGE
from dispatch.models import Engineer, Skill
from dispatch.models.engineers import EngineerQuerySet
from dispatch.profile import OWN, is_own
from dispatch.reading import loads_of
from dispatch.serializers import (
    AddedSerializer,
    ChangeSerializer,
    SkillSerializer,
    StatedSerializer,
    WeekSerializer,
    change_shape,
    engineer_shape,
    roster_shape,
    window_of,
)
from nova.accounts.models import User
from nova.accounts.permissions import SEE_VIPS
from nova.api.serializers import UNKNOWN
from nova.api.views import EndpointSet
from nova.web.http import ApiRequest
from nova.web.numbers import number_in

SEE = "dispatch.view_engineers"
SHAPE = OpenApiTypes.OBJECT
OF_TEAM = OpenApiParameter("team", int, description="Only the members of this team.")
FROM = OpenApiParameter("from", OpenApiTypes.DATE, description="The first day; today without it.")
TO = OpenApiParameter("to", OpenApiTypes.DATE, description="The last day; a fortnight without it.")
OF_ONESELF = {"languages", "skills"}


def shapes_of(engineers: Sequence[Engineer], viewer: User) -> list[dict[str, Any]]:
    """Return engineers as a viewer may see them, as they stand now."""
    present = gateway_of(viewer.tenant_id)(engineers, timezone.now())
    loads = loads_of([each.person_id for each in engineers])
    return [
        engineer_shape(each, present[each.pk], loads[each.person_id], viewer) for each in engineers
    ]


class EngineerViewSet(EndpointSet):
    """Who is given work, what they bring, and when they are there."""

    request: ApiRequest
    serializer_class = StatedSerializer
    lookup_value_regex = r"\d{1,18}"
    permissions = {
        "list": SEE,
        "retrieve": SEE,
        "create": MANAGE,
        "partial_update": (MANAGE, OWN),
        "roster": SEE,
        "set_week": MANAGE,
        "add_change": (MANAGE, OWN),
        "remove_change": (MANAGE, OWN),
    }

    def get_queryset(self) -> EngineerQuerySet:
        found = Engineer.objects.filter(tenant=self.request.user.tenant_id)
        named = ("skills__skill", "certificates__certificate")
        return found.with_known().prefetch_related(*named).order_by("pk")

    @extend_schema(parameters=[OF_TEAM], responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Engineers, those too that take no work now; who is there, and what they have."""
        found, asked = self.get_queryset(), request.query_params.get("team")
        if asked is not None:
            if number_in(asked) is None:
                raise ValidationError({"team": ["Give the id of a team."]})
            found = found.filter(person__teams=number_in(asked))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(shapes_of(page or (), request.user))

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One engineer."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        return Response(shapes_of([found], request.user)[0])

    @extend_schema(request=AddedSerializer, responses={201: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Let somebody be given work."""
        form = self._form(AddedSerializer)
        made = services.add_engineer(
            form.validated_data["person"],
            form.stated(),
            actor=request.user,
            now=timezone.now(),
        )
        return Response(
            shapes_of([self.get_queryset().get(pk=made.pk)], request.user)[0], status=201
        )

    @extend_schema(request=StatedSerializer, responses=SHAPE)
    def partial_update(self, request: ApiRequest, pk: str) -> Response:
        """State what an engineer brings. Of oneself: languages, and skills up to level 3."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        form = self._form(StatedSerializer)
        acting: dict[str, Any] = {"actor": request.user, "now": timezone.now()}
        stated = form.stated()
        if request.user.has_perm(MANAGE):
            services.edit_engineer(found.pk, stated, **acting)
        elif is_own(request.user, found) and stated.keys() <= OF_ONESELF:
            services.edit_own_engineer(
                found.pk, languages=stated.get("languages"), skills=stated.get("skills"), **acting
            )
        else:
            raise PermissionDenied
        return self.retrieve(request, pk)

    @extend_schema(parameters=[FROM, TO], responses=SHAPE)
    @action(detail=True, methods=["get"])
    def roster(self, request: ApiRequest, pk: str) -> Response:
        """The week of an engineer, and what is otherwise on the days that are asked for."""
        return self._roster(self._one(pk))

    @extend_schema(request=WeekSerializer, responses=SHAPE)
    @roster.mapping.put
    def set_week(self, request: ApiRequest, pk: str) -> Response:
        """State all hours of the week at once."""
        found, form = self._one(pk), WeekSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.set_week(found.pk, form.hours(), actor=request.user, now=timezone.now())
        return self._roster(found)

    @extend_schema(request=ChangeSerializer, responses={201: SHAPE})
    @roster.mapping.post
    def add_change(self, request: ApiRequest, pk: str) -> Response:
        """State days on which it is otherwise. Of oneself: leave and other hours."""
        found, form = self._one(pk), ChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        stated = form.change()
        self._require(found, stated.kind)
        made = services.add_change(found.pk, stated, actor=request.user, now=timezone.now())
        return Response(change_shape(made, is_told=True), status=201)

    @extend_schema(
        parameters=[OpenApiParameter("change", int, OpenApiParameter.PATH)],
        request=None,
        responses={204: None},
    )
    @action(detail=True, methods=["delete"], url_path=r"roster/(?P<change>\d{1,18})")
    def remove_change(self, request: ApiRequest, pk: str, change: str) -> Response:
        """Let it be as the week says on these days, again."""
        found = self._one(pk)
        stated = get_object_or_404(found.changes.all(), pk=change)
        self._require(found, stated.kind)
        services.remove_change(stated.pk, actor=request.user, now=timezone.now())
        return Response(status=204)

    def _one(self, pk: str) -> Engineer:
        found = Engineer.objects.filter(tenant=self.request.user.tenant_id)
        return get_object_or_404(found.select_related("person"), pk=pk)

    def _roster(self, engineer: Engineer) -> Response:
        first, last = window_of(self.request.query_params.dict(), timezone.localdate())
        changes = [*engineer.changes.filter(first__lte=last, last__gte=first)]
        shape = roster_shape(engineer, [*engineer.shifts.all()], changes, self.request.user)
        return Response(shape)

    def _form(self, kind: type[StatedSerializer]) -> Any:
        """Return what was stated; who may not know of VIPs knows of no such field either."""
        form = kind(data=self.request.data)
        form.is_valid(raise_exception=True)
        if "is_for_vips" in form.validated_data and not self.request.user.has_perm(SEE_VIPS):
            raise ValidationError({"is_for_vips": [UNKNOWN]})
        return form

    def _require(self, engineer: Engineer, kind: str) -> None:
        user = self.request.user
        if user.has_perm(MANAGE):
            return
        if not is_own(user, engineer) or kind not in rules.OWN_KINDS:
            raise PermissionDenied


class SkillViewSet(EndpointSet):
    """What there is to know."""

    request: ApiRequest
    serializer_class = SkillSerializer
    permissions = {"list": SEE}

    def get_queryset(self) -> QuerySet[Skill]:
        return Skill.objects.filter(tenant=self.request.user.tenant_id).order_by("name", "pk")

    def list(self, request: ApiRequest) -> Response:
        """The skills that engineers may have and work may ask for, by name."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(SkillSerializer(page, many=True).data)
