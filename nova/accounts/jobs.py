"""Pages of Core for work in portions: what it comes to, line by line, how far it is, its verbs."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet, TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from nova.accounts.core import CoreAdmin, viewer
from nova.errors import Refused
from nova.events.models import EventRecord

ROWS = 50


class JobAdmin(CoreAdmin):
    """A job stays listed: it is the evidence, and the way back. Services tell what it does.

    Its `templates` are a directory with `one.html`, `_now.html` and `ask.html`; `kinds` are those
    of its lines, `verbs` its services by what their addresses call them.
    """

    templates: ClassVar[str]
    kinds: ClassVar[type[TextChoices]]
    verbs: ClassVar[Mapping[str, Callable[..., Any]]]

    def lines_of(self, job: Any) -> QuerySet[Any]:
        """Return the lines of a job as the page wants them."""
        raise NotImplementedError

    def state_of(self, job: Any) -> dict[str, Any]:
        """Return what the page says of how far it is; `totals` are counts of lines by kind."""
        raise NotImplementedError

    def shown(self, line: Any) -> Any:
        """Return what the page shows of a line."""
        return line

    def own_views(self) -> list[tuple[str, Callable[..., Any], str]]:
        """Return addresses, views and names of what else there is."""
        return []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("-pk")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: Any) -> QuerySet[EventRecord]:
        return EventRecord.objects.about(self.subject, obj.pk)

    def get_urls(self) -> list[URLPattern]:
        own = [
            ("<int:pk>/now/", self.now_view, "now"),
            ("<int:pk>/do/<str:verb>/", self.verb_view, "verb"),
            *self.own_views(),
        ]
        wrap = self.admin_site.admin_view
        paths = [path(at, wrap(view), name=self._called(name)) for at, view, name in own]
        return [*paths, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one: how far it is, what it comes to, and line by line what it does."""
        job = self.one(request, object_id)
        kind = request.GET.get("kind", "")
        state, lines = self._state(request, job), self.lines_of(job)
        wanted = lines.filter(kind=kind) if kind in self.kinds.values else lines
        page = Paginator(wanted, ROWS).get_page(request.GET.get("p"))
        context = {
            **state,
            "kind": kind,
            "kinds": [(*choice, state["totals"][choice[0]]) for choice in self.kinds.choices],
            "page": page,
            "lines": [self.shown(line) for line in page],
        }
        return TemplateResponse(request, f"{self.templates}/one.html", context)

    def now_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say how far it is; once that is decided, the whole page is to be shown again."""
        job = self.one(request, pk)
        context = self._state(request, job)
        answer = TemplateResponse(request, f"{self.templates}/_now.html", context)
        if not job.is_at_work:
            answer["HX-Refresh"] = "true"
        return answer

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Ask first, by name; then do it."""
        job = self.one(request, pk)
        if verb not in self.verbs:
            raise Http404
        if request.method != "POST":
            context = {**self._state(request, job), "verb": verb}
            return TemplateResponse(request, f"{self.templates}/ask.html", context)
        now = timezone.now()  # noqa: TID251 - this is the edge
        try:
            job = self.verbs[verb](pk, actor=viewer(request), now=now)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(self.page_of(job))

    def page_of(self, job: Any) -> str:
        return reverse(f"admin:{self._called('change')}", args=[job.pk])

    def _state(self, request: HttpRequest, job: Any) -> dict[str, Any]:
        now_url = reverse(f"admin:{self._called('now')}", args=[job.pk])
        named = {"title": str(job), "job": job, "now_url": now_url, **self.state_of(job)}
        return self.context(request, **named)

    def _called(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"
