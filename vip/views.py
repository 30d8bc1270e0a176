"""Why a ticket is a VIP's, who is at it, and what Cosmo asks: for those who may know."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nova.accounts.choices import VipLevel
from nova.web.http import Request
from tickets.choices import VipSource
from tickets.lens import Lens
from tickets.views.answers import done, visible
from vip import services
from vip.answers import answer_of
from vip.asking import JUDGE, VERBS, judged_lately, questions, waiting
from vip.explaining import lines_of
from vip.intake import counts_in
from vip.leading import MOVE
from vip.models import Recognition, VipAlert
from vip.reading import standing_of_ticket


@require_GET
def panel(request: Request, reference: str) -> HttpResponse:
    """The level that a ticket bears, by whose word, and what Cosmo takes it to be.

    Nothing where there is neither, or without the right.
    """
    lens = Lens.of(request.user)
    if not lens.desk:  # to a requester there is no such page
        raise Http404
    ticket, now = visible(request, reference), timezone.now()
    found = Recognition.objects.visible_to(request.user).filter(ticket=ticket)
    asked = questions(found.named().order_by("pk"))
    if not lens.vip or not (ticket.vip_level or asked):
        return HttpResponse()
    alerts = VipAlert.objects.filter(ticket=ticket).select_related("ticket", "acknowledged_by")
    alert = alerts.order_by("-pk").first()
    context = {
        "ticket": ticket,
        "level": VipLevel(ticket.vip_level).label if ticket.vip_level else "",
        "source": _source(ticket.vip_trigger_source),
        "lines": lines_of(standing_of_ticket(ticket, at=now)) if ticket.vip_level else (),
        "counts": counts_in(ticket.tenant_id, ticket.module),
        "questions": asked,
        "may_judge": request.user.has_perm(JUDGE),
        "alert": alert,
        "answer": answer_of(alert, request.user) if alert else None,
        "now": now,
    }
    name = "_panel.html" if request.htmx else "panel.html"
    return render(request, f"vip/{name}", context)


@require_POST
def acknowledge(request: Request, reference: str) -> HttpResponse:
    """Say that one is at it. To who may not know of VIPs there is no such page."""
    if not Lens.of(request.user).vip:
        raise Http404
    ticket = visible(request, reference)
    if not request.user.has_perm(MOVE):
        raise PermissionDenied
    services.acknowledge_alert(ticket.pk, actor=request.user, now=timezone.now())
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "nova:acted, nova:answered"})
    return redirect("tickets:ticket", ticket.reference)


@require_GET
def recognitions(request: Request) -> HttpResponse:
    """What Cosmo asks, the latest first, and what was decided lately."""
    _only_judges(request)
    found = Recognition.objects.visible_to(request.user)
    shown, more = waiting(found)
    context: dict[str, Any] = {
        **{"waiting": shown, "more": more, "decided": judged_lately(found)},
        **{"may_judge": True, "now": timezone.now()},
    }
    name = "_recognitions.html" if request.htmx else "recognitions.html"
    return render(request, f"vip/{name}", context)


@require_POST
def judge(request: Request, pk: int, verb: str) -> HttpResponse:
    """Accept or refuse what Cosmo recognised, or take a decision back."""
    _only_judges(request)
    if verb not in VERBS:
        raise Http404
    found = get_object_or_404(Recognition.objects.visible_to(request.user), pk=pk)
    judged = VERBS[verb](found.pk, actor=request.user, now=timezone.now())
    words = {"person": judged.person, "state": judged.get_state_display().lower()}
    return done(request, reverse("vip:recognitions"), _("%(person)s: %(state)s") % words)


def _only_judges(request: Request) -> None:
    """To who may not judge there is no such page: it would say that there are VIPs."""
    if not (Lens.of(request.user).vip and request.user.has_perm(JUDGE)):
        raise Http404


def _source(value: str) -> object:
    return VipSource(value).label if value else ""
