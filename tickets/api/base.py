"""What all endpoints of one ticket share: the reference, the fence and the lens."""

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from nova.accounts.models import User
from nova.api.views import EndpointSet
from nova.web.http import ApiRequest
from nova.web.numbers import number_in
from tickets.lens import Lens
from tickets.models import Ticket, TicketQuerySet
from tickets.proxies import may_answer, person_behind


class TicketEndpoints(EndpointSet):
    """Verbs of a ticket that the caller may see."""

    request: ApiRequest
    lookup_field = "reference"
    lookup_value_regex = r"[Tt]-\d{1,18}"

    def get_queryset(self) -> TicketQuerySet:
        return Ticket.objects.visible_to(self.request.user)

    def get_object(self) -> Ticket:
        return visible_ticket(self.request, self.kwargs["reference"])

    @property
    def lens(self) -> Lens:
        return Lens.of(self.request.user)

    def need(self, permission: str, because: str) -> None:
        """Refuse with 403 unless the caller holds a permission."""
        if not self.request.user.has_perm(permission):
            self.permission_denied(self.request, because)

    def behind(self, ticket: Ticket) -> User | None:
        """Return in whose name the caller acts on a ticket; None: their own, or the desk's.

        Refuses with 403 who may only follow it.
        """
        if self.lens.desk:
            return None
        if not may_answer(ticket, self.request.user):
            self.permission_denied(self.request, "You may follow this ticket, no more.")
        return person_behind(ticket, self.request.user)

    def expected_version(self) -> int | None:
        """Return the version that `If-Match` names; None when any will do."""
        given = self.request.headers.get("If-Match", "*").strip().removeprefix("W/").strip('"')
        if given == "*":
            return None
        version = number_in(given)
        if version is None:
            raise serializers.ValidationError({"If-Match": ["Give the ETag as you got it."]})
        return version


def visible_ticket(request: ApiRequest, reference: str) -> Ticket:
    """Return the ticket of a reference; 404 where the caller may not see it."""
    tickets = Ticket.objects.visible_to(request.user)
    return get_object_or_404(tickets, number=int(reference[2:]))
