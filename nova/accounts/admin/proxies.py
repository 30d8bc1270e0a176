"""Who acts for whom: appointed here, and dismissed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from nova.accounts import services
from nova.accounts.choices import PersonKind, ProxyScope, ProxyState
from nova.accounts.core import CoreAdmin, CoreForm, viewer
from nova.accounts.models import Proxy, User
from nova.accounts.rules import ends_in_vain, is_standing
from nova.events.models import EventRecord

TERMS = ["scopes", "starts_at", "ends_at", "reason"]


class AppointForm(CoreForm):
    """Who acts for whom, in what, from when until when, and why."""

    scopes = forms.MultipleChoiceField(
        label=_("What they may do"),
        choices=ProxyScope.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Proxy
        fields = ["person", "proxy", *TERMS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].required = False
        self.fields["starts_at"].help_text = _("Empty: now")
        self.fields["ends_at"].help_text = _("Empty: until it is ended")
        self.fields["reason"].required = True

    def clean_person(self) -> User:
        return _signing_in(self.cleaned_data["person"])

    def clean_proxy(self) -> User:
        return _signing_in(self.cleaned_data["proxy"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("person") and cleaned.get("person") == cleaned.get("proxy"):
            self.add_error("proxy", _("Nobody acts for themselves as somebody else."))
        now = timezone.now()
        if ends_in_vain(cleaned.get("starts_at"), cleaned.get("ends_at"), now):
            self.add_error("ends_at", _("It must end in the future, and after it starts."))
        cleaned["starts_at"] = cleaned.get("starts_at") or now
        return cleaned


class DismissForm(CoreForm):
    """Why somebody acts for another no more."""

    because = forms.CharField(
        label=_("End it because"),
        max_length=250,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Saving ends it now. Its record stays."),
    )

    class Meta:
        model = Proxy
        fields: list[str] = []


@admin.register(Proxy)
class ProxyAdmin(CoreAdmin):
    """An appointment is made or ended, never changed and never deleted: the audit needs it."""

    permission = "accounts.manage_proxies"
    list_display = ["person", "proxy", "may", "source", "starts_at", "ends_at", "state"]
    list_filter = ["source"]
    list_select_related = ["person", "proxy"]
    search_fields = ["person__name", "person__email", "proxy__name", "proxy__email"]
    autocomplete_fields = ["person", "proxy"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proxy]:
        return super().get_queryset(request).order_by("-created_at", "-pk")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = AppointForm if obj is None else DismissForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["person", "proxy", *TERMS]
        return [*self.get_readonly_fields(request, obj), *(["because"] if _stands(obj) else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        more = ["reason", "author", "created_at", "revoked_at"]
        return [] if obj is None else [*self.list_display, *more]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or _stands(obj)) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Proxy, form: Any, change: bool) -> None:
        """Appoint or dismiss; the services also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        if change:
            services.dismiss_proxy(obj.pk, reason=form.cleaned_data["because"], **acting)
        else:
            obj.pk = services.appoint_proxy(**form.cleaned_data, **acting).pk
            obj._state.adding = False

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: Proxy) -> QuerySet[EventRecord]:
        events = EventRecord.objects.about("person", obj.person_id)
        return events.filter(payload__appointment_id=obj.pk)

    @admin.display(description=_("state"))
    def state(self, appointment: Proxy) -> str:
        return str(ProxyState(appointment.state(timezone.now())).label)

    @admin.display(description=_("what they may do"))
    def may(self, appointment: Proxy) -> str:
        return ", ".join(appointment.scope_labels)


def _signing_in(person: User) -> User:
    if not person.is_active or person.kind != PersonKind.PERSON:
        raise forms.ValidationError(_("This is nobody who signs in."))
    return person


def _stands(appointment: Proxy) -> bool:
    return is_standing(appointment.revoked_at, appointment.ends_at, timezone.now())
