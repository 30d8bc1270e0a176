"""Nova Core's pages of predictions: the trainings, and from when on a ticket is at risk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import CoreAdmin, CoreForm, viewer
from sla.admin.arranged import ARRANGE
from sla.models import PredictionModel, PredictionSettings


@admin.register(PredictionModel)
class PredictionModelAdmin(CoreAdmin):
    """Every training: what it learned from, and who judges since."""

    permission = ARRANGE
    read_only = True
    list_display = ["__str__", "trained_at", "method", "is_current", "finished", "breached"]
    fields = [
        "shown",
        "verdict",
        ("method", "is_current"),
        ("trained_at", "window_from", "window_to"),
        ("finished", "breached"),
        "metrics",
    ]
    readonly_fields = ["shown"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PredictionModel]:
        return super().get_queryset(request).defer("parameters").order_by("-number")

    @admin.display(description=_("page"))
    def shown(self, model: PredictionModel) -> str:
        said = gettext("How it judges, and how well")
        return format_html('<a href="{}">{}</a>', reverse("sla:prediction"), said)


class PredictionForm(CoreForm):
    """The two thresholds of a desk."""

    class Meta:
        model = PredictionSettings
        fields = ["risk_percent", "calm_percent"]


@admin.register(PredictionSettings)
class PredictionSettingsAdmin(CoreAdmin):
    """The one row of a desk; until it is there, what holds for all does."""

    permission = ARRANGE
    only_save = True
    form = PredictionForm
    list_display = ["__str__", "risk_percent", "calm_percent"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        there = PredictionSettings.objects.filter(tenant=viewer(request).tenant_id).exists()
        return super().has_add_permission(request, obj) and not there
