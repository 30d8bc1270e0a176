"""Tickets one by one: open, read, edit, move from stage to stage, assign."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from nova.api.permissions import SIGNED_IN
from nova.web.http import ApiRequest
from tickets import serializers as stated
from tickets import services
from tickets.api.base import TicketEndpoints
from tickets.choices import Status
from tickets.filters import filterset
from tickets.models import Ticket, TicketQuerySet
from tickets.shape import shapes

PLACE = ("id", "is_done", "vip_priority_score", "queue_at", "opened_at")
ORDERS = {
    "queue": TicketQuerySet.for_list,
    "newest": TicketQuerySet.newest,
}
TICKET = OpenApiTypes.OBJECT


class TicketViewSet(TicketEndpoints):
    """Tickets: open, read, edit, move from stage to stage, assign."""

    serializer_class = stated.EditTicketSerializer
    permissions = {
        "list": SIGNED_IN,
        "create": "tickets.open_ticket",
        "retrieve": SIGNED_IN,
        "update": "tickets.edit_ticket",
        "partial_update": "tickets.edit_ticket",
        "destroy": "tickets.delete_ticket",
        "restore": "tickets.delete_ticket",
        "transitions": SIGNED_IN,
        "assign": "tickets.assign_ticket",
        "merge": "tickets.merge_ticket",
    }

    @extend_schema(responses=TICKET)
    def list(self, request: ApiRequest) -> Response:
        """The tickets that the caller may see: the queue in its order, then what is done."""
        filters = filterset(request, self.get_queryset())
        if not filters.is_valid():
            raise serializers.ValidationError(filters.errors)
        page = self.paginate_queryset(self._ordered(filters.qs).values(*PLACE))
        ids = [row["id"] for row in page or ()]
        return self.get_paginated_response(shapes(ids, self.lens, now=timezone.now()))

    @extend_schema(request=stated.OpenTicketSerializer, responses={201: TICKET})
    def create(self, request: ApiRequest) -> Response:
        """Open a ticket. Only `title` is needed."""
        form = stated.OpenTicketSerializer(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        now = timezone.now()
        draft = form.to_draft(now=now)
        ticket = services.open_ticket(draft, actor=request.user, now=now)
        return self._answer(ticket, status=201)

    @extend_schema(responses=TICKET)
    def retrieve(self, request: ApiRequest, reference: str) -> Response:
        """One ticket. Its `ETag` serves as `If-Match` of a later write."""
        number = int(reference[2:])  # the ticket itself is read by `shapes`
        return self._answer(get_object_or_404(self.get_queryset().only("pk"), number=number))

    @extend_schema(request=stated.EditTicketSerializer, responses=TICKET)
    def partial_update(self, request: ApiRequest, reference: str) -> Response:
        """Edit the fields that are stated; `If-Match` refuses to overwrite another's edit."""
        ticket = self.get_object()
        form = stated.EditTicketSerializer(
            data=request.data,
            partial=True,
            context={"request": request, "ticket": ticket, "category": ticket.category},
        )
        form.is_valid(raise_exception=True)
        ticket = services.edit_ticket(
            ticket.pk,
            form.validated_data,
            actor=request.user,
            now=timezone.now(),
            version=self.expected_version(),
        )
        return self._answer(ticket)

    @extend_schema(request=stated.EditTicketSerializer, responses=TICKET)
    def update(self, request: ApiRequest, reference: str) -> Response:
        """The same as PATCH: what is not stated stays."""
        return self.partial_update(request, reference)

    @extend_schema(responses={204: None})
    def destroy(self, request: ApiRequest, reference: str) -> Response:
        """Take the ticket out of every list; it can be restored."""
        services.delete_ticket(self.get_object().pk, actor=request.user, now=timezone.now())
        return Response(status=204)

    @extend_schema(request=None, responses=TICKET)
    @action(detail=True, methods=["post"])
    def restore(self, request: ApiRequest, reference: str) -> Response:
        """Bring a deleted ticket back."""
        deleted = Ticket.objects.deleted().filter(tenant=request.user.tenant_id)
        ticket = get_object_or_404(deleted, number=int(reference[2:]))
        services.restore_ticket(ticket.pk, actor=request.user, now=timezone.now())
        return self._answer(ticket)

    @extend_schema(request=stated.MoveSerializer, responses=TICKET)
    @action(detail=True, methods=["post"])
    def transitions(self, request: ApiRequest, reference: str) -> Response:
        """Move the ticket to another stage. Requesters may confirm (close) or reopen theirs."""
        ticket = self.get_object()
        form = stated.MoveSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        self._check_move(form.validated_data["to"])
        ticket = services.move_ticket(
            ticket.pk,
            **form.validated_data,
            actor=request.user,
            on_behalf_of=self.behind(ticket),
            now=timezone.now(),
            version=self.expected_version(),
        )
        return self._answer(ticket)

    @extend_schema(request=stated.AssignSerializer, responses=TICKET)
    @action(detail=True, methods=["post"])
    def assign(self, request: ApiRequest, reference: str) -> Response:
        """Set who works on it."""
        ticket = self.get_object()
        form = stated.AssignSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        ticket = services.assign_ticket(
            ticket.pk,
            form.people(),
            reason=form.validated_data.get("reason", ""),
            actor=request.user,
            now=timezone.now(),
            version=self.expected_version(),
        )
        return self._answer(ticket)

    @extend_schema(request=stated.MergeSerializer, responses=TICKET)
    @action(detail=True, methods=["post"])
    def merge(self, request: ApiRequest, reference: str) -> Response:
        """End it as a duplicate of another ticket, which goes on."""
        ticket = self.get_object()
        form = stated.MergeSerializer(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        ticket = services.merge_ticket(
            ticket.pk,
            form.validated_data["into"].pk,
            reason=form.validated_data.get("reason", ""),
            actor=request.user,
            now=timezone.now(),
            version=self.expected_version(),
        )
        return self._answer(ticket)

    def _ordered(self, tickets: TicketQuerySet) -> TicketQuerySet:
        # A requester's list is by date: the queue's order would tell a VIP from others.
        usual = "queue" if self.lens.desk else "newest"
        order = self.request.query_params.get("order", usual)
        if order not in ORDERS or (order == "queue" and not self.lens.desk):
            raise serializers.ValidationError({"order": ["Give queue or newest."]})
        return ORDERS[order](tickets)

    def _check_move(self, to: str) -> None:
        if self.lens.desk or to not in (Status.CLOSED, Status.REOPENED):
            self.need("tickets.move_ticket", "You may confirm or reopen, no more.")

    def _answer(self, ticket: Ticket, status: int = 200) -> Response:
        [shape] = shapes([ticket.pk], self.lens, now=timezone.now())
        headers = {"ETag": f'"{shape["version"]}"'} if self.lens.desk else {}
        if status == 201:  # noqa: PLR2004
            headers["Location"] = f"/api/support/tickets/{shape['reference']}"
        return Response(shape, status=status, headers=headers)
