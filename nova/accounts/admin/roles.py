"""What each role may do."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from nova.accounts import services
from nova.accounts.core import CoreAdmin, CoreForm
from nova.accounts.models import Role
from nova.accounts.permissions import choices_for, permission_names


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


@admin.register(Role)
class RoleAdmin(CoreAdmin):
    permission = "accounts.manage_roles"
    form = RoleForm
    list_display = ["name", "key", "permission_count"]
    search_fields = ["name"]

    @admin.display(description=_("permissions"))
    def permission_count(self, role: Role) -> int:
        return len(role.permissions)

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        services.require_role_manager()

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        """Keep the seeded roles: other parts of Nova know them by their keys."""
        is_seeded = obj is not None and bool(obj.key)
        return not is_seeded and super().has_delete_permission(request, obj)
