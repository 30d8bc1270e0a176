"""Acts on one ticket: as dialogs of its page and of the queue, and as plain pages."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from nova.web.http import Request
from tickets import services
from tickets.acts import steps_from
from tickets.forms import Answering, AssignForm, MergeForm, StageForm, assign_initial
from tickets.meanwhile import named, try_form
from tickets.models import Ticket
from tickets.timeline import newest_event
from tickets.views.answers import (
    INVALID,
    act_url,
    dialog,
    done,
    needs,
    number_of,
    page_of,
    visible,
)


@require_http_methods(["GET", "POST"])
@needs("assign_ticket")
def assign(request: Request, reference: str) -> HttpResponse:
    """Ask who shall work on it, and set them."""
    ticket = visible(request, reference)
    form = _assign_form(request, ticket)
    if form.is_valid():
        verb = partial(
            services.assign_ticket,
            ticket.pk,
            form.people(),
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=timezone.now(),
        )
        if try_form(form, ticket, verb, named("tickets.TicketAssigned"), request.user):
            return done(request, page_of(ticket))
    return _asked(request, "assign", ticket, form)


@require_http_methods(["GET", "POST"])
@needs("move_ticket")
def stage(request: Request, reference: str) -> HttpResponse:
    """Ask for the next stage and the words that it needs, and move the ticket there."""
    ticket = visible(request, reference)
    form = _stage_form(request, ticket)
    if form.is_valid():
        verb = partial(
            services.move_ticket,
            ticket.pk,
            form.cleaned_data["to"],
            actor=request.user,
            now=timezone.now(),
            **form.words(),
        )
        if try_form(form, ticket, verb, named("tickets.TicketMoved"), request.user):
            return done(request, page_of(ticket))
    return _asked(request, "stage", ticket, form)


@require_http_methods(["GET", "POST"])
@needs("merge_ticket")
def merge(request: Request, reference: str) -> HttpResponse:
    """Ask which ticket it is a duplicate of, and let that one go on."""
    ticket = visible(request, reference)
    stated = request.POST if request.method == "POST" else None
    form = MergeForm(stated, initial={"after": newest_event(ticket)}, user=request.user)
    if form.is_valid():
        into = form.cleaned_data["into"]
        verb = partial(
            services.merge_ticket,
            ticket.pk,
            into.pk,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=timezone.now(),
        )
        if try_form(form, ticket, verb, named("tickets.TicketMerged"), request.user):
            said = _("%(ticket)s was merged into this.") % {"ticket": ticket.reference}
            messages.success(request, said)
            there = page_of(into)
            return HttpResponseClientRedirect(there) if request.htmx else redirect(there)
    return _asked(request, "merge", ticket, form)


@require_POST
@needs("assign_ticket", "move_ticket")
def take(request: Request, reference: str) -> HttpResponse:
    """Make it mine and acknowledge it, in one click."""
    ticket = visible(request, reference)
    services.take_ticket(ticket.pk, actor=request.user, now=timezone.now())
    said = _("%(ticket)s is yours.") % {"ticket": ticket.reference}
    return done(request, page_of(ticket), said)


@require_POST
@needs("watch_ticket")
def watch(request: Request, reference: str) -> HttpResponse:
    """Be told of what happens; with `watch=off` no longer."""
    ticket = visible(request, reference)
    is_off = request.POST.get("watch") == "off"
    verb = services.remove_watcher if is_off else services.add_watcher
    verb(ticket, request.user, actor=request.user, now=timezone.now())
    return done(request, page_of(ticket))


@require_http_methods(["GET", "POST"])
@needs("delete_ticket")
def delete(request: Request, reference: str) -> HttpResponse:
    """Take the ticket out of every list, once that is confirmed by name."""
    ticket = visible(request, reference)
    if request.method == "POST":
        services.delete_ticket(ticket.pk, actor=request.user, now=timezone.now())
        said = _("%(ticket)s is deleted.") % {"ticket": ticket.reference}
        link = format_html('<a href="{}">{}</a>', page_of(ticket), _("Look at it, or restore it"))
        messages.success(request, format_html("{} {}", said, link))
        queue = reverse("tickets:pulse")
        return HttpResponseClientRedirect(queue) if request.htmx else redirect(queue)
    context = {"ticket": ticket, "action": act_url(ticket, "delete"), "back": page_of(ticket)}
    return dialog(request, "tickets/delete.html", context)


@require_POST
@needs("delete_ticket")
def restore(request: Request, reference: str) -> HttpResponse:
    """Bring a deleted ticket back."""
    deleted = Ticket.objects.deleted().filter(tenant=request.user.tenant_id)
    ticket = get_object_or_404(deleted, number=number_of(reference))
    services.restore_ticket(ticket.pk, actor=request.user, now=timezone.now())
    return redirect(page_of(ticket))


def _assign_form(request: Request, ticket: Ticket) -> AssignForm:
    stated: Any = None
    if request.method == "POST":
        stated = request.POST.copy()
        if "to_me" in stated:
            stated["assignee"] = str(request.user.pk)
    return AssignForm(
        stated,
        initial=assign_initial(ticket, newest_event(ticket)),
        user=request.user,
        others=[person for person in (ticket.assignee, ticket.backup) if person],
    )


def _stage_form(request: Request, ticket: Ticket) -> StageForm:
    steps = steps_from(ticket.status)
    stated = request.POST if request.method == "POST" else None
    to = request.GET.get("to", steps[0].to)
    return StageForm(stated, initial={"to": to, "after": newest_event(ticket)}, steps=steps)


def _asked(request: Request, act: str, ticket: Ticket, form: Answering) -> HttpResponse:
    context = {
        "ticket": ticket,
        "form": form,
        "action": act_url(ticket, act),
        "back": page_of(ticket),
        "now": timezone.now(),
    }
    status = INVALID if form.is_bound else 200
    return dialog(request, f"tickets/{act}.html", context, status=status)
