"""Imports of people and groups: upload, look, apply, undo."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from nova.accounts import services
from nova.accounts.choices import ImportKind
from nova.accounts.core import viewer
from nova.accounts.csv_rows import LONGEST, MOST_BYTES, MOST_ROWS, Unreadable
from nova.accounts.jobs import JobAdmin
from nova.accounts.models import PeopleImport, PeopleImportLine
from nova.accounts.models.imports import IMPORT
from nova.errors import Refused
from nova.text import csv_file

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
class PeopleImportAdmin(JobAdmin):
    """Files of people: uploaded, looked at, applied, undone."""

    permission = IMPORT
    subject = "import"
    templates = "admin/accounts/peopleimport"
    kinds = ImportKind
    verbs = {"apply": services.apply_import, "undo": services.undo_import}
    list_display = ["__str__", "file_name", "status", "author", "created_at"]
    list_select_related = ["author"]
    list_filter = ["status"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PeopleImport]:
        return PeopleImport.objects.visible_to(viewer(request)).order_by("-pk")

    def own_views(self) -> list[tuple[str, Callable[..., Any], str]]:
        return [
            ("sample.csv", self.sample_view, "sample"),
            ("<int:pk>/errors.csv", self.errors_view, "errors"),
        ]

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
                batch = services.preview_import(file.name, file.read(), **acting)
            except (Unreadable, Refused) as error:
                form.add_error("file", str(error))
            else:
                return redirect(self.page_of(batch))
        said = {"title": _("Import people and groups"), "form": form, "columns": [*LONGEST]}
        context = self.context(request, **said, most=MOST_ROWS)
        return TemplateResponse(request, f"{self.templates}/new.html", context)

    def lines_of(self, job: PeopleImport) -> QuerySet[PeopleImportLine]:
        return job.lines.order_by("pk")

    def state_of(self, job: PeopleImport) -> dict[str, Any]:
        has_errors = job.lines.faulty().exists()
        return {"percent": job.percent, "totals": job.counts, "has_errors": has_errors}

    def sample_view(self, request: HttpRequest) -> StreamingHttpResponse:
        self.require(request)
        return csv_file("people", SAMPLE)

    def errors_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        batch = self.one(request, pk)
        # read now: what streams is written when the request, and its fence, are over
        return csv_file(f"import-{batch.pk}-errors", [*_errors(batch)])


def _errors(batch: PeopleImport) -> Iterator[list[Any]]:
    """Yield what is wrong, a row for each cell, the head first."""
    yield ["line", "email", "column", "error"]
    for line in batch.lines.faulty():
        yield from (list(error.values()) for error in line.errors())
