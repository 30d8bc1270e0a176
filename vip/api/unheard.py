"""What the endpoints of VIPs share."""

from typing import Any, NoReturn

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from nova.accounts.models import User
from nova.api.docs import NOWHERE
from tickets.lens import Lens


class Unheard(APIView):
    """An endpoint of which nobody learns who does not see the desk: to them it is not there."""

    @staticmethod
    def hears(user: User) -> bool:
        """Say whether this person may learn that there is such an endpoint."""
        return Lens.of(user).desk

    def permission_denied(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        if request.user.is_authenticated and not self.hears(request.user):
            raise NotFound(NOWHERE)
        super().permission_denied(request, *args, **kwargs)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        if request.user.is_authenticated and not self.hears(request.user):
            raise NotFound(NOWHERE)
        return super().http_method_not_allowed(request, *args, **kwargs)
