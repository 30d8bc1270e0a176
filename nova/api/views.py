"""The base classes of every endpoint above this layer."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from nova.api import idempotency
from nova.api.idempotency import Replay

FIRST_ERROR = 400


class Endpoint(APIView):
    """A view of the API. A POST that bears an Idempotency-Key has its effect once."""

    answer_id: int | None = None
    again: Mapping[str, Any] = {}  # said in the place of secrets when an answer is given again

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and request.user.is_authenticated:
            self.answer_id = idempotency.claim(request, request.user, now=timezone.now())

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Replay):
            return idempotency.replayed(exc.answer)  # type: ignore[return-value]
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if self.answer_id is not None and final.status_code < FIRST_ERROR:
            if isinstance(final, Response):
                final.render()
            idempotency.keep(self.answer_id, final, again=self.again)
        return final


class EndpointSet(Endpoint, GenericViewSet):
    """The verbs of one resource. Its `permissions` name who may call each, by action."""
