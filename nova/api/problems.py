"""Errors as RFC 9457 problem details: what is wrong, and where."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults
from psycopg import errors as postgres
from rest_framework import exceptions
from rest_framework.response import Response

from nova.api.renderers import PROBLEM, to_json
from nova.errors import Refused, Stale

API = "/api/"
WHOLE = "non_field_errors"
Problem = dict[str, Any]
log = structlog.get_logger(__name__)


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem that `error` is to the client, and undo what the request wrote.

    Returns None for an error that is nobody's but ours: it goes up, is logged, and becomes a 500.
    """
    problem = problem_of(error)
    if problem is None:
        return None
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    status = problem["status"]
    return Response(problem, status, headers=_headers(error, status), content_type=PROBLEM)


def problem_of(error: Exception) -> Problem | None:
    """Return `error` as problem details, or None when the client is not to blame."""
    if isinstance(error, exceptions.APIException):
        return _api_problem(error)
    if isinstance(error, ValidationError):
        return _invalid(as_errors(error))
    if isinstance(error, DatabaseError):
        return _database_problem(error)
    for kind, status, detail in PLAIN:
        if isinstance(error, kind):
            return problem(status, detail or str(error))
    return None


def problem(status: int, detail: str = "", **more: Any) -> Problem:
    """Return problem details of a status; `detail` is fit to show to a person."""
    title = HTTPStatus(status).phrase
    slug = title.lower().replace(" ", "-").replace("'", "")
    found = {"type": f"urn:nova:problem:{slug}", "title": title, "status": status}
    return {**found, "detail": detail or title, **more}


def respond(status: int, detail: str = "") -> HttpResponse:
    """Answer with a problem where no view of the API has been reached."""
    body = to_json(problem(status, detail))
    return HttpResponse(body, status=status, content_type=PROBLEM)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Serve as Django's `handler400`: a problem under /api/, a page elsewhere."""
    if request.path.startswith(API):
        return respond(HTTPStatus.BAD_REQUEST)
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Serve as Django's `handler403`: a problem under /api/, a page elsewhere."""
    if request.path.startswith(API):
        return respond(HTTPStatus.FORBIDDEN, "You may not do this.")
    return defaults.permission_denied(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Serve as Django's `handler500`: a problem under /api/, a page elsewhere."""
    if request.path.startswith(API):
        return respond(HTTPStatus.INTERNAL_SERVER_ERROR, "This is our fault, and it was logged.")
    return defaults.server_error(request)


# The first that fits. An empty detail is the error's own message.
PLAIN: list[tuple[type[Exception], int, str]] = [
    (Stale, HTTPStatus.PRECONDITION_FAILED, ""),
    (Refused, HTTPStatus.CONFLICT, ""),
    (Http404, HTTPStatus.NOT_FOUND, "There is nothing here that you may see."),
    (PermissionDenied, HTTPStatus.FORBIDDEN, "You may not do this."),
    (RequestDataTooBig, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large."),
    (SuspiciousOperation, HTTPStatus.BAD_REQUEST, "The request is malformed."),
]
# What Postgres says of input that passed every check before it, and of a lost race.
RACES = (postgres.DeadlockDetected, postgres.SerializationFailure, postgres.LockNotAvailable)
CLASHES = (postgres.UniqueViolation, postgres.ForeignKeyViolation, postgres.ExclusionViolation)


def _api_problem(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.ValidationError):
        return _invalid(as_errors(error))
    return problem(error.status_code, str(error.detail))


def _database_problem(error: DatabaseError) -> Problem | None:
    cause = error.__cause__
    if isinstance(cause, postgres.DataError):
        return problem(HTTPStatus.BAD_REQUEST, "A value cannot be stored or compared.")
    if isinstance(cause, RACES):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "Somebody was faster. Please try again.")
    if isinstance(cause, CLASHES):
        log.warning("constraint_refused", error=str(cause))
        return problem(HTTPStatus.CONFLICT, "This clashes with what is stored already.")
    return None


def _invalid(errors: dict[str, list[str]]) -> Problem:
    count = sum(map(len, errors.values()))
    detail = next(iter(errors.values()))[0] if count == 1 else f"{count} things are wrong."
    return problem(HTTPStatus.BAD_REQUEST, detail, errors=errors)


def as_errors(error: ValidationError | exceptions.ValidationError) -> dict[str, list[str]]:
    """Return messages by the path of their field, such as `events.0.at`; "" is the whole."""
    found: dict[str, list[str]] = {}
    for path, message in _flat(_detail(error), ()):
        found.setdefault(".".join(path), []).append(message)
    return found


def _detail(error: ValidationError | exceptions.ValidationError) -> Any:
    if isinstance(error, exceptions.ValidationError):
        return error.detail
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def _flat(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flat(inner, path if name in (WHOLE, "__all__") else (*path, str(name)))
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            numbered = isinstance(inner, Mapping | list | tuple)
            yield from _flat(inner, (*path, str(place)) if numbered else path)
    else:
        yield path, str(detail)


def _headers(error: Exception, status: int) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None) or (
        1 if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    )
    if wait:
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers
