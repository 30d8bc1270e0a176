"""Why a ticket is a VIP's, for those who may know."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from nova.accounts.choices import VipLevel
from nova.web.http import Request
from tickets.choices import VipSource
from tickets.lens import Lens
from tickets.views.answers import visible
from vip.explaining import lines_of
from vip.intake import counts_in
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
    context = {
        "ticket": ticket,
        "level": VipLevel(ticket.vip_level).label,
        "source": _source(ticket.vip_trigger_source),
        "lines": lines_of(standing_of(ticket.requester, at=now)),
        "counts": counts_in(ticket.tenant_id, ticket.module),
        "now": now,
    }
    name = "_panel.html" if request.htmx else "panel.html"
    return render(request, f"vip/{name}", context)


def _source(value: str) -> object:
    return VipSource(value).label if value else ""
