"""What each role may do."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from nova.accounts import services
from nova.accounts.core import CoreAdmin, CoreForm
from nova.accounts.models import Role
from nova.accounts.permissions import choices_for, labels_of, permission_names
from nova.accounts.roles import ROLES


def permission_choices() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return all permissions, grouped by the app that declares them."""
    return choices_for(permission_names())


class RoleForm(CoreForm):
    """A role, with a box for each permission that there is."""

    permissions = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=lazy(permission_choices, list),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
    )

    class Meta:
        model = Role
        fields = ["name", "permissions"]

    def clean_permissions(self) -> list[str]:
        return sorted(self.cleaned_data["permissions"])


def lacking(role: Role) -> list[str]:
    """Return what the role that Nova brings under this key may do, and this one may not."""
    return sorted(set(ROLES.get(role.key, ())) - set(role.permissions))


@admin.register(Role)
class RoleAdmin(CoreAdmin):
    permission = "accounts.manage_roles"
    form = RoleForm
    list_display = ["name", "key", "permission_count", "lacking"]
    search_fields = ["name"]
    actions = ["complete"]

    @admin.display(description=_("permissions"))
    def permission_count(self, role: Role) -> int:
        return len(role.permissions)

    @admin.display(description=_("Nova's own may also"))
    def lacking(self, role: Role) -> str:
        return "; ".join(labels_of(lacking(role)))

    @admin.action(description=_("Allow what Nova's own role may also do"))
    def complete(self, request: HttpRequest, queryset: QuerySet[Role]) -> None:
        """Bring roles in step with a Nova that has learned more since they were made."""
        for role in queryset.select_for_update():
            before, role.permissions = (
                role.permissions,
                sorted([*role.permissions, *lacking(role)]),
            )
            if role.permissions != before:
                role.save(update_fields=["permissions"])
                changes = {"permissions": (before, role.permissions)}
                self.announce(request, role, "changed", changes)
                messages.success(request, _("%(role)s may do more now.") % {"role": role})

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        services.require_role_manager()

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        """Keep the seeded roles: other parts of Nova know them by their keys."""
        is_seeded = obj is not None and bool(obj.key)
        return not is_seeded and super().has_delete_permission(request, obj)
