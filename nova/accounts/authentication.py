"""How a program or a browser says who it is, at the API. Each way enters the person's fence."""

from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from nova.accounts import rules, tokens
from nova.accounts.identity import person_by_id
from nova.accounts.models import ApiKey, User
from nova.accounts.services.keys import MARK, digest_of, note_use
from nova.tenancy import fence

CHALLENGE = 'Bearer realm="nova", Api-Key realm="nova"'


class HeaderAuthentication(authentication.BaseAuthentication):
    """Reads `Authorization: <scheme> <credential>`, and leaves other schemes to others."""

    scheme: str
    refusal: Promise

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        """Raises `AuthenticationFailed`, outside every fence, when the credential is not valid."""
        scheme, _space, credential = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != self.scheme:
            return None
        found = self.read(credential.strip())
        if found is None:
            fence.leave()
            raise exceptions.AuthenticationFailed(str(self.refusal))
        return found

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE

    def read(self, credential: str) -> tuple[User, Any] | None:
        raise NotImplementedError


class ApiKeyAuthentication(HeaderAuthentication):
    """`Authorization: Api-Key nova_<tenant>_<prefix>_<secret>`. Its scopes narrow the person."""

    scheme = "api-key"
    refusal = _("This API key is not valid.")

    def read(self, credential: str) -> tuple[User, Any] | None:
        now = timezone.now()  # noqa: TID251 - this is the edge
        key = _key_of(credential, now)
        person = person_by_id(key.person_id) if key else None
        if key is None or person is None:
            return None
        person.permissions = rules.narrowed(person.permissions, key.scopes)
        note_use(key, now=now)
        return person, key


class TokenAuthentication(HeaderAuthentication):
    """`Authorization: Bearer <access token>`."""

    scheme = "bearer"
    refusal = _("This token is not valid, or it has expired.")

    def read(self, credential: str) -> tuple[User, Any] | None:
        person = tokens.read_access(credential)
        return (person, credential) if person else None


class BrowserAuthentication(authentication.SessionAuthentication):
    """The session of a page, with its CSRF token. `EmailBackend` has entered the fence."""

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def _key_of(credential: str, now: datetime) -> ApiKey | None:
    """Return the valid key. The tenant that it claims is entered only to look it up there."""
    mark, *parts = credential.split("_")
    if mark != MARK or len(parts) != 3 or not (parts[0].isascii() and parts[0].isdigit()):  # noqa: PLR2004
        return None
    tenant_id, prefix, secret = parts
    if len(tenant_id) > 18 or not prefix.isalnum():  # noqa: PLR2004 - beyond what Postgres counts
        return None
    fence.enter(int(tenant_id))
    key = ApiKey.objects.filter(prefix=prefix).first()
    if key is None or not compare_digest(key.digest, digest_of(secret)):
        return None
    return key if key.is_valid(now) else None


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tell the OpenAPI document of `ApiKeyAuthentication`."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Api-Key nova_…`",
        }


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tell the OpenAPI document of `TokenAuthentication`."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tell the OpenAPI document of `BrowserAuthentication`."""

    target_class = BrowserAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
