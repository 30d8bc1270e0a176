"""Verbs on many tickets at once: bulk edit, search, export, figures."""

from datetime import UTC
from functools import partial
from typing import Any, cast

from django.db.models import Count
from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from nova.api.pages import CursorPages
from nova.api.permissions import SIGNED_IN
from nova.text import csv_file
from nova.web.http import ApiRequest
from tickets import serializers as stated
from tickets.api.base import TicketEndpoints
from tickets.export import rows_of
from tickets.filters import filterset
from tickets.models import TicketQuerySet
from tickets.satisfaction import Satisfaction, Solved, in_all
from tickets.searching import newest_with
from tickets.services import edit_many
from tickets.services.editing import ASSIGNABLE, EDITABLE
from tickets.shape import shapes

ANSWER = OpenApiTypes.OBJECT
NEWEST = 1000
BY = ("status", "priority", "sla_state", "module")
# What a caller needs for each part of a bulk edit: what they would need for one ticket.
PARTS = {
    "tickets.edit_ticket": EDITABLE,
    "tickets.assign_ticket": ASSIGNABLE,
    "tickets.move_ticket": {"to"},
}


class ManyTicketsViewSet(TicketEndpoints):
    """Verbs on many tickets at once."""

    serializer_class = stated.BulkEditSerializer
    permissions = {
        "bulk_update": "tickets.bulk_edit_tickets",
        "search": SIGNED_IN,
        "export": "tickets.export_tickets",
        "analytics": "tickets.view_ticket",
        "satisfaction": "tickets.view_satisfaction",
    }

    @extend_schema(request=stated.BulkEditSerializer, responses=ANSWER)
    @action(detail=False, methods=["post"], url_path="bulk-update")
    def bulk_update(self, request: ApiRequest) -> Response:
        """Change up to a thousand tickets. Answers which refused, and why."""
        form = stated.BulkEditSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changes = dict(form.validated_data)
        for permission, names in PARTS.items():
            if names & changes.keys():
                self.need(permission, "You may not make this change to tickets.")
        asked = {f"T-{int(name[2:])}": int(name[2:]) for name in changes.pop("references")}
        tickets = self.get_queryset().filter(number__in=asked.values())
        found = dict(tickets.values_list("number", "pk"))
        refused = edit_many(found.values(), changes, actor=request.user, now=timezone.now())
        missing = [name for name, number in asked.items() if number not in found]
        refused |= dict.fromkeys(missing, "There is no such ticket.")
        done = [name for name in asked if name not in refused]
        return Response({"changed": done, "refused": refused})

    @extend_schema(responses=ANSWER)
    @action(detail=False, methods=["get"])
    def search(self, request: ApiRequest) -> Response:
        """Tickets with the words of `q`, newest first, with every filter of the list.

        All words; those in quotes beside each other, none after a minus; the last may be half.
        """
        words = request.query_params.get("q", "").strip()
        if not words:
            raise serializers.ValidationError({"q": ["Say what to search for."]})
        tickets = self._filtered(request, but="q")
        pages = cast(CursorPages, self.paginator)
        pages.reads_by(partial(newest_with, words), counts=tickets.with_words(words))
        page = self.paginate_queryset(tickets.newest().values("id", "opened_at"))
        ids = [row["id"] for row in page or ()]
        return self.get_paginated_response(shapes(ids, self.lens, now=timezone.now()))

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=False, methods=["get"])
    def export(self, request: ApiRequest) -> StreamingHttpResponse:
        """All tickets that the filters keep, as CSV, without a cap."""
        rows = rows_of(self._filtered(request), request.user, now=timezone.now())
        return csv_file("tickets", rows)

    @extend_schema(parameters=[stated.SatisfactionSerializer], responses=ANSWER)
    @action(detail=False, methods=["get"])
    def satisfaction(self, request: ApiRequest) -> Response:
        """CSAT of what was solved in a period, also divided; null of fewer than five answers."""
        form = stated.SatisfactionSerializer(data=request.query_params.dict())
        form.is_valid(raise_exception=True)
        given = form.validated_data
        lines = Solved(request.user, given["since"], given["until"], UTC).divided(given["by"])
        shown = [{"name": line.name, **_satisfaction(line)} for line in lines]
        return Response({**_satisfaction(in_all(lines)), "by": given["by"], "lines": shown})

    @extend_schema(responses=ANSWER)
    @action(detail=False, methods=["get"])
    def analytics(self, request: ApiRequest) -> Response:
        """How many open tickets there are, by status, priority, SLA state and module."""
        tickets = self._filtered(request).unresolved().order_by()
        figures = {
            name: {str(key): n for key, n in tickets.values_list(name).annotate(n=Count("pk"))}
            for name in BY
        }
        return Response({"open": sum(figures["status"].values()), "by": figures})

    def _filtered(self, request: ApiRequest, *, but: str = "") -> TicketQuerySet:
        filters = filterset(request, self.get_queryset())
        filters.filters.pop(but, None)
        if not filters.is_valid():
            raise serializers.ValidationError(filters.errors)
        return filters.qs


def _satisfaction(line: Satisfaction) -> dict[str, Any]:
    counts = {"solved": line.solved, "answered": line.answered}
    return {**counts, "csat": line.csat, "response_rate": line.response_rate}
