"""Service levels by API: the calculator, and a ticket's clocks."""

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from nova.api.views import Endpoint
from nova.web.http import ApiRequest
from sla.calendars import Malformed
from sla.explaining import clocks_of
from sla.preview import preview
from sla.standing import standing_of, standing_shape
from tickets.api.base import visible_ticket
from tickets.lens import Lens

SHAPE = OpenApiTypes.OBJECT


class PreviewView(Endpoint):
    """The clock calculator: reads nothing and stores nothing."""

    permissions = {"post": "sla.preview_clock"}

    @extend_schema(request=SHAPE, responses=SHAPE)
    def post(self, request: ApiRequest) -> Response:
        """Say what clocks a calendar, a policy and some events make, and why."""
        try:
            return Response(preview(request.data, gettext))
        except Malformed as error:
            raise ValidationError(error.errors) from error


class TicketClocksView(Endpoint):
    """A ticket's clocks, with the ledger in words."""

    permissions = {"get": "sla.view_clock"}

    @extend_schema(responses=SHAPE)
    def get(self, request: ApiRequest, reference: str) -> Response:
        """Every cycle of every target: state, due time, and the sum that gives it; and how far
        the ticket is escalated."""
        ticket = visible_ticket(request, reference)
        found = clocks_of(ticket, Lens.of(request.user), now=timezone.now())
        standing = standing_shape(standing_of(ticket.pk, request.user))
        return Response({"results": found, "escalation": standing})
