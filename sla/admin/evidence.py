"""Nova Core's pages of clocks and their ledger: to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import CoreAdmin
from sla.models import Clock, LedgerEntry

LOOK = "tickets.view_sla_adjustments"  # names and reasons of policies tell of VIPs


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
