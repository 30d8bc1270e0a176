"""Calendars by API: versions, their drafts, and a year of open hours."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from nova.api.views import EndpointSet
from nova.races import once_more
from nova.web.http import ApiRequest
from sla import services
from sla.calendar_serializers import (
    CalendarSerializer,
    HoursSerializer,
    PublishSerializer,
    calendar_shape,
    version_shape,
    year_shape,
)
from sla.calendars import Malformed
from sla.models import Calendar, CalendarVersion
from sla.year import EARLIEST, LATEST, year_in, year_of

SHAPE = OpenApiTypes.OBJECT
READ, ARRANGE = "sla.view_clock", "sla.manage_sla"
WHICH = [
    OpenApiParameter("year", int, description=f"{EARLIEST} to {LATEST}; by default this one."),
    OpenApiParameter("version", int, description="By default the one in force, or the draft."),
]


class CalendarViewSet(EndpointSet):
    """When desks are open. Hours are written as a draft, which is then published."""

    request: ApiRequest
    serializer_class = CalendarSerializer
    lookup_value_regex = "[0-9]{1,18}"
    ordering = ("name", "pk")
    permissions = {
        "list": READ,
        "retrieve": READ,
        "year": READ,
        "create": ARRANGE,
        "draft": ARRANGE,
        "publish": ARRANGE,
    }

    def get_queryset(self) -> QuerySet[Calendar]:
        return Calendar.objects.filter(tenant=self.request.user.tenant_id).for_list()

    @extend_schema(responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Calendars by name: the number of the version in force, and of the draft."""
        page = self.paginate_queryset(self.get_queryset().order_by(*self.ordering))
        return self.get_paginated_response([calendar_shape(one) for one in page or ()])

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One calendar with all its versions, the newest first."""
        return Response(self._whole(pk))

    @extend_schema(responses={201: SHAPE})
    def create(self, request: ApiRequest) -> Response:
        """Add a calendar with a first draft."""
        return Response(self._whole(once_more(self._created).pk), status=201)

    @extend_schema(request=HoursSerializer, responses={201: SHAPE})
    def draft(self, request: ApiRequest, pk: str) -> Response:
        """Write the draft, or write it anew. What is in force already makes none."""
        calendar = get_object_or_404(self.get_queryset(), pk=pk)
        form = HoursSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        drafts: list[CalendarVersion] = getattr(calendar, "drafts", [])
        base = next(iter(drafts), None) or calendar.current
        written = form.written(base.written if base else None)
        try:
            services.draft_calendar(calendar.pk, written, **self._acting())
        except Malformed as error:
            raise ValidationError(error.errors) from error
        return Response(self._whole(pk), status=201)

    @extend_schema(request=PublishSerializer, responses=SHAPE)
    def publish(self, request: ApiRequest, pk: str) -> Response:
        """Put the draft in force. Without one, or if it never opens unmeant, this is refused."""
        calendar = get_object_or_404(self.get_queryset(), pk=pk)
        form = PublishSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.publish_calendar(calendar.pk, **form.validated_data, **self._acting())
        return Response(self._whole(pk))

    @extend_schema(parameters=WHICH, responses=SHAPE)
    def year(self, request: ApiRequest, pk: str) -> Response:
        """A year of open time: by month, by day, and the weeks without any."""
        calendar = get_object_or_404(self.get_queryset(), pk=pk)
        version = self._version(calendar, request.query_params.get("version", ""))
        hours = version.hours
        asked = request.query_params.get("year") or str(_now().astimezone(hours.zone).year)
        number = year_in(asked)
        if number is None:
            raise ValidationError({"year": [f"Give a year from {EARLIEST} to {LATEST}."]})
        return Response(year_shape(version, year_of(hours, number)))

    def _created(self) -> Calendar:
        form = CalendarSerializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        name, written = form.validated_data["name"], form.written()
        try:
            return services.create_calendar(name, written, **self._acting())
        except Malformed as error:
            raise ValidationError(error.errors) from error

    def _whole(self, pk: object) -> dict[str, Any]:
        calendar = get_object_or_404(self.get_queryset(), pk=pk)
        versions = CalendarVersion.objects.filter(calendar=calendar).select_related("author")
        newest = [*versions.order_by("-number"), None]
        shapes = [version_shape(one, former) for one, former in pairwise(newest) if one]
        return {**calendar_shape(calendar), "versions": shapes}

    def _version(self, calendar: Calendar, asked: str) -> CalendarVersion:
        drafts: list[CalendarVersion] = getattr(calendar, "drafts", [])
        usual = calendar.current or next(iter(drafts), None)
        if asked:
            if not (asked.isascii() and asked.isdecimal() and len(asked) <= len("99999")):
                raise ValidationError({"version": ["Give the number of a version."]})
            usual = CalendarVersion.objects.filter(calendar=calendar, number=int(asked)).first()
        if usual is None:
            raise NotFound
        return usual

    def _acting(self) -> dict[str, Any]:
        return {"actor": self.request.user, "now": _now()}


def _now() -> datetime:
    return timezone.now()
