"""Where a page of a list begins, as its address says."""

from django.http import Http404

from nova.api.cursors import BadCursor, unseal
from nova.web.http import Request


def place_asked(request: Request, bound: str) -> tuple[object, ...] | None:
    """Return the place after which to go on in the list `bound`, or None for its beginning."""
    token = request.GET.get("after")
    try:
        return unseal(token, bound).values if token else None
    except BadCursor as error:
        raise Http404 from error
