"""Pages about how VIPs fare. To who does not see the desk they are not there."""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from nova.analytics.periods import span_links, usual_spans
from nova.text import csv_file
from nova.web.http import Request
from tickets.lens import Lens
from tickets.models import Ticket
from vip.reports.asking import SEE, CellForm, HandlingForm, HeatForm
from vip.reports.files import FORMS, handling_file
from vip.reports.handling import NAMED, AskedHandling, lines_of
from vip.reports.heat import behind
from vip.reports.rules import FEWEST
from vip.reports.showing import address, map_of, table_of, tells_of, words_of
from vip.reports.writing import in_words
from vip.services import note_export

INVALID = 422
MOST, SHOWN = 200, 50
View = Callable[[Request], HttpResponseBase]


def sees_vip_reports(view: View) -> View:
    """Let in who may read reports about VIPs; to a requester there is no such page."""

    @wraps(view)
    def guarded(request: Request) -> HttpResponseBase:
        if not Lens.of(request.user).desk:
            raise Http404
        if not request.user.has_perms(SEE):
            raise PermissionDenied
        return view(request)

    return guarded


@require_GET
@sees_vip_reports
def heat_map(request: Request) -> HttpResponseBase:
    """One figure of VIPs' tickets by two dimensions, each cell leading to its tickets."""
    form = HeatForm(request.GET, request.user, timezone.now())
    if not form.is_valid():
        return render(request, "vip/heat_map.html", {"form": form}, status=INVALID)
    asked = form.asked()
    shown = map_of(asked)
    if request.GET.get("format") == "csv":
        days = {"since": asked.since, "until": asked.until}
        note_export("heat_map", **days, form="csv", actor=request.user, now=timezone.now())
        return csv_file("vip-heat-map", table_of(shown, asked.measure))
    context = {
        "form": form,
        "map": shown,
        "measure": asked.measure,
        "fewest": FEWEST,
        "spans": span_links(usual_spans(form.today), (asked.since, asked.until), address(asked)),
        "csv": f"?{urlencode(address(asked, format='csv'))}",
    }
    return render(request, "vip/heat_map.html", context)


@require_GET
@sees_vip_reports
def heat_tickets(request: Request) -> HttpResponseBase:
    """The tickets behind one cell, the newest first; none where the map tells nothing."""
    form = CellForm(request.GET, request.user, timezone.now())
    if not form.is_valid():
        return render(request, "vip/heat_tickets.html", {"form": form}, status=INVALID)
    asked = form.asked()
    key = form.key()
    found = behind(asked, key, MOST) if tells_of(asked, key) else []
    context = {
        "form": form,
        "measure": asked.measure,
        "found": [(one, words_of(one.value, asked.measure)) for one in found],
        "total": found[0].total if found else 0,
        "most": MOST,
        "back": f"{reverse('vip:heat_map')}?{urlencode(address(asked))}",
        "now": timezone.now(),
    }
    return render(request, "vip/heat_tickets.html", context)


@require_GET
@sees_vip_reports
def handling(request: Request) -> HttpResponseBase:
    """How each VIP's ticket of a period was handled: the first on the page, all in the files."""
    form = HandlingForm(request.GET, request.user, timezone.now())
    if not form.is_valid():
        return render(request, "vip/handling.html", {"form": form}, status=INVALID)
    asked, wanted = form.asked(), request.GET.get("format", "")
    if wanted in FORMS:
        return handling_file(asked, wanted)
    page = list(asked.tickets().order_by("opened_at", "pk")[:SHOWN])
    words = {name: form.cleaned_data[name].isoformat() for name in ("since", "until")}
    context = {
        "form": form,
        "lines": [*_blocks(page, asked)],
        "total": asked.tickets().count(),
        "spans": span_links(usual_spans(form.today), (asked.since, asked.until), {}),
        "files": [(name.upper(), f"?{urlencode({**words, 'format': name})}") for name in FORMS],
    }
    return render(request, "vip/handling.html", context)


def _blocks(page: Sequence[Ticket], asked: AskedHandling) -> Iterator[dict[str, Any]]:
    """Yield each ticket with all that there is to say of it, under the heads of the files."""
    heads = asked.heads()
    for line in lines_of(page, asked, in_words(asked.zone)):
        said = zip(heads[NAMED:], line[NAMED:], strict=True)
        yield {
            "reference": line[0],
            "title": line[1],
            "facts": [(head, cell) for head, cell in said if cell != ""],
        }
