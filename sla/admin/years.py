"""Nova Core's page of a calendar's year, and what is done there with its draft."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nova.accounts.core import viewer
from nova.errors import Refused
from sla import services
from sla.models import Calendar, CalendarVersion
from sla.year import year_in
from sla.year_page import YearPage


def year_url(calendar_id: int) -> str:
    return reverse("admin:sla_calendar_year", args=[calendar_id])


@require_GET
def year_of_calendar(request: HttpRequest, pk: int, *, core: ModelAdmin) -> HttpResponse:
    """Show a year of any version: by default the draft, or else what is in force."""
    calendar = _permitted(request, pk, core)
    versions = list(
        CalendarVersion.objects.filter(calendar=calendar)
        .select_related("author")
        .order_by("-number")
    )
    version = _chosen(request, calendar, versions)
    now = timezone.now()
    this_year = now.astimezone(version.hours.zone).year
    number = year_in(request.GET.get("year", "")) or this_year
    context = {
        **core.admin_site.each_context(request),
        "title": calendar.name,
        "opts": core.model._meta,
        "page": YearPage(calendar, version, versions, number, now),
    }
    return TemplateResponse(request, "sla/core/year.html", context)


@require_POST
def publish(request: HttpRequest, pk: int, *, core: ModelAdmin) -> HttpResponse:
    """Put the draft in force."""
    _permitted(request, pk, core)
    acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
    try:
        services.publish_calendar(pk, may_stay_closed="stays_closed" in request.POST, **acting)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("These hours are in force from now on."))
    return redirect(year_url(pk))


@require_POST
def discard(request: HttpRequest, pk: int, *, core: ModelAdmin) -> HttpResponse:
    """Throw the draft away."""
    _permitted(request, pk, core)
    try:
        services.discard_calendar_draft(pk, actor=viewer(request), now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The draft is gone. What is in force stays."))
    return redirect(year_url(pk))


@require_POST
def fetch_now(request: HttpRequest, pk: int, *, core: ModelAdmin) -> HttpResponse:
    """Let the feed be fetched now."""
    _permitted(request, pk, core)
    services.ask_feed(pk, now=timezone.now())
    messages.success(request, _("The feed is fetched in a moment."))
    return redirect(year_url(pk))


def _permitted(request: HttpRequest, pk: int, core: ModelAdmin) -> Calendar:
    if not core.has_view_permission(request):
        raise PermissionDenied
    return get_object_or_404(Calendar.objects.for_list(), pk=pk)


def _chosen(
    request: HttpRequest, calendar: Calendar, versions: list[CalendarVersion]
) -> CalendarVersion:
    """Return the version asked for by its number; what is no number of one is not asked."""
    asked = request.GET.get("version", "")
    by_number = {str(version.number): version for version in versions}
    drafts = [version for version in versions if version.is_draft]
    usual = next(iter(drafts), None) or calendar.current or versions[0]
    return by_number.get(asked, usual)
