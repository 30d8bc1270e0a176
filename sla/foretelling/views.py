"""By what open tickets are judged: its page, the reasons for one ticket, and the training."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nova.web.http import Request
from sla import tasks
from sla.foretelling.card import Card, card_of
from sla.foretelling.words import judge_of, reasons_of
from sla.models import Prediction
from tickets.lens import Lens
from tickets.models import Ticket
from tickets.views.answers import dialog, needs, page_of, visible

CHART = 200  # units of the calibration chart, in each direction


@dataclass(frozen=True, slots=True)
class Point:
    """A tenth of the calibration chart: where it stands, and what it says."""

    x: int
    y: int
    radius: int
    told: int
    came: int
    count: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a ticket's page says of a prediction."""

    prediction: Prediction
    percent: int
    judge: str


def foreseen_of(ticket: Ticket) -> Foreseen | None:
    """Return what is foreseen of a ticket; None of one that nobody has judged."""
    found = Prediction.objects.filter(ticket=ticket).first()
    if found is None:
        return None
    return Foreseen(found, round(100 * found.probability), judge_of(found))


@require_GET
@needs()
def why_foreseen(request: Request, reference: str) -> HttpResponse:
    """Why a ticket is judged as it is."""
    ticket = visible(request, reference)
    found = foreseen_of(ticket) if Lens.of(request.user).clocks else None
    if found is None:
        raise Http404
    context = {
        "ticket": ticket,
        "foreseen": found,
        "reasons": reasons_of(found.prediction.reasons),
        "back": page_of(ticket),
        "now": timezone.now(),
    }
    return dialog(request, "sla/why_foreseen.html", context)


@require_GET
@permission_required(["tickets.view_ticket", "sla.view_clock"], raise_exception=True)
def prediction(request: Request) -> HttpResponse:
    """Which judges, model or rule, why, and how well it did."""
    card = card_of(request.user.tenant_id)
    context: dict[str, Any] = {
        "card": card,
        "points": points_of(card),
        "chart": CHART,
        "may_train": request.user.has_perm("sla.manage_sla"),
        "now": timezone.now(),
    }
    return render(request, "sla/prediction.html", context)


@require_POST
@permission_required(["tickets.view_ticket", "sla.manage_sla"], raise_exception=True)
def train(request: Request) -> HttpResponse:
    """Have the worker learn now from what is finished."""
    tasks.train_predictions.apply_async([request.user.tenant_id], retry=False)
    messages.success(request, _("The training has begun. Its result is here in a minute or so."))
    return redirect("sla:prediction")


def points_of(card: Card) -> list[Point]:
    """Return the points of the calibration chart: larger ones count more tickets."""
    most = max((b["count"] for b in card.bins), default=1)
    return [
        Point(
            x=round(b["told"] * CHART),
            y=CHART - round(b["came"] * CHART),
            radius=3 + round(7 * (b["count"] / most) ** 0.5),
            told=round(100 * b["told"]),
            came=round(100 * b["came"]),
            count=b["count"],
        )
        for b in card.bins
    ]
