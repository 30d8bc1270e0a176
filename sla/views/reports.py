"""Pages of how well the promises were kept, down to the tickets behind each number."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nova.text import csv_file
from nova.web.http import Request
from sla.asking import PERIODS, ListForm, ReportForm, address
from sla.compliance import Asked, every_judged, judged, total_of, waits_of, worst_of
from sla.report_lines import (
    Shown,
    list_of,
    narrowed_to,
    shown_by,
    shown_in_all,
    spans_of,
    table_of,
)
from tickets.lens import Lens

PAGE = 50
INVALID = 422
SEE = ["tickets.view_ticket", "sla.view_clock", "sla.view_reports"]
sees_reports = permission_required(SEE, raise_exception=True)


@require_GET
@sees_reports
def compliance(request: Request) -> HttpResponseBase:
    """How many verdicts were in time: in all, by week, and by what one wants."""
    form = ReportForm(request.GET, request.user, timezone.now())
    if not form.is_valid():
        return render(request, "sla/compliance.html", {"form": form}, status=INVALID)
    asked, by = form.asked(), form.cleaned_data["by"]
    shown = shown_by(asked, by)
    if request.GET.get("format") == "csv":
        return csv_file("compliance", table_of(shown, str(form.dimensions[by].label)))
    return render(request, "sla/compliance.html", _report(form, asked, by, shown))


@require_GET
@sees_reports
def verdicts(request: Request) -> HttpResponseBase:
    """The tickets behind one number."""
    form = ListForm(request.GET, request.user, timezone.now())
    if not form.is_valid():
        return render(request, "sla/verdicts.html", {"form": form}, status=INVALID)
    asked, lens = form.asked(), Lens.of(request.user)
    which = {name: form.cleaned_data[name] for name in ("outcome", "truth")}
    if request.GET.get("format") == "csv":
        found = every_judged(asked, **which)
        return csv_file("verdicts", list_of(found, with_policies=lens.adjustments))
    rows = judged(asked, **which, limit=PAGE + 1, after=_place(request))
    context = {
        "form": form,
        "found": rows[:PAGE],
        "lens": lens,
        "title": _title(which["outcome"], form),
        "only": narrowed_to(asked),
        "is_then": which["truth"] == "then",
        **_ways_on(asked, which, rows),
    }
    return render(request, "sla/verdicts.html", context)


def _report(form: ReportForm, asked: Asked, by: str, shown: list[Shown]) -> dict[str, Any]:
    lens, apart = Lens.of(form.user), shown_by(asked, "is_vip")
    total = shown_in_all(asked, total_of([one.line for one in apart]))
    return {
        "form": form,
        "total": total,
        "apart": apart if lens.vip and len(apart) > 1 else [],
        "weeks": shown_by(asked, "week"),
        "lines": shown,
        "by": form.dimensions[by].label,
        "is_period": by in PERIODS,
        "worst": worst_of(asked),
        "waits": waits_of(asked),
        "lens": lens,
        "differs": any(one.differs for one in (total, *shown)),
        "spans": spans_of(asked, by),
        "only": narrowed_to(asked),
        "clear": f"?{urlencode({'metric': asked.metric, 'by': by})}",
        "csv": f"?{urlencode(address(asked, by=by, format='csv'))}",
    }


def _ways_on(asked: Asked, which: dict[str, str], rows: list[Any]) -> dict[str, str]:
    """Return where one goes from a list: further, to a file, and back."""
    words = address(asked, **which)
    further = ""
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        place = f"{last.dated_at.isoformat()},{last.pk}"
        further = f"?{urlencode({**words, 'after': place})}"
    return {
        "further": further,
        "csv": f"?{urlencode({**words, 'format': 'csv'})}",
        "back": f"{reverse('sla:compliance')}?{urlencode(address(asked))}",
    }


def _title(outcome: str, form: ReportForm) -> str:
    metric = dict(form.fields["metric"].choices)[form.cleaned_data["metric"]]  # type: ignore[attr-defined]
    said = {"all": _("judged"), "met": _("in time"), "breached": _("breached")}
    return f"{metric}: {said[outcome]}"


def _place(request: Request) -> tuple[datetime, int] | None:
    at, _comma, pk = request.GET.get("after", "").partition(",")
    try:
        return datetime.fromisoformat(at), int(pk)
    except ValueError:
        return None
