"""The balancer by API: what a round would move, a round at once, and the last ones."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from dispatch import services
from dispatch.api.deciding import person_shape
from dispatch.balancing.words import why
from dispatch.rounds import Run, last_runs
from nova.accounts.models import User
from nova.api.serializers import StrictSerializer
from nova.api.views import Endpoint
from nova.web.http import ApiRequest
from tickets.models import Ticket


class BalanceSerializer(StrictSerializer):
    """`dry_run` says what a round would move, and moves nothing."""

    dry_run = serializers.BooleanField(required=False, default=True)


class BalanceView(Endpoint):
    """A round of the balancer."""

    permissions = {"get": "dispatch.run_balancer", "post": "dispatch.run_balancer"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        """The last rounds that moved something, the latest first: at most twenty."""
        _page, runs = last_runs(request.user)
        return Response({"results": [_round(each) for each in runs]})

    @extend_schema(request=BalanceSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: ApiRequest) -> Response:
        """What a round would move now, or, with `dry_run` false, move it at once."""
        form = BalanceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        tenant_id, now = request.user.tenant_id, timezone.now()
        if not form.validated_data["dry_run"]:
            run = services.balance(tenant_id, actor=request.user, now=now)
            moved = {"moves": run.moves, "left_over": run.left_over} if run else _nothing()
            return Response({"dry_run": False, **moved})
        planned = services.plan_balance(tenant_id, now=now)
        return Response(
            {"dry_run": True, **(_shape(planned, request.user) if planned else _nothing())}
        )


def _round(each: Run) -> dict[str, Any]:
    run = each.run
    return {
        "id": run.pk,
        "at": run.at,
        "policy": run.policy.number,
        "started_by": each.by,
        "moves": run.moves,
        "left_over": run.left_over,
    }


def _nothing() -> dict[str, Any]:
    return {"moves": 0, "left_over": 0}


def _shape(planned: services.Planned, reader: User) -> dict[str, Any]:
    """Return a plan, of which the reader is told the moves of tickets that they see."""
    moves = planned.plan.moves
    visible = Ticket.objects.visible_to(reader).filter(pk__in=[move.ticket for move in moves])
    seen = set(visible.values_list("pk", flat=True))
    people = User.objects.in_bulk({pk for m in moves for pk in (m.source, m.target) if pk})
    return {
        "moves": len(moves),
        "left_over": len(planned.plan.postponed),
        "results": [
            {
                "ticket": planned.tickets[move.ticket].reference,
                "from": person_shape(people.get(move.source or 0)),
                "to": person_shape(people.get(move.target or 0)),
                "reason": move.reason,
                "because": why(move),
            }
            for move in moves
            if move.ticket in seen
        ],
    }
