"""Pulse, the technicians' queue. Filters live in its address; htmx asks for parts of it."""

from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nova.api import keyset
from nova.api.cursors import Cursor
from nova.web.http import Request
from tickets.acts import added
from tickets.filters import TicketFilter, filterset
from tickets.lens import Lens
from tickets.models import QUEUE_ORDER, SavedView
from tickets.queues import MOST, View, counts, open_tickets, views_for
from tickets.rows import Row, row_of
from tickets.shape import shapes
from tickets.views.bulk import bulk_acts
from tickets.views.filtering import FilterForm, joined
from tickets.views.places import place_asked

PAGE = 50
BOUND = "pulse"
PLACE = ("id", "vip_priority_score", "queue_at")
desk = permission_required("tickets.view_ticket", raise_exception=True)


@require_GET
@desk
def pulse(request: Request) -> HttpResponse:
    """The whole page: views, filters and the first rows."""
    clean = joined(request.GET)
    if clean is not None:
        return redirect(f"{reverse('tickets:pulse')}?{clean.urlencode()}")
    view = _view(request)
    filters = filterset(request, open_tickets(request.user, view))
    context = {
        "view": view,
        "tabs": _tabs(request, view, {}),
        "filters": filters,
        "chips": _chips(request, filters),
        "bulk_acts": bulk_acts(request.user),
        "row_acts": added(request.user.has_perm),
        "saved": SavedView.objects.usable_by(request.user),
        "rows_url": f"{reverse('tickets:rows')}?{request.GET.urlencode()}",
        "filters_url": f"{reverse('tickets:filters')}?{request.GET.urlencode()}",
        **_rows(request, filters),
    }
    return render(request, "tickets/pulse.html", context)


@require_GET
@desk
def rows(request: Request) -> HttpResponse:
    """The rows alone: after a live change, or further down the queue."""
    filters = filterset(request, open_tickets(request.user, _view(request)))
    return render(request, "tickets/_rows.html", _rows(request, filters))


@require_GET
@desk
def filter_form(request: Request) -> HttpResponse:
    """What the queue can be narrowed by. The menu asks for it as it opens: lists may be long."""
    form = FilterForm(request.GET, request.user)
    template = "tickets/_filter_form.html" if request.htmx else "tickets/filter.html"
    return render(request, template, {"form": form, "view": _view(request)})


@require_GET
@desk
def tabs(request: Request) -> HttpResponse:
    """The views with their counts. They come after the page, and again on live changes."""
    context = {"tabs": _tabs(request, _view(request), counts(request.user))}
    return render(request, "tickets/_tabs.html", context)


@dataclass(frozen=True)
class Tab:
    """A view as the page shows it; `count` None: not counted yet."""

    label: object
    url: str
    is_current: bool
    tone: str
    count: str | None


@dataclass(frozen=True)
class Chip:
    """A filter that is on; following `url` takes it off."""

    name: str
    value: str
    url: str


def _view(request: Request) -> View:
    views = views_for(request.user)
    key = request.GET.get("view", "all")
    if key not in views:
        raise Http404
    return views[key]


def _rows(request: Request, filters: TicketFilter) -> dict[str, object]:
    tickets = filters.qs if filters.is_valid() else filters.queryset.none()
    order = keyset.order_of(tickets, QUEUE_ORDER)
    place = place_asked(request, BOUND)
    found = keyset.after(tickets.values(*PLACE), order, place, PAGE + 1)
    now = timezone.now()
    page = shapes([row["id"] for row in found[:PAGE]], Lens.of(request.user), now=now)
    shown: list[Row] = [row_of(shape) for shape in page]
    return {"rows": shown, "now": now, "next": _next(request, found, order)}


def _next(request: Request, found: list[dict[str, object]], order: keyset.Order) -> str:
    if len(found) <= PAGE:
        return ""
    params = request.GET.copy()
    params["after"] = Cursor(keyset.values_of(found[PAGE - 1], order), is_back=False).seal(BOUND)
    return f"{reverse('tickets:rows')}?{params.urlencode()}"


def _tabs(request: Request, current: View, found: dict[str, int]) -> list[Tab]:
    return [
        Tab(
            label=view.label,
            url=f"{reverse('tickets:pulse')}?view={key}",
            is_current=key == current.key,
            tone=view.tone,
            count=_bounded(found.get(key)),
        )
        for key, view in views_for(request.user).items()
    ]


def _bounded(count: int | None) -> str | None:
    if count is None:
        return None
    return _("%(most)s+") % {"most": MOST} if count > MOST else str(count)


def _chips(request: Request, filters: TicketFilter) -> list[Chip]:
    asked, chips = filters.filters.keys() & request.GET.keys(), []
    form = FilterForm(request.GET, request.user) if asked else None
    for name in asked:
        rest = request.GET.copy()
        value = rest.pop(name)[-1]
        if form and value:
            url = f"{reverse('tickets:pulse')}?{rest.urlencode()}"
            chips.append(Chip(*form.words_of(name, value), url))
    return sorted(chips, key=lambda chip: chip.name)
