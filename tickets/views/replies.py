"""The words kept ready, filled in for the ticket at hand: the menu of its editor."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nova.web.http import Request
from tickets import rules
from tickets.models import ReplyTemplate
from tickets.views.answers import needs, visible


@require_GET
@needs()
def templates(request: Request, reference: str) -> HttpResponse:
    """Show what this person may insert."""
    ticket = visible(request, reference)
    facts = {
        "requester": ticket.requester.name,
        "reference": ticket.reference,
        "title": ticket.title,
        "me": request.user.name,
    }
    kept = ReplyTemplate.objects.usable_by(request.user).select_related("team")
    choices = [(template, rules.filled(template.body, facts)) for template in kept]
    return render(request, "tickets/_templates.html", {"choices": choices})
