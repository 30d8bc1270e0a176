"""Let the engine decide by API, really or as a dry run, and read what it decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from dispatch import services
from dispatch.choices import Cause
from dispatch.engine.deciding import Candidate, Card
from dispatch.events import SEE
from dispatch.models import Decision
from dispatch.telling import drafted_for, told_to
from dispatch.words import because_of
from nova.accounts.models import User
from nova.api.serializers import StrictSerializer
from nova.api.views import Endpoint
from nova.web.http import ApiRequest
from tickets.api.base import visible_ticket
from tickets.models import Ticket

MOST, LATEST = 500, 50
SHAPE = OpenApiTypes.OBJECT


class AskedSerializer(StrictSerializer):
    """Which tickets, by reference; `dry_run` says what would be decided, and changes nothing."""

    tickets = serializers.ListField(
        child=serializers.RegexField(r"^[Tt]-\d{1,18}$"), min_length=1, max_length=MOST
    )
    dry_run = serializers.BooleanField(required=False, default=False)


class AssignView(Endpoint):
    """The engine: who should have which of some tickets."""

    permissions = {"post": "dispatch.ask_engine"}

    @extend_schema(request=AskedSerializer, responses=SHAPE)
    def post(self, request: ApiRequest) -> Response:
        """Decide on open tickets together, and give them out unless it is a dry run."""
        form = AskedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        stated = form.validated_data
        tickets = _visible(request, stated["tickets"])
        now = timezone.now()
        if stated["dry_run"]:
            drafts = services.recommend_all(tickets, now)
            return Response({"dry_run": True, "results": _drafts(tickets, drafts, request.user)})
        if not request.user.has_perm("tickets.assign_ticket"):
            self.permission_denied(request, "You may look at what would be decided: dry_run.")
        decisions = services.assign_by_engine(
            [ticket.pk for ticket in tickets], cause=Cause.ASKED, actor=request.user, now=now
        )
        rows = _named().filter(pk__in=[each.pk for each in decisions]).order_by("pk")
        results = [decision_shape(each, request.user) for each in rows]
        return Response({"dry_run": False, "results": results})


class AssignmentsView(Endpoint):
    """The cards of one ticket."""

    permissions = {"get": SEE}

    @extend_schema(responses=SHAPE)
    def get(self, request: ApiRequest, reference: str) -> Response:
        """What the engine decided on it, the latest first: at most fifty."""
        ticket = visible_ticket(request, reference)
        rows = _named().filter(ticket=ticket).order_by("-pk")[:LATEST]
        return Response({"results": [decision_shape(each, request.user) for each in rows]})


def decision_shape(decision: Decision, reader: User) -> dict[str, Any]:
    """Return a decision as the API shows it to somebody."""
    return {
        "id": decision.pk,
        "ticket": decision.ticket.reference,
        "cause": decision.cause,
        "at": decision.at,
        "policy": decision.policy.number,
        "primary": person_shape(decision.primary),
        "backup": person_shape(decision.backup),
        "taken_from": person_shape(decision.taken_from),
        "because": decision.because,
        "card": told_to(decision, reader),
    }


def person_shape(person: User | None) -> dict[str, Any] | None:
    return {"id": person.pk, "name": person.name} if person else None


def _named() -> Any:
    return Decision.objects.select_related("ticket", "policy", "primary", "backup", "taken_from")


def _visible(request: ApiRequest, references: Sequence[str]) -> list[Ticket]:
    """Return the tickets in the order stated. Names those that there are not."""
    numbers = {int(reference[2:]): reference for reference in references}
    visible = Ticket.objects.visible_to(request.user).filter(number__in=numbers)
    found = {ticket.number: ticket for ticket in visible}
    missing = [reference for number, reference in numbers.items() if number not in found]
    if missing:
        raise ValidationError({"tickets": [f"There is no {', '.join(missing)}."]})
    return [found[number] for number in numbers]


def _drafts(
    tickets: Sequence[Ticket], cards: Mapping[int, Card], reader: User
) -> list[dict[str, Any]]:
    return [_draft(ticket, cards.get(ticket.pk), reader) for ticket in tickets]


def _draft(ticket: Ticket, card: Card | None, reader: User) -> dict[str, Any]:
    return {
        "ticket": ticket.reference,
        "primary": _engineer(card.primary) if card else None,
        "backup": _engineer(card.backup) if card else None,
        "because": because_of(card) if card else "",
        "card": drafted_for(card, reader) if card else None,
    }


def _engineer(each: Candidate | None) -> dict[str, Any] | None:
    return {"id": each.engineer.pk, "name": each.engineer.name} if each else None
