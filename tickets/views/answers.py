"""How the desk's pages answer: who may, a dialog or its page, and that an act is done."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django_htmx.http import trigger_client_event

from nova.web.http import Request
from tickets.models import Ticket

INVALID = 422
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
CLOSE, ACTED, TOAST = "nova:close-dialog", "nova:acted", "nova:toast"


def needs(*verbs: str) -> Callable[[View], View]:
    """Let in who reads the desk's tickets and may do these verbs; refuse others with 403."""
    names = ["tickets.view_ticket", *(f"tickets.{verb}" for verb in verbs)]
    return permission_required(names, raise_exception=True)


def visible(request: Request, reference: str) -> Ticket:
    """Return the ticket of a reference; 404 where it may not be seen."""
    tickets = Ticket.objects.visible_to(request.user)
    return get_object_or_404(tickets, number=number_of(reference))


def number_of(reference: str) -> int:
    return int(reference[2:])


def dialog(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer a dialog to htmx, and a whole page around it to a plain browser.

    `back` in the context is where "Cancel" leads without JavaScript.
    """
    if request.htmx:
        return render(request, template, dict(context), status=status)
    return render(request, "tickets/act.html", {**context, "dialog": template}, status=status)


def done(request: Request, url: str, said: str = "") -> HttpResponse:
    """Answer that an act is done: the page's parts ask again; a plain browser goes to `url`."""
    if not request.htmx:
        if said:
            messages.success(request, said)
        return redirect(url)
    response = HttpResponse(status=204)
    if said:
        trigger_client_event(response, TOAST, {"text": said, "kind": "success"})
    for event in (ACTED, CLOSE):
        trigger_client_event(response, event, {})
    return response


def page_of(ticket: Ticket) -> str:
    return reverse("tickets:ticket", args=[ticket.reference])


def act_url(ticket: Ticket, act: str) -> str:
    return reverse(f"tickets:{act}", args=[ticket.reference])
