"""By API: what judges open tickets."""

from dataclasses import asdict

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from nova.api.views import Endpoint
from nova.web.http import ApiRequest
from sla.foretelling.card import card_of


class PredictionView(Endpoint):
    """The card of the model, or of the rule that stands in for it."""

    permissions = {"get": "sla.view_clock"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest) -> Response:
        """Say which judges and why, from which tickets it learned, and how well it did."""
        return Response(asdict(card_of(request.user.tenant_id)))
