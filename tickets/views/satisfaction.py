"""The page of how satisfied requesters are."""

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

from nova.analytics.periods import PeriodForm, span_links, usual_spans
from nova.text import csv_file
from nova.web.http import Request
from tickets.satisfaction import DIMENSIONS, FEWEST, Satisfaction, Solved, in_all

SEE = ("tickets.view_ticket", "tickets.view_satisfaction")
ANSWERS = 50
NONE = "none"
INVALID = 422


class SatisfactionForm(PeriodForm):
    """The period, and by what to divide."""

    by = forms.ChoiceField(
        label=gettext_lazy("Divided by"),
        choices=[(key, dimension.label) for key, dimension in DIMENSIONS.items()],
        required=False,
    )
    only = forms.RegexField(r"^(none|[0-9]{1,18})$", required=False, widget=forms.HiddenInput)
    field_order = ("since", "until", "by")

    def _usual(self) -> dict[str, str]:
        return {**super()._usual(), "by": next(iter(DIMENSIONS))}


@require_GET
@permission_required(SEE, raise_exception=True)
def satisfaction(request: Request) -> HttpResponseBase:
    """How many answered, how many were satisfied, and what they wrote."""
    form = SatisfactionForm(request.GET, request.user, timezone.now())
    if not form.is_valid():
        return render(request, "tickets/satisfaction.html", {"form": form}, status=INVALID)
    given = form.cleaned_data
    del form.fields["only"]  # who asks anew by the form asks for everything
    solved = Solved(request.user, given["since"], given["until"], form.zone)
    lines = solved.divided(given["by"])
    label = DIMENSIONS[given["by"]].label
    if request.GET.get("format") == "csv":
        return csv_file("satisfaction", _table(str(label), lines))
    words = {name: str(given[name]) for name in ("since", "until", "by")}
    only = _only(given["only"], DIMENSIONS[given["by"]].field)
    context = {
        "form": form,
        "total": in_all(lines),
        "lines": [(line, _narrowed(line, words)) for line in lines],
        "by": label,
        "answers": solved.answers(ANSWERS, **only),
        "only": next((line for line in lines if only and line.key in only.values()), None),
        "everything": f"?{urlencode(words)}#said",
        "fewest": FEWEST,
        "spans": span_links(usual_spans(form.today), (solved.since, solved.until), words),
        "csv": f"?{urlencode({**words, 'format': 'csv'})}",
        "now": form.now,
    }
    return render(request, "tickets/satisfaction.html", context)


def _only(text: str, field: str) -> dict[str, int | None]:
    """Return to which line answers are narrowed, as an address has it."""
    if not text:
        return {}
    return {field: None if text == NONE else int(text)}


def _narrowed(line: Satisfaction, words: dict[str, str]) -> str:
    return f"?{urlencode({**words, 'only': line.key or NONE})}#said"


def _table(label: str, lines: Sequence[Satisfaction]) -> Iterator[list[Any]]:
    yield [label, _("solved"), _("answered"), _("response rate"), _("satisfied")]
    for line in lines:
        shares = (line.response_rate, line.csat)
        told = ["" if share is None else round(share, 4) for share in shares]
        yield [line.name, line.solved, line.answered, *told]
