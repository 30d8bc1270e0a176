"""Nova Core's page of what groups bring."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import CoreAdmin, CoreForm, viewer
from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.scim import services
from nova.scim.models import GroupMapping


class MappingForm(CoreForm):
    """A group, and the team or the role that comes with it."""

    actor: ClassVar[User]

    class Meta:
        model = GroupMapping
        fields = ["group", "team", "role"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        team, role = cleaned.get("team"), cleaned.get("role")
        if bool(team) == bool(role):
            raise forms.ValidationError(_("Choose a team or a role."))
        if role and not self.actor.permissions.issuperset(role.permissions):
            self.add_error("role", _("This role may do more than you."))
        return cleaned


@admin.register(GroupMapping)
class GroupMappingAdmin(CoreAdmin):
    """A mapping is made or removed, never changed: what it gave is taken back in between."""

    permission = "scim.map_groups"
    form = MappingForm
    list_display = ["group", "team", "role"]
    list_select_related = ["group", "team", "role"]
    autocomplete_fields = ["group", "team"]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.actor = viewer(request)
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: GroupMapping, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        obj.pk = services.map_group(
            obj.group, team=obj.team, role=obj.role, actor=viewer(request), now=timezone.now()
        ).pk

    def delete_model(self, request: HttpRequest, obj: GroupMapping) -> None:
        services.unmap_group(obj.pk, actor=viewer(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[GroupMapping]) -> None:
        for mapping in queryset:
            self.delete_model(request, mapping)

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: GroupMapping) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("mapping", obj.pk)
