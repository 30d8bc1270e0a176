"""SCIM describes itself below its address: /scim/v2/ResourceTypes, /Schemas."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
@login_not_required
def endpoint(request: HttpRequest, address: str = "") -> HttpResponse:
    """Answer a key of its own. What that needs is large, and loaded only where SCIM is spoken."""
    answer: HttpResponse = import_string("nova.scim.views.endpoint")(request, address)
    return answer


app_name = "scim"
urlpatterns = [path("", endpoint), path("<path:address>", endpoint, name="endpoint")]
