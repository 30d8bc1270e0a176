"""API keys: made here with their text shown once, and revoked."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from nova.accounts import services
from nova.accounts.admin.roles import permission_choices
from nova.accounts.choices import PersonKind
from nova.accounts.core import CoreAdmin, CoreForm, viewer
from nova.accounts.models import ApiKey, User
from nova.accounts.rules import EVERYTHING


def scope_choices() -> list[Any]:
    return [(EVERYTHING, _("All that the person may do")), *permission_choices()]


class ApiKeyForm(CoreForm):
    """What a new key is for. `actor` is who makes it."""

    actor: ClassVar[User]
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=lazy(scope_choices, list),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = ApiKey
        fields = ["person", "name", "scopes", "expires_at"]

    def clean_person(self) -> User:
        person: User = self.cleaned_data["person"]
        if not person.is_active or person.kind == PersonKind.SYSTEM:
            raise forms.ValidationError(_("This is nobody who signs in."))
        if not services.may_manage(self.actor, person):
            raise forms.ValidationError(_("This person may do more than you."))
        return person

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError(_("A key must expire in the future."))
        return expires_at


@admin.register(ApiKey)
class ApiKeyAdmin(CoreAdmin):
    """A key is made or revoked, never changed and never deleted: it is evidence."""

    permission = "accounts.manage_keys"
    form = ApiKeyForm
    list_display = ["name", "prefix", "person", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["person"]
    search_fields = ["name", "prefix"]
    autocomplete_fields = ["person"]
    actions = ["revoke"]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.actor = viewer(request)
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        keys: QuerySet[ApiKey] = super().get_queryset(request)
        return keys.order_by("-created_at", "-pk")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        """Make the key, and show its text this once."""
        key, text = services.create_api_key(
            **form.cleaned_data, actor=viewer(request), now=timezone.now()
        )
        obj.pk, obj.prefix = key.pk, key.prefix
        told = _("Keep it now, it is not shown again: %(key)s") % {"key": text}
        messages.warning(request, told)

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    @admin.action(description=_("Revoke"))
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys:
            services.revoke_api_key(key.pk, actor=viewer(request), now=timezone.now())
            messages.success(request, _("%(key)s is revoked.") % {"key": key})
