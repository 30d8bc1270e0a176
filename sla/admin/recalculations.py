"""Nova Core's pages of recalculations: preview, look, apply, undo."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import viewer
from nova.accounts.zones import UTC
from nova.errors import Refused
from nova.text import csv_file
from sla import services
from sla.admin.arranged import ArrangedAdmin
from sla.choices import LineKind
from sla.forms.recalculations import RecalculationForm
from sla.models import Recalculation, RecalculationLine
from sla.showing import rows_of, sentence_of, totals_of
from sla.words import Words
from tickets.lens import Lens

ROWS = 50
VERBS = {
    "apply": services.apply_recalculation,
    "undo": services.undo_recalculation,
    "cancel": services.cancel_recalculation,
}


@admin.register(Recalculation)
class RecalculationAdmin(ArrangedAdmin):
    """What a changed policy, calendar or VIP rule does to clocks that run."""

    permission = "sla.recalculate_clocks"
    list_display = ["__str__", "scope", "status", "reason", "author", "created_at"]
    list_select_related = ["author"]
    list_filter = ["status"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recalculation]:
        return super().get_queryset(request).order_by("-pk")

    def get_urls(self) -> list[URLPattern]:
        own = [
            ("<int:pk>/now/", self.now_view, "now"),
            ("<int:pk>/lines.csv", self.export_view, "export"),
            ("<int:pk>/do/<str:verb>/", self.verb_view, "verb"),
        ]
        wrap = self.admin_site.admin_view
        paths = [
            path(route, wrap(view), name=f"sla_recalculation_{name}") for route, view, name in own
        ]
        return [*paths, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Begin a preview; it changes nothing yet."""
        self.require(request)
        form = RecalculationForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
            begun = services.preview_recalculation(**form.stated(), **acting)
            return redirect(_page(begun))
        context = self.context(request, title=_("Recalculate clocks"), form=form)
        return TemplateResponse(request, "admin/sla/recalculation/new.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one: how far it is, what it comes to, and clock by clock what it does."""
        recalculation = self.one(request, object_id)
        kind = request.GET.get("kind", "")
        lines = recalculation.lines.equipped()
        wanted = lines.filter(kind=kind) if kind in LineKind.values else lines
        pages = Paginator(wanted, ROWS)
        state, page = self._state(request, recalculation), pages.get_page(request.GET.get("p"))
        counts = state["totals"]
        context = {
            **state,
            "kind": kind,
            "kinds": [(*choice, counts[choice[0]]) for choice in LineKind.choices],
            "page": page,
            "lines": [(line, _targets(line)) for line in page],
            "lens": Lens.of(viewer(request)),
        }
        return TemplateResponse(request, "admin/sla/recalculation/one.html", context)

    def now_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say how far it is; once that is decided, the whole page is to be shown again."""
        recalculation = self.one(request, pk)
        context = self._state(request, recalculation)
        answer = TemplateResponse(request, "admin/sla/recalculation/_now.html", context)
        if not recalculation.is_at_work:
            answer["HX-Refresh"] = "true"
        return answer

    def export_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        recalculation, kind = self.one(request, pk), request.GET.get("kind", "")
        rows = rows_of(pk, viewer(request), kind if kind in LineKind.values else "")
        return csv_file(f"recalculation-{recalculation.pk}", rows)

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Ask first, by name; then do it."""
        recalculation = self.one(request, pk)
        if verb not in VERBS:
            raise Http404
        if request.method != "POST":
            context = {**self._state(request, recalculation), "verb": verb}
            return TemplateResponse(request, "admin/sla/recalculation/ask.html", context)
        try:
            done = VERBS[verb](pk, actor=viewer(request), now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(_page(recalculation))
        return redirect(_page(done))

    def _state(self, request: HttpRequest, recalculation: Recalculation) -> dict[str, Any]:
        totals = totals_of(recalculation)
        return self.context(
            request,
            title=str(recalculation),
            recalculation=recalculation,
            percent=int(100 * recalculation.share),
            totals=totals,
            sentence=sentence_of(totals),
        )


def _targets(line: RecalculationLine) -> str:
    """Say the targets before and after in words, or the one that both have."""
    words = Words(UTC, timezone.now(), gettext)
    said = [words.span(seconds) for seconds in (line.before_seconds, line.after_seconds)]
    return " → ".join(dict.fromkeys(said))


def _page(recalculation: Recalculation) -> str:
    return reverse("admin:sla_recalculation_change", args=[recalculation.pk])
