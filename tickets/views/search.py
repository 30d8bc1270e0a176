"""Search: hits while typing, and the whole list as a page. Requesters find their own tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from nova.accounts.models import User
from nova.api import keyset
from nova.api.cursors import Cursor
from nova.web.http import Request
from tickets import portal
from tickets.lens import Lens
from tickets.models import Ticket, TicketQuerySet
from tickets.rows import Row, row_of
from tickets.searching import ORDER, newest_with, place_of
from tickets.shape import shapes
from tickets.views.places import place_asked

PAGE, HITS, PEOPLE = 30, 6, 5
BOUND = "search"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One ticket that was found, as the viewer may see it. `stand` is its stage in words."""

    reference: str
    title: str
    url: str
    stand: str
    who: str
    opened_at: datetime
    vip_level_label: str = ""


@require_GET
def search(request: Request) -> HttpResponse:
    """Answer `q`: htmx gets the first hits, a browser the page."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    now, most = timezone.now(), HITS if request.htmx else PAGE
    found, after = _tickets(request, words, most)
    template = "tickets/_search_hits.html" if request.htmx else "tickets/search.html"
    desk = Lens.of(request.user).desk
    context = {
        "words": words,
        "hits": _hits(request.user, found, now),
        "people": _people(request, words),
        "next": after,
        "is_desk": desk,
        "base": "base.html" if desk else "portal/base.html",
        "now": now,
    }
    return render(request, template, context)


def _tickets(request: Request, words: str, most: int) -> tuple[list[Ticket], str]:
    """Return a page of tickets and the cursor of the next, "" where there is none."""
    if not words:
        return [], ""
    tickets, place = _of(request.user), place_asked(request, BOUND)
    found = newest_with(words, tickets, keyset.order_of(tickets, ORDER), place, most + 1)
    if len(found) <= most:
        return found, ""
    return found[:most], Cursor(place_of(found[most - 1])).seal(BOUND)


def _of(user: User) -> TicketQuerySet:
    if Lens.of(user).desk:
        return Ticket.objects.visible_to(user).only("opened_at")
    return portal.own_tickets(user)


def _hits(user: User, found: Sequence[Ticket], now: datetime) -> list[Hit]:
    lens = Lens.of(user)
    if not lens.desk:
        return [_own_hit(portal.row_of(ticket, user)) for ticket in found]
    page = shapes([ticket.pk for ticket in found], lens, now=now)
    return [_desk_hit(row_of(shape)) for shape in page]


def _own_hit(row: portal.Row) -> Hit:
    return Hit(row.reference, row.title, row.url, row.word, row.for_whom, row.opened_at)


def _desk_hit(row: Row) -> Hit:
    who, vip = row.requester["name"], row.vip_level_label
    return Hit(row.reference, row.title, row.url, row.status_label, who, row.opened_at, vip)


def _people(request: Request, words: str) -> list[User]:
    if not words or "after" in request.GET:
        return []
    if not request.user.has_perm("accounts.look_up_people"):
        return []
    people = User.objects.visible_to(request.user).active().who_sign_in().matching(words)
    return list(people.select_related("department").order_by("name", "pk")[:PEOPLE])
