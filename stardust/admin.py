"""Nova Core's pages of Stardust: its rules, and its ledger to look up."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from nova.accounts.core import CoreAdmin, viewer
from nova.accounts.permissions import SEE_VIPS
from nova.accounts.previewed import PreviewedAdmin, PreviewedForm
from stardust.models import Entry, StardustSettings
from stardust.reading import settled_in
from stardust.words import examples

RULES = "stardust.manage_rules"


class StardustForm(PreviewedForm):
    """The switch, and the points of each rule."""

    class Meta:
        model = StardustSettings
        fields = [
            "is_on",
            *("left_75", "left_50", "left_25", "in_time"),
            *("p1", "p2", "problem", "daily_limit"),
            *("exec", "gold", "priority", "bonus_from_percent", "bonus_daily_limit"),
        ]


@admin.register(StardustSettings)
class StardustSettingsAdmin(PreviewedAdmin):
    """One record for each tenant. Until there is one, the first values hold.

    To save it shows first what some tickets would bring. What was earned by former rules stays.
    """

    permission = RULES
    form = StardustForm
    only_save = True
    list_display = ["__str__", "is_on", "daily_limit", "bonus_daily_limit"]
    fieldsets = [
        (None, {"fields": StardustForm.Meta.fields[:1]}),
        (_("A ticket that is resolved"), {"fields": StardustForm.Meta.fields[1:9]}),
        (_("A VIP's ticket besides"), {"fields": StardustForm.Meta.fields[9:]}),
    ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not StardustSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def preview(self, request: HttpRequest, record: Any, form: Any) -> HttpResponse | None:
        """Show what tickets bring now and would bring then; nothing where no points differ."""
        stated = StardustSettings(**form.cleaned_data)
        now = settled_in(viewer(request).tenant_id)
        if stated.rules == now.rules:
            return None
        context = self.context(
            request,
            title=_("What tickets would bring"),
            pairs=list(zip(examples(now.rules), examples(stated.rules), strict=True)),
            save=_("Save the rules"),
            back=_("Back to the rules"),
        )
        return TemplateResponse(request, "admin/stardust/preview.html", context)


@admin.register(Entry)
class EntryAdmin(CoreAdmin):
    """Read-only: what was earned is on record. To who may not see VIPs bonuses are not there."""

    permission = RULES
    read_only = True
    list_display = ["at", "person", "ticket", "kind", "is_bonus", "points", "words"]
    list_select_related = ["person", "ticket"]
    list_filter = ["kind"]
    search_fields = ["person__name", "person__email"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return Entry.objects.visible_to(viewer(request)).order_by("-pk")

    def get_list_display(self, request: HttpRequest) -> list[str]:
        sees = viewer(request).has_perm(SEE_VIPS)
        return [name for name in self.list_display if sees or name != "is_bonus"]
