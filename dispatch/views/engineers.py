"""The team's calendar, and the page of an engineer."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dispatch import rules, services
from dispatch.calendar import DAYS, MANAGE, calendar_of, monday_of
from dispatch.engine.facts import TOP_LEVEL
from dispatch.forms import ChangeForm, KnownForm, ManagedForm, NewEngineerForm, WeekForm, kinds_for
from dispatch.models import Engineer, RosterChange
from dispatch.profile import OWN, is_own, may_edit, profile_of
from dispatch.views.places import tabs_of
from nova.accounts.models import Team
from nova.errors import Refused
from nova.web.http import Request
from nova.web.numbers import number_in

SEE = "dispatch.view_engineers"
INVALID = 422
FARTHEST = timedelta(days=rules.MOST_DAYS)


@require_GET
def roster(request: Request) -> HttpResponse:
    """Two weeks of everybody at a glance, or of one team."""
    _require(request, SEE)
    now, asked = timezone.now(), request.GET.get("team", "")
    chosen = get_object_or_404(Team, pk=number_in(asked)) if asked else None
    today = timezone.localdate(now)
    monday = monday_of(_day_in(request, "from", today) or today)
    calendar = calendar_of(request.user, monday, now, chosen)
    context = {
        "calendar": calendar,
        "tabs": tabs_of(request),
        "teams": Team.objects.order_by("name", "pk"),
        "chosen": chosen,
        "monday": monday,
        "weeks": [(word, _address(at, chosen)) for word, at in _weeks(monday, monday_of(today))],
        "is_present": monday == monday_of(today),
        "manages": request.user.has_perm(MANAGE),
        "is_engineer": Engineer.objects.filter(person=request.user).exists(),
        "now": now,
    }
    return render(request, "dispatch/roster.html", context)


@require_http_methods(["GET", "POST"])
def own(request: Request) -> HttpResponse:
    """One's own page."""
    _require(request, SEE, OWN)
    engineer = Engineer.objects.filter(person=request.user).select_related("person").first()
    if engineer is None:
        return render(request, "dispatch/no_engineer.html")
    return _page(request, engineer)


@require_http_methods(["GET", "POST"])
def engineer(request: Request, pk: int) -> HttpResponse:
    """Anybody's page."""
    _require(request, SEE)
    found = Engineer.objects.filter(tenant=request.user.tenant_id).select_related("person")
    return _page(request, get_object_or_404(found, pk=pk))


@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Let somebody be given work; what they bring is stated on their page."""
    _require(request, MANAGE)
    form = NewEngineerForm(request.user, request.POST or None)
    if form.is_valid():
        person, now = form.cleaned_data["person"], timezone.now()
        made = services.add_engineer(person, {}, actor=request.user, now=now)
        return redirect("dispatch:engineer", made.pk)
    return render(
        request, "dispatch/add.html", {"form": form}, status=INVALID if form.is_bound else None
    )


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Let somebody work on some days as the week says, again."""
    found = RosterChange.objects.filter(tenant=request.user.tenant_id)
    change = get_object_or_404(found.select_related("engineer"), pk=pk)
    by_oneself = is_own(request.user, change.engineer) and change.kind in rules.OWN_KINDS
    if not (by_oneself or request.user.has_perm(MANAGE)):
        raise PermissionDenied
    services.remove_change(change.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("It is as the week says, again."))
    return redirect(_page_of(request, change.engineer) + "#days")


@require_GET
def panel(request: Request) -> HttpResponse:
    """Where one's page as an engineer is, on the profile of those who are one."""
    is_one = Engineer.objects.filter(person=request.user).exists()
    if not (is_one and (request.user.has_perm(SEE) or request.user.has_perm(OWN))):
        return HttpResponse()
    return render(request, "dispatch/_own_panel.html", {"sees_roster": request.user.has_perm(SEE)})


