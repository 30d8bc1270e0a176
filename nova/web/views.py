"""Pages that belong to no feature: where a person lands, and how they like to see Nova."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from nova.web.frame import PREFERENCES, frame_of
from nova.web.http import Request

YEAR = 365 * 24 * 3600


@require_GET
def home(request: Request) -> HttpResponse:
    """Lead to the first place that the viewer may open; requesters land in the portal."""
    around = frame_of(request)
    if around.rail:
        return redirect(around.rail[0].url)
    if "portal" in around.urls:
        return redirect(around.urls["portal"])
    raise Http404


@login_not_required  # it touches nothing but this browser's own cookie
@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    """Keep one preference, by its name, in a cookie, and go back to where it was chosen."""
    name = next((name for name in PREFERENCES if name in request.POST), "")
    value = request.POST.get(name, "")
    if not name or value not in PREFERENCES[name].words:
        return HttpResponseBadRequest()
    response = _back(request)
    response.set_cookie(
        f"nova_{name}", value, max_age=YEAR, samesite="Lax", secure=request.is_secure()
    )
    return response


def _back(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    origin = request.POST.get("next", "")
    hosts = {request.get_host()}
    is_own = url_has_allowed_host_and_scheme(origin, hosts, require_https=request.is_secure())
    return redirect(origin if is_own else "web:home")
