"""Stardust by API. Where it is switched off, there is nothing."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from nova.accounts.models import Team, User
from nova.api.serializers import StrictSerializer
from nova.api.views import Endpoint, EndpointSet
from nova.web.http import ApiRequest
from nova.web.numbers import number_in
from stardust import services
from stardust.choices import EntryKind
from stardust.models import Entry, EntryQuerySet
from stardust.reading import day_of, is_on_for, lines_of, mondays, takes_part

OWN, TEAM = "stardust.view_own", "stardust.view_team"
OF_TEAM = OpenApiParameter("team", int, description="Only the members of this team.")


class EntrySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    day = serializers.DateField()
    ticket = serializers.CharField(source="ticket.reference")
    kind = serializers.ChoiceField(EntryKind.choices)
    is_bonus = serializers.BooleanField()
    points = serializers.IntegerField()
    words = serializers.CharField()


class LineSerializer(serializers.Serializer):
    person = serializers.IntegerField(source="person_id")
    name = serializers.CharField()
    weeks = serializers.ListField(child=serializers.IntegerField())
    total = serializers.IntegerField()


class TeamSerializer(serializers.Serializer):
    mondays = serializers.ListField(child=serializers.DateField())
    results = LineSerializer(many=True)


class ParticipationSerializer(StrictSerializer):
    takes_part = serializers.BooleanField()


class WhileItIsOn(Endpoint):
    """An endpoint that is there only where Stardust is on."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not is_on_for(cast(User, request.user)):
            raise NotFound


class EntryViewSet(WhileItIsOn, EndpointSet):
    """One's own entries, each with its sum in words; of bonuses only who may see VIPs learns."""

    request: ApiRequest
    serializer_class = EntrySerializer
    permissions = {"list": OWN}

    def get_queryset(self) -> EntryQuerySet:
        person = self.request.user
        found = Entry.objects.visible_to(person).filter(person=person)
        return found.select_related("ticket").order_by("-id")

    def list(self, request: ApiRequest) -> Response:
        """What you earned and what was taken back, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(EntrySerializer(page, many=True).data)


class TeamView(WhileItIsOn, Endpoint):
    """What everybody who takes part earned."""

    permissions = {"get": TEAM}

    @extend_schema(parameters=[OF_TEAM], responses=TeamSerializer)
    def get(self, request: ApiRequest) -> Response:
        """Points by person and week of the last eight weeks, by name; nobody is ranked."""
        asked, today = request.query_params.get("team"), day_of(request.user, timezone.now())
        team = None
        if asked is not None:
            if number_in(asked) is None:
                raise ValidationError({"team": ["Give the id of a team."]})
            team = get_object_or_404(Team, pk=number_in(asked))
        lines = lines_of(request.user, today=today, team=team)
        shown = {"mondays": mondays(today), "results": lines}
        return Response(TeamSerializer(shown).data)


class ParticipationView(WhileItIsOn, Endpoint):
    """Whether one takes part."""

    permissions = {"get": OWN, "put": OWN}

    @extend_schema(responses=ParticipationSerializer)
    def get(self, request: ApiRequest) -> Response:
        """Whether you take part."""
        return Response({"takes_part": takes_part(request.user)})

    @extend_schema(request=ParticipationSerializer, responses=ParticipationSerializer)
    def put(self, request: ApiRequest) -> Response:
        """Take part from now on, or no more: then you earn nothing, and no list names you."""
        given = ParticipationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        verb = services.opt_in if given.validated_data["takes_part"] else services.opt_out
        verb(actor=request.user, now=timezone.now())
        return self.get(request)
