"""How well the promises were kept, by API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from nova.api.views import Endpoint
from nova.web.http import ApiRequest
from sla.asking import ReportForm, text_of
from sla.choices import Metric
from sla.compliance import DIMENSIONS, Asked, Line, Waited, lines_of, waits_of

SHAPE = OpenApiTypes.OBJECT
PARAMETERS = [
    OpenApiParameter("metric", enum=Metric.values, description="Which target; resolution"),
    OpenApiParameter("since", OpenApiTypes.DATE, description="First day; 29 days ago"),
    OpenApiParameter("until", OpenApiTypes.DATE, description="Last day; today"),
    OpenApiParameter("by", enum=[*DIMENSIONS], description="What to divide by; team"),
]


class ComplianceView(Endpoint):
    """Verdicts of a period, counted in both truths."""

    permissions = {"get": "sla.view_reports"}

    @extend_schema(parameters=PARAMETERS, responses=SHAPE)
    def get(self, request: ApiRequest) -> Response:
        """Count verdicts: `now` as recalculated, `then` as measured before that.

        Each dimension is a filter too, such as `team=5` or `team=none`.
        """
        form = ReportForm(request.query_params, request.user, timezone.now())
        if not form.is_valid():
            raise ValidationError({n: [str(e) for e in said] for n, said in form.errors.items()})
        asked, by = form.asked(), form.cleaned_data["by"]
        return Response(
            {
                "metric": asked.metric,
                "since": asked.since,
                "until": asked.until,
                "by": by,
                "results": [_line(asked, by, line) for line in lines_of(asked, by)],
                "waits": [_wait(wait) for wait in waits_of(asked)],
            }
        )


def _line(asked: Asked, by: str, line: Line) -> dict[str, Any]:
    return {
        "key": text_of(by, line.key, asked.zone),
        "name": line.name,
        "now": _counts(line.verdicts, line.breached),
        "then": _counts(line.verdicts_then, line.breached_then),
        "median_seconds": line.median_seconds,
    }


def _counts(verdicts: int, breached: int) -> dict[str, Any]:
    compliance = round((verdicts - breached) / verdicts, 4) if verdicts else None
    return {"judged": verdicts, "breached": breached, "compliance": compliance}


def _wait(wait: Waited) -> dict[str, Any]:
    return wait._asdict()
