"""Who should work on a ticket and why: beside it, and as a drawer in which people decide."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dispatch import services
from dispatch.choices import Cause, OverrideStatus
from dispatch.engine.deciding import Card
from dispatch.events import SEE
from dispatch.forms import OverrideForm, SettleForm
from dispatch.models import Decision, Engineer, Override
from dispatch.services.overriding import APPROVE
from dispatch.telling import drafted_for, kept_of, rows_of, told_to
from nova.accounts.models import User
from nova.errors import Refused
from nova.web.http import Request
from nova.web.words import present_reader
from tickets.models import Ticket
from tickets.views.answers import INVALID, dialog, done, page_of, visible

READ = ("tickets.view_ticket", SEE)
VERBS = {
    "approve": services.approve_override,
    "refuse": services.refuse_override,
    "withdraw": services.withdraw_override,
}


@require_GET
@permission_required(READ, raise_exception=True)
def panel(request: Request, reference: str) -> HttpResponse:
    """What the engine decided last; nothing where it was never asked."""
    ticket = visible(request, reference)
    decision = _decisions(ticket).first()
    awaited = _awaited(ticket)
    if not (decision or awaited or Engineer.objects.exists()):
        return HttpResponse()
    context = {
        "ticket": ticket,
        "decision": decision,
        "awaited": awaited,
        "is_overruled": bool(decision and ticket.assignee_id not in (None, decision.primary_id)),
        "now": timezone.now(),
    }
    name = "_panel.html" if request.htmx else "panel.html"
    return render(request, f"dispatch/{name}", context)


@require_http_methods(["GET", "POST"])
@permission_required(READ, raise_exception=True)
def drawer(request: Request, reference: str) -> HttpResponse:
    """The recommended, the others and why not; ask here for somebody else."""
    ticket = visible(request, reference)
    form = OverrideForm(request.POST or None, user=request.user, initial=_initial(request))
    if request.method == "POST":
        if not request.user.has_perm("dispatch.override_engine"):
            raise Http404
        if form.is_valid() and _ask(request, ticket, form):
            return done(request, page_of(ticket), _said(ticket))
    status = INVALID if form.is_bound else 200
    context = {**_shown(request, ticket), "form": form, "back": page_of(ticket)}
    return dialog(request, "dispatch/drawer.html", context, status=status)


@require_POST
@permission_required((*READ, "dispatch.ask_engine", "tickets.assign_ticket"), raise_exception=True)
def ask(request: Request, reference: str) -> HttpResponse:
    """Let the engine decide now, and give the ticket to whom it names."""
    ticket, now = visible(request, reference), timezone.now()
    decided = services.assign_by_engine(
        [ticket.pk], cause=Cause.ASKED, actor=request.user, now=now
    )
    if not decided:
        said = _("There is nothing to decide on %(ticket)s.")
        raise Refused(said % {"ticket": ticket.reference})
    return done(request, page_of(ticket), decided[0].because)


@require_POST
@permission_required(READ, raise_exception=True)
def settle(request: Request, reference: str, pk: int, verb: str) -> HttpResponse:
    """Approve of a wish, refuse it, or take one's own back."""
    ticket = visible(request, reference)
    override = get_object_or_404(Override, pk=pk, ticket=ticket)
    needed = "dispatch.override_engine" if verb == "withdraw" else APPROVE
    if verb not in VERBS or not request.user.has_perm(needed):
        raise Http404
    stated: dict[str, Any] = {"actor": request.user, "now": timezone.now()}
    if verb != "withdraw":
        form = SettleForm(request.POST)
        if not form.is_valid():
            raise Refused(" ".join(map(str, form.errors["comment"])))
        stated["comment"] = form.cleaned_data["comment"]
    settled = VERBS[verb](override.pk, **stated)
    words = {"person": settled.chosen, "status": settled.get_status_display()}
    return done(request, page_of(ticket), _("%(person)s: %(status)s") % words)


def _decisions(ticket: Ticket) -> Any:
    named = Decision.objects.filter(ticket=ticket).order_by("-pk")
    return named.select_related("primary", "backup", "taken_from", "policy", "actor")


def _awaited(ticket: Ticket) -> Override | None:
    asked = Override.objects.filter(ticket=ticket, status=OverrideStatus.ASKED)
    return asked.select_related("chosen", "asked_by", "approver").first()


def _initial(request: Request) -> dict[str, Any]:
    chosen = request.GET.get("chosen", "")
    return {"chosen": chosen} if chosen.isdecimal() else {}


def _ask(request: Request, ticket: Ticket, form: OverrideForm) -> bool:
    stated = form.cleaned_data
    try:
        services.ask_override(
            ticket.pk,
            stated["chosen"],
            reason=stated["reason"],
            approver=stated["approver"],
            actor=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _said(ticket: Ticket) -> str:
    awaited = _awaited(ticket)
    if awaited is None:
        return _("It is given to them.")
    return _("%(person)s is asked to approve.") % {"person": awaited.approver}


def _shown(request: Request, ticket: Ticket) -> dict[str, Any]:
    """Return what would be decided now, and what was decided so far."""
    now, decisions = timezone.now(), list(_decisions(ticket)[:20])
    card = services.recommend(ticket, now) if ticket.is_open else None
    shown: dict[str, Any] = {
        "ticket": ticket,
        "decisions": decisions,
        "awaited": _awaited(ticket),
        "may_override": request.user.has_perm("dispatch.override_engine"),
        "may_approve": request.user.has_perm(APPROVE),
        "may_ask": request.user.has_perms(["dispatch.ask_engine", "tickets.assign_ticket"]),
        "now": now,
    }
    told, primary, backup = _told(card, decisions, request.user)
    reader = present_reader(now)
    return {
        **shown,
        "rows": rows_of(told, primary, backup, reader) if told else [],
        "kept": kept_of(told, reader) if told else [],
        "others": told["others"] if told else 0,
        "is_fresh": card is not None,
        "is_named": primary is not None,
        "is_theirs": primary is not None and primary == ticket.assignee_id,
    }


def _told(
    card: Card | None, decisions: Sequence[Decision], reader: User
) -> tuple[dict[str, Any] | None, int | None, int | None]:
    """Return the card to show, a fresh one or else the last that is kept, and whom it names."""
    if card:
        first, second = (
            each.engineer.pk if each else None for each in (card.primary, card.backup)
        )
        return drafted_for(card, reader), first, second
    if decisions:
        last = decisions[0]
        return told_to(last, reader), last.primary_id, last.backup_id
    return None, None, None
