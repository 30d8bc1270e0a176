"""The requester's portal: report, follow, answer, confirm. The same pages for everybody."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from nova.api import idempotency, keyset
from nova.api.cursors import Cursor
from nova.errors import Refused
from nova.web.http import Request
from tickets import portal as shown
from tickets import services
from tickets.choices import Status
from tickets.conversation import html_of
from tickets.expectations import usual_span
from tickets.files import preview_response, safe_response
from tickets.in_ones_name import acted_on
from tickets.models import Attachment, Comment, DeskSettings, Ticket
from tickets.portal_forms import AnswerForm, RatingForm, ReportForm
from tickets.proxies import may_answer, person_behind
from tickets.survey import asked_of
from tickets.views.places import place_asked

PAGE = 20
BOUND = "portal"
INVALID = 422
# What an answer may say beside its words: the stage it leads to, and why it needs words.
VERDICTS: dict[str, tuple[str, object]] = {
    "": ("", gettext_lazy("Write something first, or attach a file.")),
    "solved": (Status.CLOSED, ""),
    "unsolved": (Status.REOPENED, gettext_lazy("Say what is still wrong.")),
}
may_report = permission_required("tickets.open_ticket", raise_exception=True)


@require_GET
def home(request: Request) -> HttpResponse:
    """The one question, what is open, and what was earlier."""
    tickets = shown.own_tickets(request.user)
    order = keyset.order_of(tickets, shown.ORDER)
    found = keyset.after(tickets, order, place_asked(request, BOUND), PAGE + 1)
    rows = [shown.row_of(ticket, request.user) for ticket in found[:PAGE]]
    context = {
        "rows": rows,
        "is_first_page": "after" not in request.GET,
        "next": _next(found, order),
        "topics": " ".join(f"ticket:{row.reference}" for row in rows),
        "now": timezone.now(),
    }
    return render(request, "portal/home.html", context)


@require_http_methods(["GET", "POST"])
@may_report
def report(request: Request) -> HttpResponse:
    """Ask what helps, and open the ticket."""
    is_sent = request.method == "POST"
    form = ReportForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        person=request.user,
        initial={"title": request.GET.get("title", "")},
    )
    url = _reported(request, form) if is_sent and form.is_valid() else ""
    if url:
        messages.success(request, _("We have it. You can follow it here."))
        return _go(request, url)
    context = {"form": form, "lost_files": _names(request)}
    return render(request, "portal/report.html", context, status=INVALID if is_sent else 200)


@require_GET
def ticket(request: Request, reference: str) -> HttpResponse:
    """Where it stands, what was said, and what the requester can do about it."""
    found = _own(request, reference)
    return render(request, "portal/ticket.html", _context(request, found))


@require_GET
def progress(request: Request, reference: str) -> HttpResponse:
    """What may have changed since `mode`, as a fragment: the form only if another is due."""
    context = _context(request, _own(request, reference))
    context["is_form_due"] = request.GET.get("mode") != context["mode"]
    return render(request, "portal/_progress.html", context)


@require_POST
def answer(request: Request, reference: str) -> HttpResponse:
    """Take the requester's words, and their verdict where the desk thinks it is solved."""
    found = _own(request, reference)
    if not may_answer(found, request.user):
        raise PermissionDenied
    verdict = request.POST.get("verdict", "")
    if verdict not in VERDICTS:
        return HttpResponseBadRequest()
    _stage, needs_words = VERDICTS[verdict]
    form = AnswerForm(
        request.POST, request.FILES, person=request.user, needs_words=str(needs_words)
    )
    if form.is_valid() and _answered(request, found, form, verdict):
        return _thanks(request, reference)
    context = {**_context(request, found, form), "lost_files": _names(request)}
    template = "portal/_ticket.html" if request.htmx else "portal/ticket.html"
    return render(request, template, context, status=INVALID)


@require_GET
def file(request: Request, reference: str, key: UUID) -> FileResponse:
    """One file of the conversation, always as a download."""
    return safe_response(_file(request, reference, key))


@require_GET
def preview(request: Request, reference: str, key: UUID) -> FileResponse:
    """One picture of it, shown in place; what is no picture is a download."""
    return preview_response(_file(request, reference, key))


def _own(request: Request, reference: str) -> Ticket:
    try:
        return shown.own_ticket(request.user, reference)
    except Ticket.DoesNotExist as error:
        raise Http404 from error


def _file(request: Request, reference: str, key: UUID) -> Attachment:
    return get_object_or_404(shown.files_of(_own(request, reference)), key=key)


