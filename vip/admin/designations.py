"""Nova Core's page of who is a VIP, by whose word, since when and why."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from nova.accounts.core import CoreAdmin, CoreForm, viewer
from nova.events.models import EventRecord
from vip import services
from vip.admin.progress import progress_of
from vip.admin.reviewing import ReviewFilter, StillRight
from vip.choices import DesignationState
from vip.models import TARGETS, Designation, Reassessment

TERMS = ["level", "reason", "starts_at", "ends_at"]


class DesignateForm(CoreForm):
    """Whom to designate, as what, why, and from when until when."""

    class Meta:
        model = Designation
        fields = [*TARGETS, *TERMS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].required = False
        self.fields["starts_at"].help_text = _("Empty: now")
        self.fields["ends_at"].help_text = _("Empty: until it is revoked")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if len([name for name in TARGETS if cleaned.get(name)]) != 1:
            message = _("Choose one of person, group, department, site and floor.")
            raise forms.ValidationError(message)
        now = timezone.now()
        ends_at, starts_at = cleaned.get("ends_at"), cleaned.get("starts_at") or now
        if ends_at and ends_at <= max(starts_at, now):
            self.add_error("ends_at", _("It must end in the future, and after it starts."))
        cleaned["starts_at"] = starts_at
        return cleaned

    def target(self) -> dict[str, int]:
        """Return whom or what is designated, as `designate_vip` takes it."""
        return {
            f"{name}_id": self.cleaned_data[name].pk for name in TARGETS if self.cleaned_data[name]
        }


class RevokeForm(CoreForm):
    """Why a designation ends now."""

    because = forms.CharField(
        label=_("Revoke because"),
        max_length=250,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Saving ends the designation now. Its record stays."),
    )

    class Meta:
        model = Designation
        fields: list[str] = []


class StateFilter(admin.SimpleListFilter):
    """Where designations stand now."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.value, state.label) for state in DesignationState]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Designation]:
        now = timezone.now()
        begun, over = Q(starts_at__lte=now), Q(ends_at__lte=now)
        revoked = Q(revoked_at__lte=now)
        kept: dict[str | None, Any] = {
            DesignationState.REVOKED: queryset.filter(revoked),
            DesignationState.ENDED: queryset.filter(over).exclude(revoked),
            DesignationState.UPCOMING: queryset.exclude(begun).exclude(revoked),
            DesignationState.ACTIVE: queryset.in_force(now),
        }
        return kept.get(self.value(), queryset)


@admin.register(Designation)
class DesignationAdmin(StillRight, CoreAdmin):
    """A designation is made or revoked, never changed and never deleted: the audit needs it."""

    permission = "vip.designate_vip"
    only_save = True
    list_display = ["target", "level", "source", "reason", "author", "starts_at", "ends_at"]
    list_display += ["state"]
    list_filter = [StateFilter, ReviewFilter, "level", "source"]
    list_select_related = ["person", "group", "department", "site", "floor__site", "author"]
    search_fields = ["person__name", "person__email", "group_name", "department__name"]
    search_fields += ["site__name", "reason"]
    autocomplete_fields = ["person", "group", "department", "site"]
    confirm_service = staticmethod(services.confirm_vip)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Designation]:
        return super().get_queryset(request).order_by("-created_at", "-pk")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = DesignateForm if obj is None else RevokeForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return [*TARGETS, *TERMS]
        revoke = ["because"] if self._is_standing(obj) else []
        return [*self.get_readonly_fields(request, obj), *revoke]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = ["created_at", "reviewed_at", "revoked_at", "progress"]
        return [] if obj is None else [*self.list_display, *own]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_standing = obj is None or self._is_standing(obj)
        return is_standing and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Designation, form: Any, change: bool) -> None:
        """Designate or revoke; the services also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        if change:
            services.revoke_vip(obj.pk, reason=form.cleaned_data["because"], **acting)
        else:
            terms = {name: form.cleaned_data[name] for name in TERMS}
            obj.pk = services.designate_vip(form.target(), **terms, **acting).pk
            obj._state.adding = False

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: Designation) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("designation", obj.pk)

    @admin.display(description=_("state"))
    def state(self, designation: Designation) -> str:
        return str(designation.state(timezone.now()).label)

    @admin.display(description=_("who"))
    def target(self, designation: Designation) -> str:
        kind = Designation._meta.get_field(designation.target_kind)
        return f"{str(getattr(kind, 'verbose_name', '')).capitalize()}: {designation.target}"

    @admin.display(description=_("people in step"))
    def progress(self, designation: Designation) -> str:
        """Say how far it is with bringing many people in step, where they were many."""
        rows = Reassessment.objects.for_list().filter(designation=designation).order_by("-pk")
        row = rows.first()
        return progress_of(row) if row else "—"

    def _is_standing(self, designation: Designation) -> bool:
        over = (DesignationState.ENDED, DesignationState.REVOKED)
        return designation.state(timezone.now()) not in over
