"""Nova Core's pages of service levels: calendars and policies to arrange, clocks to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import CoreAdmin, viewer
from nova.accounts.zones import UTC
from nova.events.models import EventRecord
from sla import services
from sla.calendars import WEEKDAYS
from sla.choices import Metric
from sla.forms import MATCHED, CalendarForm, PolicyForm
from sla.models import Calendar, CalendarVersion, Clock, LedgerEntry, Policy
from sla.words import Words

ARRANGE = "sla.manage_sla"
LOOK = "tickets.view_sla_adjustments"  # names and reasons of policies tell of VIPs


class ArrangedAdmin(CoreAdmin):
    """A page whose records are arranged by services, and never deleted: clocks refer to them."""

    permission = ARRANGE

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: Any) -> QuerySet[EventRecord]:
        return EventRecord.objects.about(obj._meta.model_name, obj.pk)


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


@admin.register(Policy)
class PolicyAdmin(ArrangedAdmin):
    """Which tickets get which targets; the first in order that matches is the one."""

    form = PolicyForm
    list_display = ["name", "order", "is_active", "promised"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", ("order", "is_active")]}),
        (_("For which tickets (no box: all of them)"), {"fields": MATCHED}),
        *(
            (
                metric.label,
                {
                    "fields": [
                        (f"{metric}_minutes", f"{metric}_calendar"),
                        f"{metric}_pause_on",
                        f"{metric}_reopen",
                    ]
                },
            )
            for metric in Metric
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        policies = super().get_queryset(request).prefetch_related("targets__calendar")
        return policies.order_by("order", "pk")

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        if change:
            services.edit_policy(obj.pk, form.stated(), **acting)
        else:
            obj.pk = services.create_policy(form.stated(), **acting).pk
            obj._state.adding = False

    @admin.display(description=_("targets"))
    def promised(self, policy: Policy) -> str:
        said = _("%(metric)s in %(span)s, %(calendar)s")
        words = Words(UTC, timezone.now(), gettext)
        order = Metric.values.index
        targets = sorted(policy.targets.all(), key=lambda target: order(target.metric))
        return "; ".join(
            said
            % {
                "metric": target.get_metric_display(),
                "span": words.span(target.seconds),
                "calendar": target.calendar,
            }
            for target in targets
        )


class EvidenceAdmin(CoreAdmin):
    """Read-only: a clock is evidence."""

    permission = LOOK
    read_only = True
    show_full_result_count = False
    search_help_text = _("The number of a ticket, such as 1042")
    list_select_related = ["ticket"]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet, bool]:
        number = search_term.strip().upper().removeprefix("T-")
        if not number:
            return queryset, False
        wanted = int(number) if number.isdigit() and len(number) < 19 else -1  # noqa: PLR2004
        return queryset.filter(ticket__number=wanted), False


@admin.register(Clock)
class ClockAdmin(EvidenceAdmin):
    """Every cycle of every target."""

    list_display = ["ticket", "metric", "number", "state", "started_at", "due_at", "breached_at"]
    list_filter = ["metric", "state"]
    search_fields = ["ticket__number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Clock]:
        return super().get_queryset(request).order_by("-pk")


@admin.register(LedgerEntry)
class LedgerAdmin(EvidenceAdmin):
    """What happened to clocks, as it was written."""

    list_display = ["at", "ticket", "metric", "kind", "reason", "actor", "recorded_at"]
    list_select_related = ["ticket", "actor"]
    list_filter = ["metric", "kind"]
    search_fields = ["ticket__number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        return super().get_queryset(request).order_by("-pk")
