"""Clocks beside a ticket, and the sum behind each in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from nova.web.http import Request
from sla.explaining import clocks_of
from sla.foretelling.views import foreseen_of
from sla.shape import add_clocks
from sla.standing import standing_of
from tickets import rows
from tickets.lens import Lens
from tickets.models import Ticket
from tickets.views.answers import dialog, needs, page_of, visible


@dataclass(frozen=True, slots=True)
class PanelClock(rows.ClockFacts):
    """A clock with the address of its explanation."""

    why_url: str


@require_GET
@needs()
def panel(request: Request, reference: str) -> HttpResponse:
    """The clocks of a ticket as they stand now; nothing for those who may not see them."""
    ticket, now = visible(request, reference), timezone.now()
    lens = Lens.of(request.user)
    if not lens.clocks:
        return HttpResponse()
    context = {
        "clocks": _panel_clocks(ticket, lens, now),
        "foreseen": foreseen_of(ticket),
        "standing": standing_of(ticket.pk, request.user) if ticket.is_open else None,
        "ticket": ticket,
        "now": now,
    }
    name = "_panel.html" if request.htmx else "panel.html"
    return render(request, f"sla/{name}", context)


@require_GET
@needs()
def why(request: Request, reference: str, metric: str) -> HttpResponse:
    """How a due time comes about, line by line; earlier cycles after the present one."""
    ticket, now = visible(request, reference), timezone.now()
    lens = Lens.of(request.user)
    found = clocks_of(ticket, lens, now=now) if lens.clocks else []
    cycles = [_cycle(shape) for shape in found if shape["metric"] == metric]
    if not cycles:
        raise Http404
    context = {
        "ticket": ticket,
        "cycle": cycles[-1],
        "earlier": cycles[-2::-1],
        "label": cycles[-1]["label"],
        "back": page_of(ticket),
        "now": now,
    }
    return dialog(request, "sla/why.html", context)


def _panel_clocks(ticket: Ticket, lens: Lens, now: datetime) -> list[PanelClock]:
    shape: dict[str, Any] = {}
    add_clocks({ticket.pk: shape}, lens, now)
    return [
        PanelClock(
            clock.metric,
            clock.state,
            clock.due_at,
            clock.remaining_seconds,
            clock.target_seconds,
            why_url=reverse("sla:why", args=[ticket.reference, clock.metric]),
        )
        for clock in rows.clocks_of(shape)
    ]


def _cycle(shape: dict[str, Any]) -> dict[str, Any]:
    """Return one cycle with its instants as such."""
    lines = [{**line, "at": datetime.fromisoformat(line["at"])} for line in shape["explanation"]]
    return {**shape, "lines": lines}
