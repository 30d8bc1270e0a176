"""The feed: every fact of a tenant in order and without gaps, to be replayed at will."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from nova.events import lens
from nova.events.base import Event
from nova.events.models import EventRecord
from nova.events.sequence import advance

PEOPLE = ("actor_id", "actor__name", "on_behalf_of_id", "on_behalf_of__name")
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
    return [lens.shown(_fact(row), holds) for row in rows], reached


def _fact(row: dict[str, Any]) -> dict[str, Any]:
    plain = {key: row[key] for key in PLAIN}
    return {**plain, "actor": _person(row, "actor"), "on_behalf_of": _person(row, "on_behalf_of")}


def _person(row: dict[str, Any], role: str) -> dict[str, Any] | None:
    pk = row[f"{role}_id"]
    return None if pk is None else {"id": pk, "name": row[f"{role}__name"]}
