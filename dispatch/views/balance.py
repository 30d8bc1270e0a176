"""The balancer: what a round would move now, a round at once, and what the last ones moved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dispatch import services
from dispatch.events import SEE
from dispatch.models import BalanceRun
from dispatch.rounds import draft_of, last_runs, moves_of
from dispatch.views.places import tabs_of
from nova.web.http import Request

NEEDED = ("tickets.view_ticket", SEE, "dispatch.run_balancer")


@require_GET
@permission_required(NEEDED, raise_exception=True)
def balance(request: Request) -> HttpResponse:
    """What a round would move, and what it would leave; below, the last rounds."""
    now = timezone.now()
    page, runs = last_runs(request.user, request.GET.get("page"))
    context: dict[str, Any] = {
        "draft": draft_of(request.user, now),
        "page": page,
        "runs": runs,
        "arranges": request.user.has_perms(["dispatch.manage_assignment", "accounts.enter_core"]),
        "tabs": tabs_of(request),
        "now": now,
    }
    return render(request, "dispatch/balance.html", context)


@require_POST
@permission_required(NEEDED, raise_exception=True)
def run(request: Request) -> HttpResponse:
    """Do a round at once."""
    done = services.balance(request.user.tenant_id, actor=request.user, now=timezone.now())
    if done is None:
        messages.info(request, _("Nothing was to be moved."))
        return redirect("dispatch:balance")
    said = ngettext("%(count)s ticket was moved.", "%(count)s tickets were moved.", done.moves)
    messages.success(request, said % {"count": done.moves})
    return redirect("dispatch:balance_run", done.pk)


@require_GET
@permission_required(NEEDED, raise_exception=True)
def round_of(request: Request, pk: int) -> HttpResponse:
    """What one round moved, and why."""
    runs = BalanceRun.objects.filter(tenant=request.user.tenant_id).select_related("policy")
    found, now = get_object_or_404(runs, pk=pk), timezone.now()
    page, moves = moves_of(found, request.user, request.GET.get("page"), now)
    context = {"run": found, "page": page, "moves": moves, "tabs": tabs_of(request), "now": now}
    return render(request, "dispatch/balance_run.html", context)
