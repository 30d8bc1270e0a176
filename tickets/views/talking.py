"""What people say on a ticket, send with it, and the time they record."""

from functools import partial
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from nova.errors import Refused
from nova.web.http import Request
from nova.web.numbers import number_in
from tickets import services
from tickets.conversation import attachments_of
from tickets.files import preview_response, safe_response
from tickets.forms import ReplyForm, TimeForm
from tickets.lens import Lens
from tickets.meanwhile import attempt, named
from tickets.models import Attachment, Ticket
from tickets.timeline import Change, newest_event
from tickets.views.answers import ACTED, INVALID, act_url, done, needs, page_of, visible

ANSWERS = named("tickets.CommentAdded", "tickets.NoteAdded")


@require_POST
@needs()
def reply(request: Request, reference: str) -> HttpResponse:
    """Send a reply or add a note; where somebody answered meanwhile, ask first."""
    ticket = visible(request, reference)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        said = form.errors.get("body") or [_("Load the page again, and send it from there.")]
        return _editor(request, ticket, form, error=" ".join(map(str, said)))
    needed = "tickets.note_ticket" if form.is_internal else "tickets.reply_ticket"
    if not request.user.has_perm(needed):
        return HttpResponse(_("You may not do this."), status=403, content_type="text/plain")
    try:
        news = _sent(request, ticket, form)
    except Refused as error:
        return _editor(request, ticket, form, error=str(error))
    if news:
        return _editor(request, ticket, form, unseen=news[-1].actor)
    if not request.htmx:
        return redirect(page_of(ticket) + "#editor")
    return trigger_client_event(render_editor(request, ticket), ACTED, {})


@require_POST
@needs("track_time")
def track(request: Request, reference: str) -> HttpResponse:
    """Record work done."""
    ticket = visible(request, reference)
    form = TimeForm(request.POST)
    if form.is_valid():
        now = timezone.now()
        worked_on = timezone.localdate(now)
        services.track_time(
            ticket, **form.cleaned_data, worked_on=worked_on, actor=request.user, now=now
        )
        return done(request, page_of(ticket))
    context = {"time_form": form, "action": act_url(ticket, "time")}
    return render(request, "tickets/_time_form.html", context, status=INVALID)


@require_GET
@needs()
def download(request: Request, reference: str, key: str) -> FileResponse:
    """One file, as a download."""
    return safe_response(_file(request, reference, key))


@require_GET
@needs()
def preview(request: Request, reference: str, key: str) -> FileResponse:
    """One image, shown in place; what is no image is a download."""
    return preview_response(_file(request, reference, key))


def render_editor(request: Request, ticket: Ticket) -> HttpResponse:
    """Return an empty editor, to which all that has happened is in view."""
    context = editor_context(request, ticket, newest_event(ticket))
    return render(request, "components/_editor.html", context)


def editor_context(request: Request, ticket: Ticket, newest: int) -> dict[str, object]:
    """Return what the editor needs."""
    return {
        "action": act_url(ticket, "reply"),
        "draft_key": f"ticket:{ticket.pk}:person:{request.user.pk}",
        "can_reply": request.user.has_perm("tickets.reply_ticket"),
        "can_note": request.user.has_perm("tickets.note_ticket"),
        "last_seen": newest,
    }


def _sent(request: Request, ticket: Ticket, form: ReplyForm) -> list[Change]:
    """Say it with its files, all or nothing; return what must be read first."""
    # A note speaks to nobody who could be answered twice.
    is_free = form.is_internal or form.cleaned_data["send_anyway"]
    after = None if is_free else form.cleaned_data["last_seen"]
    say = partial(_say, request, ticket, form)
    return attempt(ticket, say, after=after, about=ANSWERS, user=request.user)


@transaction.atomic
def _say(request: Request, ticket: Ticket, form: ReplyForm, *, version: int) -> None:
    said: dict[str, Any] = {
        "actor": request.user,
        "now": timezone.now(),
        "is_internal": form.is_internal,
    }
    comment = services.add_comment(ticket.pk, form.cleaned_data["body"], seen=version, **said)
    for upload in request.FILES.getlist("attachments"):
        services.attach_file(ticket.pk, upload, comment=comment, **said)


def _editor(
    request: Request, ticket: Ticket, form: ReplyForm, *, error: str = "", unseen: str = ""
) -> HttpResponse:
    """Return the editor with what was typed, and why it was not sent."""
    seen = number_in(form.data.get("last_seen", "")) or 0
    context = {
        **editor_context(request, ticket, newest_event(ticket) if unseen else seen),
        "body": form.data.get("body", ""),
        "kind": form.data.get("kind"),
        "error": error,
        "unseen": unseen,
    }
    if request.htmx:
        return render(request, "components/_editor.html", context, status=INVALID)
    context |= {"ticket": ticket, "dialog": "components/_editor.html", "back": page_of(ticket)}
    return render(request, "tickets/act.html", context, status=INVALID)


def _file(request: Request, reference: str, key: str) -> Attachment:
    files = attachments_of(visible(request, reference), Lens.of(request.user))
    return get_object_or_404(files, key=key)
