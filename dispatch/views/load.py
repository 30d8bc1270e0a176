"""The page of who has what, from which work is given to somebody else."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from dispatch.events import SEE
from dispatch.load import Asking, load_of
from dispatch.views.places import tabs_of
from nova.accounts.models import Team
from nova.web.http import Request
from nova.web.numbers import number_in
from nova.web.words import present_reader

NEEDED = ("tickets.view_ticket", "dispatch.view_engineers")


@require_GET
@permission_required(NEEDED, raise_exception=True)
def load(request: Request) -> HttpResponse:
    """Everybody's hands, or a team's. htmx asks for the rows alone, after a live change."""
    asked, now = request.GET.get("team", ""), timezone.now()
    team = get_object_or_404(Team, pk=number_in(asked)) if asked else None
    found = load_of(Asking(request.user, present_reader(now), team), request.GET.get("page"))
    own: dict[str, int] = {"team": team.pk} if team else {}
    context: dict[str, Any] = {
        "load": found,
        "chosen": team,
        "gives": request.user.has_perms([SEE, "dispatch.override_engine"]),
        "own": urlencode(own),
        "waiting_url": _in_pulse(assignee="none", **own),
        "now": now,
    }
    if request.htmx:
        return render(request, "dispatch/_load.html", context)
    context["teams"] = Team.objects.order_by("name", "pk")
    context["tabs"] = tabs_of(request)
    context["rows_url"] = f"{reverse('dispatch:load')}?{request.GET.urlencode()}"
    return render(request, "dispatch/load.html", context)


def _in_pulse(**asked: str | int) -> str:
    return f"{reverse('tickets:pulse')}?{urlencode(asked)}"
