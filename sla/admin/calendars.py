"""Nova Core's pages of calendars and their versions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import CoreAdmin, viewer
from sla import services
from sla.admin.arranged import ARRANGE, ArrangedAdmin
from sla.calendars import WEEKDAYS
from sla.forms import CalendarForm
from sla.models import Calendar, CalendarVersion


@admin.register(Calendar)
class CalendarAdmin(ArrangedAdmin):
    """When a desk is open. To save other hours is to publish them as a new version."""

    form = CalendarForm
    list_display = ["name", "current", "zone"]
    list_select_related = ["current__calendar"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "zone"]}),
        (_("The week"), {"fields": [*WEEKDAYS]}),
        (_("Holidays and half days"), {"fields": ["days"]}),
        (
            _("Public holidays"),
            {"fields": [("country", "subdivision"), ("first_year", "last_year")]},
        ),
    ]

    def save_model(self, request: HttpRequest, obj: Calendar, form: Any, change: bool) -> None:
        """Leave it to the services, which publish a version and tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        name, definition = form.cleaned_data["name"], form.cleaned_data["definition"]
        if change:
            services.publish_calendar(obj.pk, definition, name=name, **acting)
        else:
            obj.pk = services.create_calendar(name, definition, **acting).pk
            obj._state.adding = False

    @admin.display(description=_("time zone"))
    def zone(self, calendar: Calendar) -> str:
        return str(calendar.current.definition["tz"]) if calendar.current else "—"


@admin.register(CalendarVersion)
class CalendarVersionAdmin(CoreAdmin):
    """The hours of a calendar as they were once published: to look at."""

    permission = ARRANGE
    read_only = True
    list_display = ["__str__", "published_at", "author"]
    list_select_related = ["calendar", "author"]
    fields = ["calendar", "number", "definition", "published_at", "author"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarVersion]:
        return super().get_queryset(request).order_by("-published_at", "-pk")
