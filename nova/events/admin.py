"""Nova Core: events that a consumer could not take, and the way to give them again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from nova.events import consumers
from nova.events.models import ParkedEvent


@admin.register(ParkedEvent)
class ParkedEventAdmin(ModelAdmin):
    """Read-only but for the retry: a parked event is evidence."""

    list_display = ["record", "consumer", "error", "attempts", "parked_at"]
    list_filter = ["consumer"]
    list_select_related = ["record"]
    ordering = ["-parked_at"]
    actions = ["retry_events"]

    @admin.action(description=_("Give to the consumer again"))
    def retry_events(self, request: HttpRequest, queryset: QuerySet[ParkedEvent]) -> None:
        now = timezone.now()
        taken = [consumers.retry(parked, now=now) for parked in queryset.order_by("record_id")]
        text = ngettext("%d event was taken.", "%d events were taken.", sum(taken)) % sum(taken)
        level = messages.SUCCESS if all(taken) else messages.WARNING
        self.message_user(request, text, level)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("events.retry_event")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
