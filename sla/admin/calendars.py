"""Nova Core's pages of calendars and their versions."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import CoreAdmin, viewer
from sla import services
from sla.admin.arranged import ARRANGE, ArrangedAdmin
from sla.admin.years import discard, fetch_now, publish, year_of_calendar, year_url
from sla.calendar_changes import differences
from sla.calendar_words import said, warnings_of
from sla.calendars import WEEKDAYS
from sla.forms import CalendarForm
from sla.forms.calendars import PUBLISH
from sla.models import Calendar, CalendarVersion

VERBS = {"year": year_of_calendar, "publish": publish, "discard": discard, "fetch": fetch_now}


@admin.register(Calendar)
class CalendarAdmin(ArrangedAdmin):
    """When a desk is open. To save is to write a draft; to publish is to put it in force."""

    form = CalendarForm
    only_save = True
    list_display = ["name", "in_force", "zone", "draft", "look_out", "year"]
    search_fields = ["name"]
    change_form_outer_before_template = "sla/core/calendar_head.html"
    fieldsets = [
        (None, {"fields": ["name", "zone"]}),
        (_("The week"), {"fields": [*WEEKDAYS]}),
        (_("Holidays and half days"), {"fields": ["days", "ics_file"]}),
        (
            _("Public holidays"),
            {"fields": [("country", "subdivision"), ("first_year", "last_year")]},
        ),
        (_("Holidays from a feed"), {"fields": ["feed_url", "feed_publishes"]}),
        (_("Publishing"), {"fields": ["stays_closed"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Calendar]:
        return Calendar.objects.for_list().order_by("name", "pk")

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<int:pk>/{verb}",
                self.admin_site.admin_view(partial(view, core=self)),
                name=f"sla_calendar_{verb}",
            )
            for verb, view in VERBS.items()
        ]
        return [*own, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Calendar, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        cleaned = form.cleaned_data
        if change:
            services.rename_calendar(obj.pk, cleaned["name"], **acting)
            services.draft_calendar(obj.pk, cleaned["written"], **acting)
        else:
            obj.pk = services.create_calendar(cleaned["name"], cleaned["written"], **acting).pk
            obj._state.adding = False
        publishes_itself = cleaned["feed_publishes"]
        services.set_feed(obj.pk, cleaned["feed_url"], publishes_itself=publishes_itself, **acting)
        if PUBLISH in request.POST and services.has_draft(obj.pk):
            services.publish_calendar(obj.pk, may_stay_closed=cleaned["stays_closed"], **acting)

    def response_add(
        self, request: HttpRequest, obj: Calendar, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Calendar) -> HttpResponse:
        """Lead to the year of what was saved, where a draft is looked at and published."""
        if services.has_draft(obj.pk):
            words = _("The draft is saved. Look at its year, then publish it.")
        else:
            words = _("These hours are in force. Clocks that run keep those they started with.")
        self.message_user(request, words, messages.SUCCESS)
        return redirect(year_url(obj.pk))

    @admin.display(description=_("in force"))
    def in_force(self, calendar: Calendar) -> str:
        return f"v{calendar.current.number}" if calendar.current else "—"

    @admin.display(description=_("time zone"))
    def zone(self, calendar: Calendar) -> str:
        return str(calendar.current.definition["tz"]) if calendar.current else "—"

    @admin.display(description=_("draft"))
    def draft(self, calendar: Calendar) -> str:
        drafts: list[CalendarVersion] = getattr(calendar, "drafts", [])
        return f"v{drafts[0].number}" if drafts else "—"

    @admin.display(description=_("look out"))
    def look_out(self, calendar: Calendar) -> str:
        return " ".join(warnings_of(calendar, timezone.now())) or "—"

    @admin.display(description=_("year"))
    def year(self, calendar: Calendar) -> str:
        words = _("See the year")
        return format_html('<a class="text-link" href="{}">{}</a>', year_url(calendar.pk), words)


@admin.register(CalendarVersion)
class CalendarVersionAdmin(CoreAdmin):
    """The hours of a calendar as they were once written: to look at."""

    permission = ARRANGE
    read_only = True
    list_display = ["__str__", "status", "written_at", "published_at", "retired_at", "author"]
    list_filter = ["status"]
    list_select_related = ["calendar", "author"]
    fields = [
        "calendar",
        "number",
        "status",
        "changed",
        "definition",
        "written_at",
        "published_at",
        "retired_at",
        "author",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarVersion]:
        return super().get_queryset(request).order_by("-written_at", "-pk")

    @admin.display(description=_("differs from the former one by"))
    def changed(self, version: CalendarVersion) -> str:
        siblings = CalendarVersion.objects.filter(calendar=version.calendar_id)
        former = siblings.filter(number__lt=version.number).order_by("-number").first()
        found = differences(former.definition if former else {}, version.definition)
        return "; ".join(map(said, found)) or "—"
