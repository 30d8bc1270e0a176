"""By what lists of VIPs are narrowed."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError

from nova.web.http import ApiRequest

YES, NO = ("true", "1"), ("", "false", "0")
UNREVIEWED = OpenApiParameter(
    "unreviewed", bool, description="Only what holds and nobody has confirmed for a year."
)


def wants_unreviewed(request: ApiRequest) -> bool:
    """Say whether only what is due for a review is asked for."""
    given = request.query_params.get("unreviewed", "").lower()
    if given not in (*YES, *NO):
        raise ValidationError({"unreviewed": ["true, false"]})
    return given in YES
