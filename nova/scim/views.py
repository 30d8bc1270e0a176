"""The endpoint: who asks, within which fence, how often; then the SCIM library answers."""

from http import HTTPStatus
from time import time

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from scim2_models import (
    Error,
    ForbiddenException,
    PayloadTooLargeException,
    SCIMException,
    UnauthorizedException,
)
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from nova.accounts.authentication import ApiKeyAuthentication
from nova.accounts.models import User
from nova.api.renderers import to_json
from nova.api.throttles import count
from nova.scim.handler import Handler
from nova.scim.schemas import PROVIDER
from nova.scim.storage import NovaStorage
from nova.tenancy import fence

ROOT = "/scim/v2"
SERVICE = ScimService(PROVIDER)
SCHEMES = ("bearer", "api-key")
TOO_OFTEN = "Too many requests. Wait a little."


def endpoint(request: HttpRequest, path: str) -> HttpResponse:
    """Serve every address of SCIM. An error undoes all that the request wrote."""
    try:
        answer = _handled(request, path)
    except SCIMException as error:
        transaction.set_rollback(True)
        answer = SERVICE.error_response(error)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            answer.headers["Retry-After"] = str(_wait(request))
    body = b"" if answer.body is None else to_json(answer.body)
    response = HttpResponse(body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    return response


def _handled(request: HttpRequest, path: str) -> ScimResponse:
    now = timezone.now()
    asked = ScimRequest(
        method=str(request.method),
        base_url=request.build_absolute_uri(ROOT),
        path=f"/{path}".removesuffix(".scim"),
        query=request.GET.dict(),
        headers=request.headers,
    )
    actor = _identified(request)
    asked.body = _body(request)
    return Handler(SERVICE, NovaStorage(actor, now)).handle(asked)


def _identified(request: HttpRequest) -> User:
    """Return the account of a valid key, within its fence. Providers call a key a bearer token."""
    scheme, _space, credential = request.headers.get("Authorization", "").partition(" ")
    known = scheme.lower() in SCHEMES
    found = ApiKeyAuthentication().read(credential.strip()) if known else None
    if found is None:
        fence.leave()
        raise UnauthorizedException(detail="This key is not valid.")
    actor, key = found
    _admit(request, {"person": str(actor.pk), "key": str(key.pk)})
    if not actor.has_perm("accounts.provision_people"):
        raise ForbiddenException(detail="This key may not provision people.")
    return actor


def _admit(request: HttpRequest, counted: dict[str, str]) -> None:
    request.allowances = count(counted, time())  # type: ignore[attr-defined]
    if any(allowance.left < 0 for allowance in request.allowances):  # type: ignore[attr-defined]
        raise SCIMException.from_error(Error(status=429, detail=TOO_OFTEN))


def _wait(request: HttpRequest) -> int:
    spent = [a for a in request.allowances if a.left < 0]  # type: ignore[attr-defined]
    return max(allowance.resets_in for allowance in spent)


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise PayloadTooLargeException(detail="The body is too large.") from error
