"""Nova Core's page of engineers. What is saved goes through the services."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from dispatch import services
from dispatch.admin.catalogue import ENGINEERS
from dispatch.admin.rows import CertificateInline, ChangeInline, DayRows, ShiftInline, SkillInline
from dispatch.languages import LANGUAGES, named
from dispatch.models import Engineer
from dispatch.services import Hours, Stated, StatedChange
from nova.accounts.choices import PersonKind
from nova.accounts.core import CoreAdmin, CoreForm, viewer
from nova.accounts.models import Site, User
from nova.accounts.permissions import SEE_VIPS
from nova.events.models import EventRecord

OF_VIPS = "is_for_vips"
CHANGE = ("kind", "first", "last", "opens", "closes", "reason")


class EngineerForm(CoreForm):
    """What an engineer brings beside the rows below."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
    )
    serves = forms.ModelMultipleChoiceField(
        label=_("Sites"),
        queryset=Site.objects.order_by("name"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text=_("None: all of them"),
    )

    class Meta:
        model = Engineer
        fields = ["person", "takes_work", "capacity", "languages", OF_VIPS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            people = User.objects.active().filter(kind=PersonKind.PERSON)
            cast(Any, self.fields["person"]).queryset = people
        if self.instance.pk:
            self.initial["serves"] = list(self.instance.sites.values_list("pk", flat=True))

    def stated(self) -> Stated:
        """Return what the services are to write."""
        given = self.cleaned_data
        names = ("takes_work", "capacity", "languages", OF_VIPS)
        stated: Any = {name: given[name] for name in names if name in given}
        stated["sites"] = [site.pk for site in given["serves"]]
        return cast(Stated, stated)


@admin.register(Engineer)
class EngineerAdmin(CoreAdmin):
    """Who takes work. Who takes none any more is switched off: what they did stays theirs."""

    permission = ENGINEERS
    form = EngineerForm
    list_display = ["person", "takes_work", "capacity", "known", "spoken", "last_given_at"]
    list_filter = ["takes_work"]
    empty_value_display = "—"
    search_fields = ["person__name", "person__email"]
    autocomplete_fields = ["person"]
    inlines = [SkillInline, CertificateInline, ShiftInline, ChangeInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Engineer]:
        rows = Engineer.objects.select_related("person").prefetch_related("skills__skill")
        return rows.order_by("person__name", "pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = ["person", "takes_work", "capacity", "languages", "serves", OF_VIPS]
        sees = viewer(request).has_perm(SEE_VIPS)
        return [name for name in fields if sees or name != OF_VIPS]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["person"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Wait for the rows: what is stated of an engineer is one act."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """State all of it; the services also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        skills, papers, week, days = formsets
        stated = form.stated()
        stated["skills"] = {row["skill"].pk: row["level"] for row in skills.stated}
        stated["certificates"] = {
            row["certificate"].pk: row["expires_on"] for row in papers.stated
        }
        obj = form.instance
        if change:
            services.edit_engineer(obj.pk, stated, **acting)
        else:
            obj.pk = services.add_engineer(obj.person, stated, **acting).pk
            obj._state.adding = False
        hours = [Hours(row["weekday"], row["opens"], row["closes"]) for row in week.stated]
        services.set_week(obj.pk, hours, **acting)
        self._change_days(obj, days, acting)

    def _change_days(self, obj: Engineer, days: DayRows, acting: dict[str, Any]) -> None:
        for form in days.deleted_forms:
            services.remove_change(form.instance.pk, **acting)
        for row in days.stated:
            if row["row"].pk is None:
                change = StatedChange(**{name: row[name] for name in CHANGE})
                services.add_change(obj.pk, change, **acting)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> dict[str, Any]:
        return {}  # the services have told it already

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: Engineer) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("engineer", obj.pk)

    @admin.display(description=_("knows"))
    def known(self, engineer: Engineer) -> str:
        return ", ".join(str(skill) for skill in engineer.skills.all()) or "—"

    @admin.display(description=_("languages"))
    def spoken(self, engineer: Engineer) -> str:
        return ", ".join(named(engineer.languages)) or "—"
