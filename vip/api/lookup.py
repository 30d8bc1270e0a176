"""Whether somebody is a VIP, by API."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from nova.api.fields import Person
from nova.api.views import Endpoint
from nova.web.http import ApiRequest
from nova.web.numbers import number_in
from vip.api.unheard import Unheard
from vip.explaining import lines_of
from vip.reading import standing_of
from vip.serializers import ground_shape

SHAPE = OpenApiTypes.OBJECT
WHO = OpenApiParameter("person", str, required=True, description="An id or an e-mail address.")


class LookupView(Unheard, Endpoint):
    """Whether a person is a VIP now, and why."""

    permissions = {"get": "tickets.view_vip_flag"}

    @extend_schema(parameters=[WHO], responses=SHAPE)
    def get(self, request: ApiRequest) -> Response:
        """The effective level, its source, and every ground for it."""
        given = request.query_params.get("person", "")
        number = number_in(given)
        try:
            person = Person().to_internal_value(given if number is None else number)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"person": error.detail}) from error
        found = standing_of(person, at=timezone.now())
        return Response(
            {
                "person": {"id": person.pk, "name": person.name, "email": person.email},
                "is_vip": bool(found.level),
                "level": found.level,
                "source": found.source,
                "reasons": list(found.reasons),
                "grounds": [ground_shape(line) for line in lines_of(found)],
                "notes": list(found.notes),
            }
        )
