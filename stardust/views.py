"""The pages of Stardust. Where it is switched off there are none."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nova.accounts.models import Team
from nova.accounts.permissions import SEE_VIPS
from nova.web.http import Request
from nova.web.numbers import number_in
from stardust import services
from stardust.models import Entry
from stardust.reading import day_of, is_on_for, lines_of, mondays, settled_in, takes_part, weeks_of
from stardust.words import lines_of_rules

SHOWN = 30
OWN, TEAM = ("tickets.view_ticket", "stardust.view_own"), ("stardust.view_team",)
View = Callable[[Request], HttpResponse]


def while_it_is_on(*needs: str) -> Callable[[View], View]:
    """Let in who holds all of `needs`, unless there is no Stardust here."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Request) -> HttpResponse:
            if not request.user.has_perms(needs):
                raise PermissionDenied
            if not is_on_for(request.user):
                raise Http404
            return view(request)

        return guarded

    return guard


@require_GET
@while_it_is_on(*OWN)
def own(request: Request) -> HttpResponse:
    """What one earned: week by week, and entry by entry with the sum in words."""
    person, now = request.user, timezone.now()
    entries = Entry.objects.visible_to(person).filter(person=person).select_related("ticket")
    before = number_in(request.GET.get("before", ""))
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries.order_by("-pk")[: SHOWN + 1])
    weeks = weeks_of(person, today=day_of(person, now))
    rules = settled_in(person.tenant_id).rules
    context = {
        "weeks": weeks,
        "present": weeks[-1],
        "entries": found[:SHOWN],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "takes_part": takes_part(person),
        "rules": lines_of_rules(rules, with_vips=person.has_perm(SEE_VIPS)),
        "sees_team": person.has_perms(TEAM),
        "now": now,
    }
    return render(request, "stardust/own.html", context)


@require_GET
@while_it_is_on(*TEAM)
def team(request: Request) -> HttpResponse:
    """What everybody who takes part earned, by name: nobody is ranked."""
    now, asked = timezone.now(), request.GET.get("team", "")
    chosen = get_object_or_404(Team, pk=number_in(asked)) if asked else None
    today = day_of(request.user, now)
    context = {
        "lines": lines_of(request.user, today=today, team=chosen),
        "mondays": mondays(today),
        "teams": Team.objects.order_by("name", "pk"),
        "chosen": chosen,
        "sees_own": request.user.has_perms(OWN),
    }
    return render(request, "stardust/team.html", context)


@require_POST
@while_it_is_on(*OWN)
def take_part(request: Request) -> HttpResponse:
    """Take part from now on, or no more."""
    wants = request.POST.get("takes_part") == "yes"
    verb = services.opt_in if wants else services.opt_out
    verb(actor=request.user, now=timezone.now())
    messages.success(request, _("You take part.") if wants else _("You take no part any more."))
    return redirect("stardust:own")


@require_GET
def panel(request: Request) -> HttpResponse:
    """Where Stardust is, on the profile of those who may go there; nothing for others."""
    user = request.user
    places = {"own": user.has_perms(OWN), "team": user.has_perms(TEAM)}
    if not any(places.values()) or not is_on_for(user):
        return HttpResponse()
    return render(request, "stardust/_panel.html", {**places, "takes_part": takes_part(user)})
