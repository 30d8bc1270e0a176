"""The report of where people saw it otherwise than the engine."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from dispatch.overruled import DIMENSIONS, Dimension, Key, Line, Overruled, in_all
from nova.accounts.models import Service, Team
from nova.analytics.periods import PeriodForm, span_links, usual_spans
from nova.text import csv_file
from nova.web.http import Request
from nova.web.numbers import number_in
from tickets.lens import Lens
from tickets.views.answers import INVALID

SEE = ("tickets.view_ticket", "dispatch.view_overrides")
NONE = "none"
SHOWN = 50


def _one(model: type[Team | Service], label: Any) -> forms.ModelChoiceField:
    things, any_of_them = model.objects.none(), gettext_lazy("Any")
    return forms.ModelChoiceField(things, label=label, required=False, empty_label=any_of_them)


class OverridesForm(PeriodForm):
    """The period, whose tickets, and by what to divide."""

    team = _one(Team, gettext_lazy("Team"))
    service = _one(Service, gettext_lazy("Service"))
    by = forms.ChoiceField(
        label=gettext_lazy("Divided by"),
        choices=[("pair", gettext_lazy("Who for whom"))]
        + [(key, each.labels[0]) for key, each in DIMENSIONS.items() if key != "pair"],
        required=False,
    )
    only = forms.CharField(required=False, max_length=250, widget=forms.HiddenInput)
    field_order = ("since", "until", "team", "service", "by")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        for name, model in (("team", Team), ("service", Service)):
            things = model.objects.filter(tenant=self.user.tenant_id).order_by("name", "pk")
            self.fields[name].queryset = things  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        by = cleaned.get("by")
        if by and cleaned.get("only"):
            cleaned["key"] = self._key(by, cleaned["only"])
        return cleaned

    def _usual(self) -> dict[str, str]:
        return {**super()._usual(), "by": "pair"}

    def _key(self, by: str, said: str) -> Key:
        if by == "reason":
            return (said,)
        parts = said.split("-")
        key = tuple(None if part == NONE else number_in(part) for part in parts)
        is_read = all(k is not None or p == NONE for k, p in zip(key, parts, strict=True))
        if not is_read or len(key) != len(DIMENSIONS[by].columns):
            raise forms.ValidationError(_("There is no such line."))
        return key


@require_GET
@permission_required(SEE, raise_exception=True)
def overrides(request: Request) -> HttpResponseBase:
    """How often the engine was passed over, for whom and why, and what came of it."""
    form = OverridesForm(request.GET, request.user, timezone.now())
    if not form.is_valid():
        return render(request, "dispatch/overrides.html", {"form": form}, status=INVALID)
    given = form.cleaned_data
    del form.fields["only"]  # who asks anew by the form asks for everything
    asked = {name: given[name] for name in ("since", "until", "team", "service")}
    report = Overruled(request.user, zone=form.zone, **asked)
    lines, dimension = report.divided(given["by"]), DIMENSIONS[given["by"]]
    clocks = Lens.of(request.user).clocks
    if request.GET.get("format") == "csv":
        return csv_file("overrides", _table(dimension, lines, clocks=clocks))
    words = _words(given)
    key = given.get("key", ())
    found = report.asked(given["by"], key)
    context = {
        "form": form,
        "total": in_all(lines),
        "decisions": report.decisions(),
        "by": dict(form.fields["by"].choices)[given["by"]],  # type: ignore[attr-defined]
        "labels": dimension.labels,
        "lines": [(line, _narrowed(line, words)) for line in lines],
        "only": next((line for line in lines if key and line.key == key), None),
        "everything": f"?{urlencode(words)}#asked",
        "asked": _shown(found),
        "count": found.count(),
        "clocks": clocks,
        "spans": span_links(usual_spans(form.today), (report.since, report.until), words),
        "csv": f"?{urlencode({**words, 'format': 'csv'})}",
        "now": form.now,
    }
    return render(request, "dispatch/overrides.html", context)


def _shown(found: Any) -> Any:
    named = ("ticket", "decision__primary", "chosen", "asked_by", "decided_by")
    return found.select_related(*named).order_by("-asked_at", "-pk")[:SHOWN]


def _words(given: dict[str, Any]) -> dict[str, str]:
    """Return what an address says of what was asked."""
    words = {name: str(given[name]) for name in ("since", "until", "by")}
    return words | {n: str(given[n].pk) for n in ("team", "service") if given[n]}


def _narrowed(line: Line, words: dict[str, str]) -> str:
    only = "-".join(NONE if part is None else str(part) for part in line.key)
    return f"?{urlencode({**words, 'only': only})}#asked"


def _table(dimension: Dimension, lines: Sequence[Line], *, clocks: bool) -> Iterator[list[Any]]:
    heads = [_("asked"), _("approved"), _("refused"), _("then with somebody else")]
    yield [*map(str, dimension.labels), *heads, *([_("breached")] if clocks else [])]
    for line in lines:
        counts = line.counts
        cells = [counts.asked, counts.approved, counts.refused, counts.moved_on]
        yield [*line.names, *cells, *([counts.breached] if clocks else [])]
