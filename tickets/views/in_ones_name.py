"""The page that tells somebody what others did in their name. The same for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from nova.api import keyset
from nova.api.cursors import Cursor
from nova.web.http import Request
from tickets.in_ones_name import acts_for, told
from tickets.views.places import place_asked

PAGE = 30
BOUND = "in my name"
ORDER = ("-pk",)


@require_GET
def in_my_name(request: Request) -> HttpResponse:
    """Who did what for whoever asks, and when; the newest first."""
    records = acts_for(request.user)
    order = keyset.order_of(records, ORDER)
    found = keyset.after(records, order, place_asked(request, BOUND), PAGE + 1)
    is_more = len(found) > PAGE
    context = {
        "acts": told(found[:PAGE], request.user),
        "next": Cursor(keyset.values_of(found[PAGE - 1], order)).seal(BOUND) if is_more else "",
        "is_first_page": "after" not in request.GET,
        "now": timezone.now(),
    }
    return render(request, "portal/in_my_name.html", context)
