"""A technician's own work, and what to take up next."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dispatch.mine import SHOWN, best_of, own_rows
from dispatch.views.places import tabs_of
from nova.web.http import Request
from tickets.acts import added
from tickets.views.bulk import bulk_acts


@require_GET
@permission_required("tickets.view_ticket", raise_exception=True)
def mine(request: Request) -> HttpResponse:
    """One's own tickets in the order of the queue. htmx asks for what is next alone."""
    now = timezone.now()
    rows = own_rows(request.user, now)
    context: dict[str, Any] = {
        "best": best_of(request.user, rows, now),
        "takes": request.user.has_perms(["tickets.assign_ticket", "tickets.move_ticket"]),
        "now": now,
    }
    if request.htmx:
        return render(request, "dispatch/_next.html", context)
    context |= {
        "rows": rows,
        "are_all": len(rows) < SHOWN,
        "tabs": tabs_of(request),
        "rows_url": f"{reverse('tickets:rows')}?view=mine",
        "bulk_acts": bulk_acts(request.user),
        "row_acts": added(request.user.has_perm),
    }
    return render(request, "dispatch/mine.html", context)