def _page(request: Request, engineer: Engineer) -> HttpResponse:
    """Show an engineer, with a form for each thing that the viewer may state of them."""
    forms = _forms(request, engineer)
    asked = request.POST.get("about", "") if request.method == "POST" else ""
    if request.method == "POST" and asked not in forms:
        raise PermissionDenied
    now = timezone.now()
    if asked and forms[asked].is_valid() and _stated(request, engineer, asked, forms[asked], now):
        messages.success(request, _("Saved."))
        return redirect(_after(request, engineer, asked))
    context = {**profile_of(engineer, request.user, now), "forms": forms}
    context["removable"] = None if context["manages"] else set(rules.OWN_KINDS)
    context["back"] = _day_in(request, "from", timezone.localdate(now))
    status = INVALID if asked else None
    return render(request, "dispatch/engineer.html", context, status=status)


def _forms(request: Request, engineer: Engineer) -> dict[str, Any]:
    """Return by what they are about the forms that the viewer may send; bound the one sent."""
    viewer, sent = request.user, request.POST.get("about")
    if not may_edit(viewer, engineer):
        return {}
    manages = viewer.has_perm(MANAGE)

    def given(about: str) -> Any:
        return request.POST if sent == about else None

    day = _day_in(request, "day", timezone.localdate())
    top = TOP_LEVEL if manages else rules.OWN_TOP_LEVEL
    forms: dict[str, Any] = {
        "known": KnownForm(engineer, given("known"), top=top),
        "days": ChangeForm(given("days"), kinds=kinds_for(manages=manages), day=day),
    }
    if manages:
        forms["week"] = WeekForm(engineer, given("week"))
        forms["settled"] = ManagedForm(engineer, given("settled"), viewer=viewer)
    return forms


def _stated(request: Request, engineer: Engineer, about: str, form: Any, now: datetime) -> bool:
    """Let the service write what a form says, or tell the form why not."""
    acting: dict[str, Any] = {"actor": request.user, "now": now}
    manages = request.user.has_perm(MANAGE)
    pk = engineer.pk
    verbs: dict[str, Callable[[], Any]] = {
        "days": lambda: services.add_change(pk, form.change(), **acting),
        "week": lambda: services.set_week(pk, form.week(), **acting),
        "settled": lambda: services.edit_engineer(pk, form.stated(), **acting),
        "known": lambda: (
            services.edit_engineer(pk, form.known(), **acting)
            if manages
            else services.edit_own_engineer(pk, **form.known(), **acting)
        ),
    }
    try:
        verbs[about]()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _after(request: Request, engineer: Engineer, about: str) -> str:
    """Return where one goes on: back to the calendar, if one came from a day of it."""
    came_from = _day_in(request, "from", timezone.localdate())
    if about == "days" and came_from:
        return _address(came_from, None)
    return f"{_page_of(request, engineer)}#{about}"


def _page_of(request: Request, engineer: Engineer) -> str:
    is_ones_own = engineer.person_id == request.user.pk
    return (
        reverse("dispatch:own")
        if is_ones_own
        else reverse("dispatch:engineer", args=[engineer.pk])
    )


def _weeks(monday: date, present: date) -> list[tuple[str, date]]:
    """Return where the calendar leads: back, to now, and on."""
    step = timedelta(days=DAYS // 2)
    return [(_("Earlier"), monday - step), (_("This week"), present), (_("Later"), monday + step)]


def _address(monday: date, team: Team | None) -> str:
    asked = {"from": monday.isoformat(), **({"team": str(team.pk)} if team else {})}
    return f"{reverse('dispatch:roster')}?{urlencode(asked)}"


def _day_in(request: Request, name: str, today: date) -> date | None:
    """Return a day of the address; None where there is none that one may look at."""
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return found if abs(found - today) <= FARTHEST else None


def _require(request: Request, *any_of: str) -> None:
    if not any(request.user.has_perm(name) for name in any_of):
        raise PermissionDenied
