"""Nova Core: the admin site, and what each of its pages shares."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from csp.decorators import csp_update
from django import forms
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.sites import UnfoldAdminSite

from nova.accounts.events import RecordChanged
from nova.accounts.models import User
from nova.events import lens
from nova.events.base import Change
from nova.events.bus import publish
from nova.events.models import EventRecord
from nova.races import once_more
from nova.text import is_blank

# Alpine, on which the theme stands, compiles the attributes of its own templates
# (docs/decisions/0012). Scripts still come from nowhere but here.
RELAXED = {
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}
ONLY_SAVE = {"show_save_and_add_another": False, "show_save_and_continue": False}


class CoreSite(UnfoldAdminSite):
    """Open to those who hold `accounts.enter_core`, and fenced to their tenant like every page.

    One signs in, out and changes one's password on the pages of Nova, and nowhere else.
    """

    index_title = _("What you may arrange")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        wrapped: Callable = csp_update(RELAXED)(super().admin_view(view, cacheable))
        return wrapped

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("accounts:password_change")


class CoreForm(forms.ModelForm):
    """A form whose record belongs to the tenant of whoever fills it, constraints included."""

    tenant_id: ClassVar[int]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.tenant_id is None:
            self.instance.tenant_id = self.tenant_id

    def clean(self) -> dict[str, Any]:
        """Refuse a text in which nothing can be seen."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and value and is_blank(value):
                self.add_error(name, _("Nothing of this can be seen."))
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"tenant"}


