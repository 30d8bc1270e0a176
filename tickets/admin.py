"""Nova Core's pages of what a desk arranges, and of its tickets to look up."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from nova.accounts.core import CoreAdmin, CoreForm, CoreInline, viewer
from nova.accounts.permissions import SEE_VIPS
from nova.accounts.previewed import PreviewedAdmin, PreviewedForm
from tickets import weighing
from tickets.choices import FieldType, Module
from tickets.models import Category, CustomField, DeskSettings, ReplyTemplate, Tag, Ticket

DESK = "tickets.manage_desk"
SWITCHES = "vip.manage_vip"
OF_VIPS = ["vip_modules", "exec_points", "gold_points", "priority_points"]
ORDERING = ["fairness_limit_hours", "risk_points", *OF_VIPS]
FIRST = 50


class SubcategoryInline(CoreInline):
    model = Category
    permission = DESK
    verbose_name = _("subcategory")
    verbose_name_plural = _("subcategories")


@admin.register(Category)
class CategoryAdmin(CoreAdmin):
    """Categories with their subcategories. What tickets bear is switched off, not deleted."""

    permission = DESK
    fields = ["name", "is_active"]
    list_display = ["name", "is_active"]
    search_fields = ["name"]
    inlines = [SubcategoryInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).filter(parent=None).order_by("name")


@admin.register(Tag)
class TagAdmin(CoreAdmin):
    permission = DESK
    search_fields = ["name"]


class ReplyTemplateForm(CoreForm):
    """Words for everybody, or for one team, or for one person."""

    class Meta:
        model = ReplyTemplate
        fields = ["title", "body", "team", "person", "is_active"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("team") and cleaned.get("person"):
            self.add_error("person", _("Choose a team or a person, not both."))
        return cleaned


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(CoreAdmin):
    """With neither team nor person, words are for the whole desk."""

    permission = DESK
    form = ReplyTemplateForm
    list_display = ["title", "team", "person", "is_active"]
    list_select_related = ["team", "person"]
    list_filter = ["is_active"]
    search_fields = ["title", "body"]
    autocomplete_fields = ["team", "person"]


class CustomFieldForm(CoreForm):
    """A field of the tenant's own; the options of a choice stand one on a line."""

    options = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget,
        help_text=_("For a choice: one option on each line"),
    )

    class Meta:
        model = CustomField
        fields = ["key", "label", "kind", "type", "options", "is_required", "is_in_portal"]
        fields += ["is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["options"] = "\n".join(self.instance.options)

    def clean_options(self) -> list[str]:
        lines = self.cleaned_data["options"].splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("type") == FieldType.CHOICE and not cleaned.get("options"):
            self.add_error("options", _("A choice needs options."))
        return cleaned


@admin.register(CustomField)
class CustomFieldAdmin(CoreAdmin):
    permission = DESK
    form = CustomFieldForm
    list_display = ["label", "key", "kind", "type", "is_required", "is_in_portal", "is_active"]
    list_filter = ["kind", "type", "is_active"]
    search_fields = ["key", "label"]


class DeskForm(PreviewedForm):
    """How the desk behaves, with a box for each module in which VIPs go first."""

    vip_modules = forms.MultipleChoiceField(
        label=_("VIPs go first in"),
        choices=Module.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Elsewhere their tickets are marked, and take their turn."),
    )

    class Meta:
        model = DeskSettings
        fields = [
            "auto_close_days",
            "reopen_days",
            "max_attachment_bytes",
            "max_attachments",
            "fairness_limit_hours",
            "risk_points",
            "vip_modules",
            "exec_points",
            "gold_points",
            "priority_points",
        ]


@admin.register(DeskSettings)
class DeskSettingsAdmin(PreviewedAdmin):
    """The one row of a desk. What VIPs count, and where, belongs to who arranges VIPs.

    What changes the order of the queue is shown on the real one before it is saved.
    """

    permission = DESK
    form = DeskForm
    only_save = True
    fieldsets = [
        (None, {"fields": DeskForm.Meta.fields[:4]}),
        (_("The order of the queue"), {"fields": ORDERING}),
    ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return viewer(request).has_perm(DESK) or viewer(request).has_perm(SWITCHES)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return what the viewer may look at, and not change."""
        person = viewer(request)
        others = [name for name in DeskForm.Meta.fields if name not in OF_VIPS]
        theirs = {SWITCHES: OF_VIPS, DESK: others}
        return [
            name for verb, names in theirs.items() if not person.has_perm(verb) for name in names
        ]

    def preview(
        self, request: HttpRequest, record: DeskSettings, form: DeskForm
    ) -> HttpResponse | None:
        """Show who would be first in the queue; to whom may see VIPs, for it tells of them."""
        if not (set(form.changed_data) & set(ORDERING) and viewer(request).has_perm(SEE_VIPS)):
            return None
        draft = record.weights, record.fairness_limit_hours  # validation has put the draft there
        now = timezone.now()
        places = weighing.places_under(*draft, now=now, most=FIRST)
        context = self.context(
            request,
            title=gettext("The queue by this draft"),
            sentence=_in_words(places, weighing.changed_by(*draft, now=now)),
            places=places,
            behind=gettext("behind the first %(count)s") % {"count": FIRST},
            save=gettext("Save the settings"),
            back=gettext("Back to the settings"),
        )
        return TemplateResponse(request, "admin/tickets/queue.html", context)


def _in_words(places: list[weighing.Place], changed: int) -> str:
    """Say what a draft would do as a whole."""
    moved = sum(place.now != place.then for place in places)
    scores = ngettext(
        "The score of %(count)s ticket would change",
        "The scores of %(count)s tickets would change",
        changed,
    )
    stands = ngettext(
        "of the first %(first)s, %(count)s would stand elsewhere.",
        "of the first %(first)s, %(count)s would stand elsewhere.",
        moved,
    )
    said = scores % {"count": changed}, stands % {"count": moved, "first": FIRST}
    return "; ".join(said)


@admin.register(Ticket)
class TicketAdmin(CoreAdmin):
    """Tickets to look up. They are worked on in Pulse, where rules and clocks hold."""

    permission = "tickets.view_ticket"
    read_only = True
    list_display = ["reference", "title", "status", "priority", "requester", "opened_at"]
    list_select_related = ["requester"]
    list_filter = ["status", "priority", "kind", "module"]
    search_fields = ["title"]
    search_help_text = _("Words of title and description, or a reference such as T-1042")
    show_full_result_count = False
    fields = [
        "number",
        "external_ref",
        "title",
        "description",
        ("kind", "type", "status", "priority"),
        ("requester", "submitted_by"),
        ("assignee", "team"),
        ("category", "subcategory", "service"),
        ("opened_at", "responded_at", "resolved_at", "closed_at", "deleted_at"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return super().get_queryset(request).newest()

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        return (queryset.with_words(search_term) if search_term else queryset), False
