"""Nova Core's pages of recalculations: preview, look, apply, undo."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import viewer
from nova.accounts.jobs import JobAdmin
from nova.accounts.zones import UTC
from nova.text import csv_file
from sla import services
from sla.choices import LineKind
from sla.forms.recalculations import RecalculationForm
from sla.models import Recalculation, RecalculationLine
from sla.showing import rows_of, sentence_of, totals_of
from sla.words import Words
from tickets.lens import Lens


@admin.register(Recalculation)
class RecalculationAdmin(JobAdmin):
    """What a changed policy, calendar or VIP rule does to clocks that run."""

    permission = "sla.recalculate_clocks"
    subject = "recalculation"
    templates = "admin/sla/recalculation"
    kinds = LineKind
    verbs = {
        "apply": services.apply_recalculation,
        "undo": services.undo_recalculation,
        "cancel": services.cancel_recalculation,
    }
    list_display = ["__str__", "scope", "status", "reason", "author", "created_at"]
    list_select_related = ["author"]
    list_filter = ["status"]

    def own_views(self) -> list[tuple[str, Callable[..., Any], str]]:
        return [("<int:pk>/lines.csv", self.export_view, "export")]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Begin a preview; it changes nothing yet."""
        self.require(request)
        form = RecalculationForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
            begun = services.preview_recalculation(**form.stated(), **acting)
            return redirect(self.page_of(begun))
        context = self.context(request, title=_("Recalculate clocks"), form=form)
        return TemplateResponse(request, f"{self.templates}/new.html", context)

    def export_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        recalculation, kind = self.one(request, pk), request.GET.get("kind", "")
        rows = rows_of(pk, viewer(request), kind if kind in LineKind.values else "")
        return csv_file(f"recalculation-{recalculation.pk}", rows)

    def lines_of(self, job: Recalculation) -> QuerySet[RecalculationLine]:
        return job.lines.equipped()

    def state_of(self, job: Recalculation) -> dict[str, Any]:
        totals = totals_of(job)
        return {
            "recalculation": job,
            "percent": int(100 * job.share),
            "totals": totals,
            "sentence": sentence_of(totals),
        }

    def shown(self, line: RecalculationLine) -> tuple[RecalculationLine, str]:
        return line, _targets(line)

    def context(self, request: HttpRequest, **named: Any) -> dict[str, Any]:
        return super().context(request, lens=Lens.of(viewer(request)), **named)


def _targets(line: RecalculationLine) -> str:
    """Say the targets before and after in words, or the one that both have."""
    words = Words(UTC, timezone.now(), gettext)
    said = [words.span(seconds) for seconds in (line.before_seconds, line.after_seconds)]
    return " → ".join(dict.fromkeys(said))
