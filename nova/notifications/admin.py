"""Nova Core: deliveries and their retry, and the chats that hear of alerts."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
)

from nova.accounts.choices import VipLevel
from nova.accounts.core import CoreAdmin, CoreForm, viewer
from nova.notifications import services
from nova.notifications.choices import HookForm, Kind
from nova.notifications.models import Delivery, SlackHook
from nova.notifications.outbound import NotReached, refuse_scheme

SECRETS = ("url", "key")


@admin.register(Delivery)
class DeliveryAdmin(CoreAdmin):
    """Read-only but for the retry: a delivery is evidence."""

    permission = "notifications.manage_deliveries"
    read_only = True
    list_display = [
        "subject",
        "channel",
        "recipient",
        "state",
        "attempts",
        "created_at",
        "sent_at",
    ]
    list_filter = ["channel", "state", "kind"]
    list_select_related = ["recipient"]
    search_fields = ["subject", "address"]
    ordering = ["-id"]
    exclude = ["html", "key"]
    show_full_result_count = False
    actions = ["retry_deliveries"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Keep what the viewer may know of: what some are told, not everybody may read."""
        deliveries: QuerySet[Delivery] = super().get_queryset(request)
        return deliveries.filter(needs__in=["", *viewer(request).permissions])

    @admin.action(description=_("Send again what was not sent"))
    def retry_deliveries(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        for delivery in queryset:
            services.retry(delivery, now=timezone.now())
        self.message_user(request, _("They will be sent in a moment."), messages.SUCCESS)


class SlackHookForm(CoreForm):
    """A hook. Its URL and its key are never shown again, only replaced."""

    url = forms.URLField(
        label=_("URL"),
        required=False,
        assume_scheme="https",
        max_length=500,
        widget=UnfoldAdminPasswordWidget,
        help_text=_("Kept encrypted. Leave it empty to keep the present one."),
    )
    form = forms.ChoiceField(
        label=_("What it is"),
        choices=HookForm.choices,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    key = forms.CharField(
        label=_("Signing key"),
        required=False,
        max_length=200,
        widget=UnfoldAdminPasswordWidget,
        help_text=_("Signs what a workflow gets. Leave it empty to keep the present one."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Hears of"),
        choices=Kind.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("A chat that hears of nothing is posted to by steps of escalations alone."),
    )

    levels = forms.MultipleChoiceField(
        label=_("Only of VIPs of level"),
        choices=VipLevel.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Then it hears of their tickets alone. Without any, of all tickets."),
    )

    class Meta:
        model = SlackHook
        fields = ["name", "form", "kinds", "levels", "is_active"]

    def clean_form(self) -> str:
        return self.cleaned_data["form"] or HookForm.CHAT

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_workflow = cleaned.get("form") == HookForm.WORKFLOW
        if is_workflow and not (cleaned.get("key") or self.instance.sealed_secret):
            self.add_error("key", _("A workflow needs a key to know Nova by."))
        return cleaned

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if not url and not self.instance.sealed_url:
            raise forms.ValidationError(_("A new hook needs a URL."))
        if url:
            try:
                refuse_scheme(url)
            except NotReached as error:
                raise forms.ValidationError(str(error)) from error
        return url


@admin.register(SlackHook)
class SlackHookAdmin(CoreAdmin):
    """Where alerts are posted, and which."""

    permission = "notifications.manage_deliveries"
    form = SlackHookForm
    list_display = ["name", "form", "kinds", "levels", "is_active"]

    def save_model(self, request: HttpRequest, obj: SlackHook, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in SECRETS}
        services.save_hook(obj, **given)

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Tell that a secret was changed, and never what it is."""
        hidden = {name: (None, "changed") for name in SECRETS if name in changes}
        told = {**changes, **hidden}
        super().announce(request, obj, action, told)
