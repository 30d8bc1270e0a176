"""How far it is with bringing many people in step, by API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from nova.api.views import EndpointSet
from nova.web.http import ApiRequest
from vip import services
from vip.api.unheard import Unheard
from vip.models import Reassessment
from vip.serializers import reassessment_shape

SHAPE = OpenApiTypes.OBJECT
SEE = "tickets.view_vip_flag"


class ReassessmentViewSet(Unheard, EndpointSet):
    """People who are brought in step with a designation or a rule, because they are many."""

    request: ApiRequest
    permissions = {"list": SEE, "retrieve": SEE, "resume": "vip.designate_vip"}
    ordering = ("-pk",)
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Reassessment]:
        return Reassessment.objects.for_list().filter(tenant=self.request.user.tenant_id)

    @extend_schema(responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Reassessments, the newest first."""
        page = self.paginate_queryset(self.get_queryset().order_by(*self.ordering))
        return self.get_paginated_response([reassessment_shape(row) for row in page or ()])

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One reassessment: how far it is, and what it came to by now."""
        return Response(reassessment_shape(self.get_object()))

    @extend_schema(request=None, responses={202: SHAPE})
    @action(detail=True, methods=["post"])
    def resume(self, request: ApiRequest, pk: str) -> Response:
        """Go on with one that has stopped."""
        asked = self.get_object().pk
        done = services.resume_reassessment(asked, actor=request.user, now=timezone.now())
        return Response(reassessment_shape(done), status=202)
