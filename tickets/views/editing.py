"""Facts of a ticket, edited in place: each is a small form, and a page without JavaScript."""

from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from nova.web.http import Request
from tickets import facts, services
from tickets.conversation import html_of
from tickets.lens import Lens
from tickets.meanwhile import Verb, edits, try_form
from tickets.models import CustomField, Ticket
from tickets.shape import shapes
from tickets.timeline import newest_event
from tickets.views.answers import ACTED, INVALID, dialog, done, needs, page_of, visible


@require_http_methods(["GET", "POST"])
@needs("edit_ticket")
def fact(request: Request, reference: str, name: str) -> HttpResponse:
    """Ask for the new value of one fact, and set it."""
    ticket = visible(request, reference)
    own = facts.own_field(name, ticket.kind)
    if name not in facts.EDITABLE and own is None:
        raise Http404
    if "show" in request.GET:
        return _shown(request, ticket, name)
    form = facts.FactForm(
        request.POST if request.method == "POST" else None,
        initial={"after": newest_event(ticket)},
        field=facts.field_of(ticket, name, own),
    )
    if form.is_valid() and _is_set(request, ticket, name, own, form):
        return _answer(request, ticket, name)
    status = INVALID if form.is_bound else 200
    context = {
        "ticket": ticket,
        "form": form,
        "name": name,
        "action": request.path,
        "back": page_of(ticket),
        "now": timezone.now(),
    }
    return dialog(request, "tickets/_fact_form.html", context, status=status)


def _is_set(
    request: Request,
    ticket: Ticket,
    name: str,
    own: CustomField | None,
    form: facts.FactForm,
) -> bool:
    try:
        verb = _verb(request, ticket, name, own, form.cleaned_data["value"])
    except forms.ValidationError as error:
        form.add_error("value", error)
        return False
    field = "custom_fields" if own else name
    return try_form(form, ticket, verb, edits(field), request.user)


def _verb(
    request: Request, ticket: Ticket, name: str, own: CustomField | None, value: Any
) -> Verb:
    said: dict[str, Any] = {"actor": request.user, "now": timezone.now()}
    changes = facts.changes_to(ticket, name, value, own)
    return partial(services.edit_ticket, ticket.pk, changes, **said)


def _answer(request: Request, ticket: Ticket, name: str) -> HttpResponse:
    if not request.htmx:
        return done(request, page_of(ticket))
    # After the form has gone, so that the parts which wait for it ask again.
    return trigger_client_event(_shown(request, ticket, name), ACTED, {}, after="settle")


def _shown(request: Request, ticket: Ticket, name: str) -> HttpResponse:
    """Return the fact as it is read, in the place where its form was."""
    [shape] = shapes([ticket.pk], Lens.of(request.user), now=timezone.now())
    found = facts.facts_of(shape, facts.own_fields(shape["kind"]), can_edit=True)
    context = {
        "name": name,
        "shape": shape,
        "fact": next((fact for fact in found if fact.name == name), None),
        "words": html_of(shape["description"] or shape["title"]),
    }
    return render(request, "tickets/_fact.html", context)
