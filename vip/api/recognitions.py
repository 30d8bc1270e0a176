"""Whom Cosmo takes tickets to be for, by API: read, and judged."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from nova.api.views import EndpointSet
from nova.web.http import ApiRequest
from vip.api.unheard import Unheard
from vip.asking import JUDGE, VERBS
from vip.choices import RecognitionState as State
from vip.judging import Verb
from vip.models import Recognition
from vip.models.recognitions import RecognitionQuerySet
from vip.serializers import recognition_shape

SHAPE = OpenApiTypes.OBJECT
SEE = "tickets.view_vip_flag"
STATE = OpenApiParameter("state", str, enum=State.values, description="What became of it.")


class RecognitionViewSet(Unheard, EndpointSet):
    """That a ticket is for a VIP by its words, as Cosmo reads them."""

    request: ApiRequest
    permissions = {"list": SEE, "retrieve": SEE, **dict.fromkeys(VERBS, JUDGE)}
    ordering = ("-created_at", "-pk")
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> RecognitionQuerySet:
        return Recognition.objects.visible_to(self.request.user).named()

    @extend_schema(parameters=[STATE], responses=SHAPE)
    def list(self, request: ApiRequest) -> Response:
        """Recognitions, the newest first."""
        found, state = self.get_queryset(), request.query_params.get("state", "")
        if state and state not in State.values:
            raise ValidationError({"state": [", ".join(State.values)]})
        if state:
            found = found.filter(state=state)
        page = self.paginate_queryset(found.order_by(*self.ordering))
        return self.get_paginated_response([recognition_shape(row) for row in page or ()])

    @extend_schema(responses=SHAPE)
    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One recognition, with the parts of its confidence."""
        return Response(recognition_shape(self.get_object()))

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def accept(self, request: ApiRequest, pk: str) -> Response:
        """Say that Cosmo is right: the ticket bears the level of that person."""
        return self._judged(Verb.ACCEPT)

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def refuse(self, request: ApiRequest, pk: str) -> Response:
        """Say that Cosmo is wrong. What the ticket bore by it goes."""
        return self._judged(Verb.REFUSE)

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: ApiRequest, pk: str) -> Response:
        """Say that it counts no more, right or wrong."""
        return self._judged(Verb.WITHDRAW)

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=True, methods=["post"])
    def reconsider(self, request: ApiRequest, pk: str) -> Response:
        """Take the last decision back."""
        return self._judged(Verb.RECONSIDER)

    def _judged(self, verb: Verb) -> Response:
        asked = self.get_object().pk
        VERBS[verb](asked, actor=self.request.user, now=timezone.now())
        return Response(recognition_shape(self.get_queryset().get(pk=asked)))