def _context(request: Request, ticket: Ticket, form: AnswerForm | None = None) -> dict[str, Any]:
    now, behind = timezone.now(), person_behind(ticket, request.user)
    return {
        "ticket": ticket,
        "word": shown.word_of(ticket.status),
        "is_waiting": ticket.status == Status.AWAITING_CUSTOMER,
        "track": shown.track_of(ticket.status, ticket.stages.order_by("entered_at", "pk")),
        "resolution": html_of(ticket.resolution),
        "given": shown.given_of(ticket),
        "entries": shown.conversation_of(ticket, request.user),
        "mode": _mode(ticket, now) if may_answer(ticket, request.user) else "follow",
        "behind": behind,
        "acted": [] if behind else acted_on(ticket, request.user),
        "form": form or AnswerForm(person=request.user),
        "asked": (asked := asked_of(ticket, request.user, now=now)),
        "rating_form": RatingForm.of(asked.rating if asked else None),
        "now": now,
        **_usual(ticket, now),
    }


def _usual(ticket: Ticket, now: datetime) -> dict[str, object]:
    if ticket.is_done:
        return {}
    span = usual_span(ticket.tenant_id, ticket.category_id, now=now)
    return {"usual": span, "is_late": span is not None and span.is_over(ticket.opened_at, now)}


def _mode(ticket: Ticket, now: datetime) -> str:
    """Return what can be said: "reply", "verdict", "reopen", or nothing any more: "over".

    Who may only follow the ticket says nothing: "follow".
    """
    if ticket.status == Status.RESOLVED:
        return "verdict"
    if ticket.status != Status.CLOSED:
        return "reply"
    days = DeskSettings.objects.get(tenant=ticket.tenant_id).reopen_days
    is_over = ticket.closed_at and now - ticket.closed_at > timedelta(days=days)
    return "over" if is_over else "reopen"


def _reported(request: Request, form: ReportForm) -> str:
    """Return where the ticket is that the report opened, now or when it was sent before.

    Or tell the form why not, and return "": then nothing was opened.
    """
    try:
        with transaction.atomic():
            return _opened(request, form)
    except idempotency.Replay as sent_before:
        return str(sent_before.answer.headers["Location"])
    except Refused as refused:
        form.add_error(None, str(refused))
        return ""


def _opened(request: Request, form: ReportForm) -> str:
    """Open the ticket with its files, and return where it is. Raises `Replay` for a second click.

    What was changed after the first click is another report.
    """
    now, mark = timezone.now(), idempotency.fingerprint_of(request, request.user)
    is_marked = form.cleaned_data["once"]
    answer_id = idempotency.take(request.user, mark, mark, now=now) if is_marked else None
    made = services.open_ticket(form.to_draft(now=now), actor=request.user, now=now)
    _attach(request, made, form.cleaned_data.get("attachments", ()), now)
    url = reverse("portal:ticket", args=[made.reference])
    if answer_id is not None:
        idempotency.keep(answer_id, redirect(url), again={})
    return url


def _answered(request: Request, ticket: Ticket, form: AnswerForm, verdict: str) -> bool:
    """Say it, then move the ticket; both or neither."""
    now, (stage, _needs_words) = timezone.now(), VERDICTS[verdict]
    behind = person_behind(ticket, request.user)
    body, files = form.cleaned_data["body"], form.cleaned_data.get("attachments", ())
    try:
        with transaction.atomic():
            if body or files:
                said = services.add_comment(
                    ticket.pk, body, actor=request.user, on_behalf_of=behind, now=now
                )
                _attach(request, ticket, files, now, said)
            if stage and stage != ticket.status:  # a second click on the same verdict is one
                services.move_ticket(
                    ticket.pk, stage, actor=request.user, on_behalf_of=behind, now=now
                )
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _attach(
    request: Request,
    ticket: Ticket,
    files: Iterable[UploadedFile],
    now: datetime,
    comment: Comment | None = None,
) -> None:
    behind = person_behind(ticket, request.user)
    for upload in files:
        services.attach_file(
            ticket.pk,
            upload,
            comment=comment,
            actor=request.user,
            on_behalf_of=behind,
            now=now,
        )


def _thanks(request: Request, reference: str) -> HttpResponse:
    words = _("Thank you. We have it.")
    if not request.htmx:
        messages.success(request, words)
        return redirect("portal:ticket", reference)
    response = render(request, "portal/_ticket.html", _context(request, _own(request, reference)))
    return trigger_client_event(response, "nova:toast", {"text": words, "kind": "success"})


def _go(request: Request, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _names(request: Request) -> list[str]:
    """Return the files of a form that was refused: a browser does not choose them again."""
    return [upload.name or "" for upload in request.FILES.getlist("attachments")]


def _next(found: list[Ticket], order: keyset.Order) -> str:
    if len(found) <= PAGE:
        return ""
    return Cursor(keyset.values_of(found[PAGE - 1], order)).seal(BOUND)
