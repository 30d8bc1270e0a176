"""Imports of people and groups: upload, look, apply, undo."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from nova.accounts import services
from nova.accounts.choices import ImportKind
from nova.accounts.core import CoreAdmin, viewer
from nova.accounts.csv_rows import LONGEST, MOST_BYTES, MOST_ROWS, Unreadable
from nova.accounts.models import PeopleImport
from nova.errors import Refused
from nova.events.models import EventRecord
from nova.races import once_more
from nova.text import csv_file

PAGE = 50
VERBS = {"apply": services.apply_import, "undo": services.undo_import}
SAMPLE = [
    [*LONGEST, "attribute:costCenter"],
    [
        *("ada@example.com", "Ada Lovelace", "Analyst", "+44 20 7946 0001", "", "", ""),
        *("grace@example.com", "Executives;Engineers", "1815", "true", "4711"),
    ],
    [
        *("grace@example.com", "Grace Hopper", "Rear admiral", "", "", "", ""),
        *("", "Executives", "1906", "true", "4712"),
    ],
]


class ImportForm(forms.Form):
    """Which file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 with a first line of column names; up to 5 MB."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


@admin.register(PeopleImport)
class PeopleImportAdmin(CoreAdmin):
    """What was imported stays listed: it is the evidence, and the way back."""

    permission = "accounts.import_people"
    list_display = ["__str__", "file_name", "author", "created_at", "applied_at", "undone_at"]
    list_select_related = ["author"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PeopleImport]:
        return PeopleImport.objects.visible_to(viewer(request)).order_by("-pk")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        own = [
            ("sample.csv", self.sample_view, "sample"),
            ("<int:pk>/errors.csv", self.errors_view, "errors"),
            ("<int:pk>/do/<str:verb>/", self.verb_view, "verb"),
        ]
        wrap = self.admin_site.admin_view
        paths = [
            path(route, wrap(view), name=f"accounts_peopleimport_{name}")
            for route, view, name in own
        ]
        return [*paths, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take a file and preview it; it changes nobody yet."""
        self.require(request)
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
            try:
                made = services.preview_import(file.name, file.read(), **acting)
            except (Unreadable, Refused) as error:
                form.add_error("file", str(error))
            else:
                return redirect(_page(made))
        said = {"title": _("Import people and groups"), "form": form, "columns": [*LONGEST]}
        context = self.context(request, **said, most=MOST_ROWS)
        return TemplateResponse(request, "admin/accounts/peopleimport/new.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show what a file comes to, row by row."""
        made = self.one(request, object_id)
        kind = request.GET.get("kind", "")
        pages = Paginator(made.rows_of(kind if kind in ImportKind.values else ""), PAGE)
        page = pages.get_page(request.GET.get("p"))
        context = {
            **self._state(request, made),
            "kind": kind,
            "kinds": [(*choice, made.counts[choice[0]]) for choice in ImportKind.choices],
            "page": page,
            "lines": [(row, ImportKind(row["kind"]).label, row["said"]) for row in page],
        }
        return TemplateResponse(request, "admin/accounts/peopleimport/one.html", context)

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Ask first, by name; then do it."""
        made = self.one(request, pk)
        if verb not in VERBS:
            raise Http404
        if request.method != "POST":
            context = {**self._state(request, made), "verb": verb}
            return TemplateResponse(request, "admin/accounts/peopleimport/ask.html", context)
        try:
            once_more(lambda: VERBS[verb](pk, actor=viewer(request), now=timezone.now()))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(_page(made))

    def sample_view(self, request: HttpRequest) -> StreamingHttpResponse:
        self.require(request)
        return csv_file("people", SAMPLE)

    def errors_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        made = self.one(request, pk)
        return csv_file(f"import-{made.pk}-errors", _errors(made))

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: PeopleImport) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("import", obj.pk)

    def _state(self, request: HttpRequest, made: PeopleImport) -> dict[str, Any]:
        return self.context(request, title=str(made), made=made)


def _errors(made: PeopleImport) -> Iterator[list[Any]]:
    """Yield what is wrong, a row for each cell, the head first."""
    yield ["line", "email", "column", "error"]
    for row in made.rows:
        for column, told in [*row["faults"], *row.get("left", ())]:
            yield [row["line"], row["said"].get("email", ""), column, told]


def _page(made: PeopleImport) -> str:
    return reverse("admin:accounts_peopleimport_change", args=[made.pk])
