"""The API's own documents: its schema, and a page to read and try it."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from nova.api.permissions import VerbPermission


class Schema(SpectacularAPIView):
    """OpenAPI as JSON, or as YAML for whoever accepts `application/vnd.oai.openapi`."""

    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]
    permission_classes = [VerbPermission]
    permissions = {"get": "api.read_docs"}


@require_GET
@permission_required("api.read_docs", raise_exception=True)
def docs(request: HttpRequest) -> HttpResponse:
    """Show the schema in Swagger UI. Its script is our own file, so no policy is relaxed."""
    # Without the request: this page stands outside of the frame that the others share.
    theme = request.COOKIES.get("nova_theme", "")
    context = {
        "csrf_token": get_token(request),
        "theme": theme if theme in {"light", "dark"} else "",
    }
    return HttpResponse(render_to_string("api/docs.html", context))


NOWHERE = "There is no such address."


class Unknown(APIView):
    """Whatever under /api/ is nobody's address."""

    authentication_classes: list[type] = []
    permission_classes = [AllowAny]
    throttle_classes: list[type] = []
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise NotFound(NOWHERE)