class OneVerb:
    """Lets those who hold `permission` do all that a page of Core can, or look if `read_only`."""

    permission: ClassVar[str]
    read_only: ClassVar[bool] = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return viewer(request).has_perm(self.permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.read_only and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.read_only and self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.read_only and self.has_view_permission(request)


class QuietRefusal:
    """A row that is kept because something else needs it does not say what that is."""

    def hand_clean_DELETE(self) -> None:  # noqa: N802  Django calls it so
        try:
            super().hand_clean_DELETE()  # type: ignore[misc]
        except ValidationError as error:
            row = cast(Any, self).instance
            raise ValidationError(_("%(row)s is needed elsewhere.") % {"row": row}) from error


class CoreInline(OneVerb, TabularInline):
    """Rows of another model on a page of Core."""

    form = CoreForm
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if formset.can_delete:
            formset.form = type("RowForm", (QuietRefusal, formset.form), {})
        formset.form.tenant_id = viewer(request).tenant_id
        return formset


class CoreAdmin(OneVerb, ModelAdmin):
    """A page of Core. What is done there is told by events, with each field before and after."""

    form = CoreForm
    subject: ClassVar[str] = "record"
    warn_unsaved_form = True
    only_save: ClassVar[bool] = False  # nobody goes on from here to another one

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.tenant_id = viewer(request).tenant_id
        return form

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Let an address filter by what the page offers alone: what it finds tells as well."""
        column = lookup.partition("__")[0]
        try:
            self.opts.get_field(column)
        except FieldDoesNotExist:
            is_offered = True  # a filter of our own; what is nothing at all finds nothing
        else:
            is_offered = column in self.get_list_filter(request)
        return is_offered and super().lookup_allowed(lookup, value, request)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name of what stands against a deletion only what the viewer may look at."""
        gone, counts, needed, protected = super().get_deleted_objects(objs, request)
        standing = NestedObjects(using=DEFAULT_DB_ALIAS, origin=objs)
        standing.collect(objs)
        hidden = {each for each in standing.protected if not self._shows(request, each)}
        if hidden:
            needed -= {each._meta.verbose_name for each in hidden}
            seen = [str(each) for each in standing.protected if each not in hidden]
            protected = [*seen, _("Something that you may not look at")]
        return gone, counts, needed, protected

    def _shows(self, request: HttpRequest, obj: Model) -> bool:
        page = self.admin_site._registry.get(type(obj))
        return page is not None and page.has_view_permission(request, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show a form or save it. Who is too late for a name is shown the form again."""
        context = {**(ONLY_SAVE if self.only_save else {}), **(extra_context or {})}
        view = super().changeform_view

        def answer() -> Any:
            for _name, uploads in request.FILES.lists():
                for upload in uploads:
                    upload.seek(0)  # the first reading may have come to its end
            return view(request, object_id, form_url, context)

        return answer() if request.method != "POST" else once_more(answer)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> dict[str, Change]:
        """Return what was changed, for the event. Django would write a sentence here."""
        changes = changes_in(form)
        for formset in formsets or ():
            changes |= _rows_changed(formset)
        return changes

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        self.announce(request, obj, "added", message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        if message:
            self.announce(request, obj, "changed", message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> None:
        for obj in queryset:
            self.announce(request, obj, "deleted", {})

    def announce(
        self, request: HttpRequest, obj: Any, action: str, changes: dict[str, Change]
    ) -> None:
        """Publish what was done to `obj`."""
        event = RecordChanged(
            tenant_id=viewer(request).tenant_id,
            record=obj._meta.label_lower,
            record_id=obj.pk,
            label=str(obj),
            action=action,
            changes=changes,
        )
        now = timezone.now()  # noqa: TID251 - this is the edge
        publish(event, actor=viewer(request), now=now)

    def require(self, request: HttpRequest) -> None:
        """Let nobody on to a page of one's own here who may not look at these records."""
        if not self.has_view_permission(request):
            raise PermissionDenied

    def one(self, request: HttpRequest, object_id: str | int) -> Any:
        """Return the record that such a page is about. Raises `Http404` where there is none."""
        self.require(request)
        found = self.get_object(request, str(object_id))
        if found is None:
            raise Http404
        return found

    def context(self, request: HttpRequest, **named: Any) -> dict[str, Any]:
        """Return what a template of such a page needs beside what is `named`."""
        return {**self.admin_site.each_context(request), "opts": self.opts, **named}

    def history_of(self, obj: Any) -> QuerySet[EventRecord]:
        """Return what happened to `obj`, as its page tells it."""
        events = EventRecord.objects.about("record", obj.pk)
        return events.filter(payload__record=obj._meta.label_lower)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        hidden = lens.hidden_names(viewer(request).has_perm)
        events = (
            self.history_of(obj).exclude(name__in=hidden) if obj else EventRecord.objects.none()
        )
        told = [HistoryLine.of(event) for event in events.select_related("actor")]
        lines = Paginator(told, 100)
        found = {"action_list": lines.get_page(request.GET.get("p"))}
        context = {**found, **(extra_context or {})}
        page: HttpResponse = super().history_view(request, object_id, context)
        return page


@dataclass(frozen=True)
class HistoryLine:
    """One event, as the theme's page of a record's history shows it."""

    action_time: datetime
    user: User
    get_change_message: str

    @classmethod
    def of(cls, record: EventRecord) -> "HistoryLine":
        changes = record.payload.get("changes", {})
        told = [f"{name}: {before} → {after}" for name, (before, after) in changes.items()]
        name = record.payload.get("action") or record.name.rpartition(".")[2]
        return cls(record.occurred_at, record.actor, "; ".join([name, *told]))


def viewer(request: HttpRequest) -> User:
    return cast(User, request.user)


def changes_in(form: Any) -> dict[str, Change]:
    """Return the fields that a form changed, each before and after."""
    return {
        name: (_plain(form.initial.get(name)), _plain(form.cleaned_data.get(name)))
        for name in form.changed_data
    }


def _rows_changed(formset: Any) -> dict[str, Change]:
    rows: dict[str, Change] = {str(row): ([], _plain(row)) for row in formset.new_objects}
    rows |= {str(row): (_plain(row), []) for row in formset.deleted_objects}
    for form in formset.initial_forms:
        if form.has_changed() and form not in formset.deleted_forms:
            found = changes_in(form)
            rows |= {f"{form.instance}: {name}": change for name, change in found.items()}
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple | set | QuerySet):
        return [_plain(item) for item in value]
    return str(value)
