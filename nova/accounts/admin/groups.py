"""Groups of people. What an identity provider keeps, it sets right again when it next looks."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from nova.accounts import services
from nova.accounts.core import CoreAdmin, CoreInline, viewer
from nova.accounts.models import Group, GroupMembership
from nova.events.models import EventRecord

GROUPS = "accounts.manage_groups"


class MembershipInline(CoreInline):
    model = GroupMembership
    permission = GROUPS
    autocomplete_fields = ["person"]
    per_page = 50

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # one comes or leaves

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupMembership]:
        rows: QuerySet[GroupMembership] = super().get_queryset(request)
        return rows.select_related("person").order_by("person__name", "pk")


@admin.register(Group)
class GroupAdmin(CoreAdmin):
    permission = GROUPS
    fields = ["name"]
    search_fields = ["name"]
    list_display = ["name", "changed_at"]
    inlines = [MembershipInline]

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        now, actor = timezone.now(), viewer(request)
        if change:
            services.edit_group(obj.pk, {"name": obj.name}, actor=actor, now=now)
        else:
            obj.pk = services.create_group(obj.name, actor=actor, now=now).pk
            obj._state.adding = False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        services.change_members(
            form.instance.pk,
            add=[row.person_id for row in formset.new_objects],
            remove=[row.person_id for row in formset.deleted_objects],
            actor=viewer(request),
            now=timezone.now(),
        )

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        services.delete_group(obj.pk, actor=viewer(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        for group in queryset:
            self.delete_model(request, group)

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: Group) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("group", obj.pk)
