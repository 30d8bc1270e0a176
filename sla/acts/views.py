"""Escalating by hand: one ticket, or those that are selected in a queue."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nova.errors import Refused
from nova.web.http import Request
from sla import services
from sla.acts.forms import EscalateForm
from sla.standing import standing_of
from tickets.models import Ticket
from tickets.views import bulk
from tickets.views.answers import INVALID, dialog, done, page_of, visible

TEMPLATE = "sla/escalate.html"
ESCALATES = ("tickets.view_ticket", "sla.escalate_ticket")


@require_http_methods(["GET", "POST"])
@permission_required(ESCALATES, raise_exception=True)
def escalate(request: Request, reference: str) -> HttpResponse:
    """Ask to which level and why, and tell who stands there."""
    ticket = visible(request, reference)
    form = EscalateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            event = services.escalate_ticket(ticket.pk, **_acting(request, form))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            told = ", ".join(each["name"] for each in event.told)
            said = _("%(told)s will hear of it.") % {"told": told}
            return done(request, page_of(ticket), said)
    return _asked(request, ticket, form)


@require_POST
@permission_required([*ESCALATES, "tickets.bulk_edit_tickets"], raise_exception=True)
def escalate_selected(request: Request) -> HttpResponse:
    """Ask once for all the selected tickets, and escalate those that may be."""
    selected = bulk.selection(request)
    form = EscalateForm(bulk.stated(request))
    if form.is_valid():
        refused = services.escalate_many(selected.pks, **_acting(request, form))
        return bulk.acted(request, selected, refused)
    return bulk.asked(request, TEMPLATE, reverse("escalation:bulk_escalate"), selected, form)


def _acting(request: Request, form: EscalateForm) -> dict[str, Any]:
    stated = form.cleaned_data
    return {
        "level": stated["level"],
        "reason": stated["reason"],
        "actor": request.user,
        "now": timezone.now(),
    }


def _asked(request: Request, ticket: Ticket, form: EscalateForm) -> HttpResponse:
    context = {
        "ticket": ticket,
        "form": form,
        "standing": standing_of(ticket.pk, request.user),
        "action": reverse("escalation:escalate", args=[ticket.reference]),
        "back": page_of(ticket),
    }
    return dialog(request, TEMPLATE, context, status=INVALID if form.is_bound else 200)
