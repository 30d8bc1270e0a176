"""Nova Core's pages of attendance: which service is asked, how it answers, and what it said."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminURLInputWidget

from dispatch.attendance import services
from dispatch.attendance.entries import LONGEST_TOKEN, check_address, check_token
from dispatch.models import AttendanceSource, AttendanceState
from dispatch.models.attendance import LONGEST_ADDRESS
from nova.accounts.core import CoreAdmin, CoreForm, viewer
from nova.events.models import EventRecord

ARRANGE = "dispatch.manage_attendance"
ONE = "dispatch/core/_attendance.html"


class AttendanceSourceForm(CoreForm):
    """Where the service is. Its token is never shown again, only replaced."""

    address = forms.URLField(
        label=_("Address"),
        assume_scheme="https",
        max_length=LONGEST_ADDRESS,
        validators=[check_address],
        widget=UnfoldAdminURLInputWidget,
        help_text=_("Nova adds /api/hr/attendance to it."),
    )
    token = forms.CharField(
        label=_("Token"),
        required=False,
        max_length=LONGEST_TOKEN,
        validators=[check_token],
        widget=UnfoldAdminPasswordWidget,
        help_text=_("Kept encrypted. Leave it empty to keep the present one."),
    )

    class Meta:
        model = AttendanceSource
        fields = ["address", "is_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        present = AttendanceSource.objects.filter(pk=self.instance.pk).first()
        address = cleaned.get("address")
        if address and services.needs_token(present, address) and not cleaned.get("token"):
            self.add_error("token", services.TOKEN_NEEDED)
        return self.cleaned_data


@admin.register(AttendanceSource)
class AttendanceSourceAdmin(CoreAdmin):
    """One record for each tenant, set by a service that also tells of it."""

    permission = ARRANGE
    form = AttendanceSourceForm
    fields = ["address", "token", "is_on"]
    only_save = True
    list_display = ["address", "is_on", "answered_at", "failures", "last_error"]
    change_form_outer_before_template = "dispatch/core/attendance_head.html"

    def get_urls(self) -> list[URLPattern]:
        own = [("now", self.now_view), ("ask", self.ask_view)]
        wrap = self.admin_site.admin_view
        paths = [
            path(f"<int:pk>/{name}/", wrap(view), name=f"dispatch_attendancesource_{name}")
            for name, view in own
        ]
        return [*paths, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not AttendanceSource.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: AttendanceSource, form: Any, change: bool
    ) -> None:
        given = {name: form.cleaned_data[name] for name in self.fields}
        saved = services.set_source(**given, actor=viewer(request), now=timezone.now())
        obj.pk, obj._state.adding = saved.pk, False

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the service has told it already."""

    def history_of(self, obj: Any) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("attendancesource", obj.pk)

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> Any:
        source = options.get("obj")
        shown = {**context, **_state_of(source)} if source else context
        return super().render_change_form(request, shown, **options)

    def now_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say again how the service answers."""
        return TemplateResponse(request, ONE, _state_of(self.one(request, pk)))

    @method_decorator(require_POST)
    def ask_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the service be asked now."""
        source = self.one(request, pk)
        services.ask_soon(source.pk, now=timezone.now())
        messages.success(request, _("It is asked. What it answers stands here in a moment."))
        return redirect("admin:dispatch_attendancesource_change", source.pk)


@admin.register(AttendanceState)
class AttendanceStateAdmin(CoreAdmin):
    """Read-only: what the service said last of each engineer."""

    permission = ARRANGE
    read_only = True
    list_display = ["engineer", "on_duty", "since", "until", "back_at", "said_at"]
    list_filter = ["on_duty"]
    list_select_related = ["engineer__person"]
    search_fields = ["engineer__person__name", "engineer__person__email"]
    ordering = ["engineer__person__name", "pk"]


def _state_of(source: AttendanceSource) -> dict[str, Any]:
    """Return what the page says of how a service answers."""
    now = timezone.now()
    return {
        "source": source,
        "is_asked_now": source.is_on and source.next_ask_at <= now,
        "now_url": reverse("admin:dispatch_attendancesource_now", args=[source.pk]),
    }
