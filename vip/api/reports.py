"""How VIPs fare, by API."""

from typing import Any, TypeVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from nova.analytics.periods import PeriodForm
from nova.api.views import Endpoint
from nova.web.http import ApiRequest
from vip.api.unheard import Unheard
from vip.reports.asking import SEE, HandlingForm, HeatForm
from vip.reports.files import handling_file
from vip.reports.heat import VIEWS
from vip.reports.rules import FEWEST
from vip.reports.showing import ShownCell, cells_in, map_of

AnyForm = TypeVar("AnyForm", bound=PeriodForm)
SHAPE = OpenApiTypes.OBJECT
PARAMETERS = [
    OpenApiParameter("measure", description="What is measured; response"),
    OpenApiParameter("view", enum=[*VIEWS], description="How it is laid out; level_hour"),
    OpenApiParameter("since", OpenApiTypes.DATE, description="First day; of this quarter"),
    OpenApiParameter("until", OpenApiTypes.DATE, description="Last day; of this quarter"),
]


class HeatMapView(Unheard, Endpoint):
    """One figure of VIPs' tickets by two dimensions."""

    permissions = {"get": "vip.view_vip_reports"}

    @extend_schema(parameters=PARAMETERS, responses=SHAPE)
    def get(self, request: ApiRequest) -> Response:
        """Every cell that is not empty; `value` and `count` are null where nothing is told.

        That is of fewer than `fewest`, and where one of those could be worked out otherwise.
        """
        _check(self, request)
        form = _valid(HeatForm(request.query_params, request.user, timezone.now()))
        asked = form.asked()
        cells = cells_in(map_of(asked))
        return Response(
            {
                "measure": asked.measure.key,
                "unit": asked.measure.unit,
                "view": asked.view,
                "since": asked.since,
                "until": asked.until,
                "zone": asked.zone.key,
                "fewest": FEWEST,
                "results": [_shape(*cell) for cell in cells if cell[-1].count],
            }
        )


class HandlingView(Unheard, Endpoint):
    """How VIPs' tickets were handled, for an auditor."""

    permissions = {"get": "vip.view_vip_reports"}

    @extend_schema(parameters=PARAMETERS[2:], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: ApiRequest) -> HttpResponseBase:
        """Every ticket of a VIP that was opened in the period, as CSV, without a cap."""
        _check(self, request)
        form = _valid(HandlingForm(request.query_params, request.user, timezone.now()))
        return handling_file(form.asked(), "csv")


def _check(view: Endpoint, request: ApiRequest) -> None:
    if not request.user.has_perms(SEE):
        view.permission_denied(request, "You may not see who is a VIP.")


def _valid(form: AnyForm) -> AnyForm:
    if not form.is_valid():
        raise ValidationError({n: [str(e) for e in said] for n, said in form.errors.items()})
    return form


def _shape(part: str, line: str, column: str, cell: ShownCell) -> dict[str, Any]:
    keys = {
        name: None if key in (None, "") else str(key) for name, key in cell.key._asdict().items()
    }
    return {
        **keys,
        "names": [name for name in (part, line, column) if name],
        "count": cell.count if cell.is_told else None,
        "value": cell.figure,
    }
