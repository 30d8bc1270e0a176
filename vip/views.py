"""Why a ticket is a VIP's, and who is at it, for those who may know."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from nova.accounts.choices import VipLevel
from nova.web.http import Request
from tickets.choices import VipSource
from tickets.lens import Lens
from tickets.views.answers import visible
from vip import services
from vip.answers import answer_of
from vip.explaining import lines_of
from vip.intake import counts_in
from vip.leading import MOVE
from vip.models import VipAlert
from vip.reading import standing_of


@require_GET
def panel(request: Request, reference: str) -> HttpResponse:
    """The level that a ticket bears, and by whose word; nothing without a level or the right."""
    lens = Lens.of(request.user)
    if not lens.desk:  # to a requester there is no such page
        raise Http404
    ticket, now = visible(request, reference), timezone.now()
    if not lens.vip or not ticket.vip_level:
        return HttpResponse()
    alerts = VipAlert.objects.filter(ticket=ticket).select_related("ticket", "acknowledged_by")
    alert = alerts.order_by("-pk").first()
    context = {
        "ticket": ticket,
        "level": VipLevel(ticket.vip_level).label,
        "source": _source(ticket.vip_trigger_source),
        "lines": lines_of(standing_of(ticket.requester, at=now)),
        "counts": counts_in(ticket.tenant_id, ticket.module),
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


def _source(value: str) -> object:
    return VipSource(value).label if value else ""
