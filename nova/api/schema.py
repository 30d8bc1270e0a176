"""How the API describes itself in OpenAPI: what is true of every endpoint."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from nova.api.idempotency import HEADER, LONGEST
from nova.api.renderers import PROBLEM

ALWAYS = {
    HTTPStatus.BAD_REQUEST: "The request is malformed or something in it is wrong; see `errors`.",
    HTTPStatus.UNAUTHORIZED: "Nobody is signed in.",
    HTTPStatus.FORBIDDEN: "The person or key may not do this.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or it may not be seen.",
    HTTPStatus.TOO_MANY_REQUESTS: "The limit in `RateLimit-Policy` is used up; see `Retry-After`.",
}
ON_WRITES = {
    HTTPStatus.CONFLICT: "A rule of the desk refuses this.",
    HTTPStatus.PRECONDITION_FAILED: "It was changed since the `ETag` in `If-Match`.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body has a type that is not taken here.",
    HTTPStatus.UNPROCESSABLE_ENTITY: f"The `{HEADER}` was used differently before.",
}
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 says.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "example": "urn:nova:problem:bad-request"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Messages by the path of their field, such as `events.0.at`.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
KEY_PARAMETER = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description=f"Up to {LONGEST} characters. Sent again with the same body, the request has no "
    "second effect and gets the same answer. Kept for 24 hours.",
)


class NovaSchema(AutoSchema):
    """Adds the problems, the Idempotency-Key and the permission to each operation."""

    def get_operation_id(self) -> str:
        action = getattr(self.view, "action", None) or (self.method or "").lower()
        return "_".join([*self._tokenize_path(), action])

    def get_override_parameters(self) -> list[Any]:
        return [KEY_PARAMETER] if self.method == "POST" else []

    def get_description(self) -> str:  # type: ignore[override]
        needed = permission_of(self.view)
        text = str(super().get_description() or "")
        return f"{text}\n\nNeeds the permission {needed}.".strip() if needed else text

    def _get_response_bodies(self, *args: Any, **kwargs: Any) -> Any:
        bodies = super()._get_response_bodies(*args, **kwargs)
        for status, description in self._problems().items():
            content = {PROBLEM: {"schema": self._problem_component().ref}}
            found = {"description": description, "content": content}
            bodies.setdefault(str(status.value), found)
        return bodies

    def _problems(self) -> dict[HTTPStatus, str]:
        return ALWAYS if self.method in ("GET", "HEAD") else {**ALWAYS, **ON_WRITES}

    def _problem_component(self) -> ResolvedComponent:
        component = ResolvedComponent(  # type: ignore[no-untyped-call]
            name="Problem", type=ResolvedComponent.SCHEMA, object="Problem", schema=PROBLEM_SCHEMA
        )
        self.registry.register_on_missing(component)
        return component


def permission_of(view: Any) -> str:
    """Return the permission of the view's present action, as words; "" when there is none."""
    action = getattr(view, "action", None) or view.request.method.lower()
    allowed = getattr(view, "permissions", {}).get(action, ())
    names = [allowed] if isinstance(allowed, str) else allowed
    return " or ".join(f"`{name}`" for name in names)
