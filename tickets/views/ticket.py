"""The ticket's page for technicians. Its parts also render alone, when something has changed."""

from collections.abc import Sequence
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from nova.web.http import Request
from tickets.models import Attachment, Ticket
from tickets.services import note_seen
from tickets.showing import Context, files_of, head_of, panels_of, shape_of, side_of
from tickets.timeline import Viewing, changes_of, newest_event, timeline_of
from tickets.views.answers import needs, number_of, visible
from tickets.views.talking import editor_context

PEEK_TURNS = 4


@require_GET
def ticket(request: Request, reference: str) -> HttpResponse:
    """The whole page; requesters have their own. A deleted one says so to who may restore it."""
    if not request.user.has_perm("tickets.view_ticket"):
        return redirect("portal:ticket", reference)
    found = _ticket(request, reference)
    if found.deleted_at:
        return render(request, "tickets/ticket_deleted.html", {"ticket": found})
    now = timezone.now()
    since = note_seen(found, request.user, now=now) or now
    shape = shape_of(found, request.user, now=now)
    files = files_of(found, request.user)
    timeline = _timeline(request, found, since, files)
    newest = timeline["timeline"].newest
    context = {
        "now": now,
        "panels": panels_of(found, request.user),
        "editor": editor_context(request, found, newest),
        **timeline,
        **side_of(found, shape, request.user, files, now=now),
        **head_of(found, shape, request.user, newest),
    }
    return render(request, "tickets/ticket.html", context)


@require_GET
@needs()
def head(request: Request, reference: str) -> HttpResponse:
    """Reference, title, acts and way."""
    found, now = visible(request, reference), timezone.now()
    shape = shape_of(found, request.user, now=now)
    context = head_of(found, shape, request.user, newest_event(found))
    return render(request, "tickets/_head.html", {**context, "now": now})


@require_GET
@needs()
def timeline(request: Request, reference: str) -> HttpResponse:
    """The conversation. `since` is when the page's reader had looked before."""
    found, now = visible(request, reference), timezone.now()
    note_seen(found, request.user, now=now)
    since, files = _instant(request.GET.get("since", "")), files_of(found, request.user)
    context = _timeline(request, found, since, files)
    return render(request, "tickets/_timeline.html", {**context, "ticket": found, "now": now})


@require_GET
@needs()
def side(request: Request, reference: str) -> HttpResponse:
    """People, facts, place, files and time."""
    found, now = visible(request, reference), timezone.now()
    shape = shape_of(found, request.user, now=now)
    files = files_of(found, request.user)
    context = side_of(found, shape, request.user, files, now=now)
    return render(request, "tickets/_side.html", {**context, "now": now})


@require_GET
@needs()
def peek(request: Request, reference: str) -> HttpResponse:
    """The ticket in short, beside the queue."""
    found, now = visible(request, reference), timezone.now()
    shape = shape_of(found, request.user, now=now)
    shown = timeline_of(found, Viewing(user=request.user), files_of(found, request.user))
    turns = [item.turn for item in shown.items if item.turn]
    context: Context = {
        **head_of(found, shape, request.user, shown.newest),
        "opening": turns[0],
        "turns": turns[1:][-PEEK_TURNS:],
        "earlier": max(0, len(turns) - 1 - PEEK_TURNS),
        "now": now,
    }
    return render(request, "tickets/_peek.html", context)


@require_GET
@needs()
def activity(request: Request, reference: str) -> HttpResponse:
    """All that happened to the ticket, newest first: in the side, or as a page."""
    found, now = visible(request, reference), timezone.now()
    changes = changes_of(found, request.user)
    context = {"ticket": found, "changes": changes, "now": now}
    name = "_activity.html" if request.htmx else "activity.html"
    return render(request, f"tickets/{name}", context)


def _ticket(request: Request, reference: str) -> Ticket:
    try:
        return visible(request, reference)
    except Http404:
        if not request.user.has_perm("tickets.delete_ticket"):
            raise
    deleted = Ticket.objects.deleted().filter(tenant=request.user.tenant_id)
    found = deleted.filter(number=number_of(reference)).first()
    if found is None:
        raise Http404
    return found


def _timeline(
    request: Request, found: Ticket, since: datetime | None, files: Sequence[Attachment]
) -> Context:
    whole = "whole" in request.GET
    shown = timeline_of(found, Viewing(user=request.user, since=since, whole=whole), files)
    return {"timeline": shown, "since": since, "whole": whole}


def _instant(text: str) -> datetime | None:
    """Return the instant that an address names, or None."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
