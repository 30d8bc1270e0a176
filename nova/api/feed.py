"""The feed: every fact of a tenant in order and without gaps, to be replayed at will."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from nova.accounts.models import User
from nova.events import lens
from nova.events.base import Event
from nova.events.models import EventRecord
from nova.events.sequence import advance

PEOPLE = ("actor", "on_behalf_of")
PLAIN = ("sequence", "name", "subject", "subject_id", "occurred_at", "payload", "hash")
LARGEST = 2**63 - 1


class FeedQuery(serializers.Serializer):
    """Where to read on, how much, and which facts."""

    after = serializers.IntegerField(min_value=0, max_value=LARGEST, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=1000, default=100)
    name = serializers.CharField(required=False)

    def validate_name(self, name: str) -> str:
        if name not in Event.types:
            raise serializers.ValidationError("No event is called so.")
        return name


class FactPerson(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class Fact(serializers.Serializer):
    """One event. `hash` is its seal, "" until it is sealed, absent where a field is withheld."""

    sequence = serializers.IntegerField()
    name = serializers.CharField()
    subject = serializers.CharField()
    subject_id = serializers.IntegerField(allow_null=True)
    actor = FactPerson()
    on_behalf_of = FactPerson(allow_null=True)
    occurred_at = serializers.DateTimeField()
    payload = serializers.DictField()
    hash = serializers.CharField(required=False)


class Feed(serializers.Serializer):
    """Facts, and where to go on: `after` passes also what was not asked for."""

    results = Fact(many=True)
    after = serializers.IntegerField()
    next = serializers.URLField()


class EventFeed(APIView):
    """Read on in the tenant's sequence. Ask `next` again and again; nothing is ever skipped."""

    permissions = {"get": "events.read_feed"}

    @extend_schema(parameters=[FeedQuery], responses=Feed)
    def get(self, request: Request) -> Response:
        query = FeedQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        advance(request.user.tenant_id)  # type: ignore[union-attr]
        facts, after = read(holds=request.user.has_perm, **query.validated_data)
        link = replace_query_param(request.build_absolute_uri(), "after", str(after))
        return Response({"results": facts, "after": after, "next": link})


def read(
    *, holds: lens.Holds, after: int, limit: int, name: str | None = None
) -> tuple[list[dict[str, Any]], int]:
    """Return the present tenant's facts that follow `after`, and where to read on."""
    last = EventRecord.objects.exclude(sequence=None).order_by("-sequence")
    end: int = last.values_list("sequence", flat=True).first() or 0
    records = EventRecord.objects.numbered_after(after).filter(sequence__lte=end)
    records = records.filter(name=name) if name else records
    records = records.exclude(name__in=lens.hidden_names(holds))
    rows = list(records.values(*PLAIN, *PEOPLE)[:limit])
    reached = rows[-1]["sequence"] if len(rows) == limit else max(end, after)
    names = _names(rows)
    return [lens.shown(_fact(row, names), holds) for row in rows], reached


def _names(rows: list[dict[str, Any]]) -> dict[int, str]:
    """Return who acts in these rows, by id: joined, they would cost the order of the index."""
    people = {row[role] for row in rows for role in PEOPLE}
    return dict(User.objects.filter(pk__in=people).values_list("pk", "name"))


def _fact(row: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    people = {role: _person(row[role], names) for role in PEOPLE}
    return {**{key: row[key] for key in PLAIN}, **people}


def _person(pk: int | None, names: dict[int, str]) -> dict[str, Any] | None:
    return None if pk is None else {"id": pk, "name": names[pk]}
