"""JSON web tokens: who they are for, and when they end before they expire.

A token bears a fingerprint of the person's password, so that a new password ends all of them.
"""

from typing import TypeVar

from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from nova.accounts.identity import person_by_id
from nova.accounts.models import RevokedToken, User

T = TypeVar("T", bound=Token)
PERSON, TENANT, FINGERPRINT = "person", "tenant", "fingerprint"


def issue(person: User) -> RefreshToken:
    """Return a refresh token, which also makes access tokens."""
    token = RefreshToken()
    token[PERSON] = person.pk
    token[TENANT] = person.tenant_id
    token[FINGERPRINT] = _fingerprint(person)
    return token


def read_access(text: str) -> User | None:
    """Return the person of a valid access token, within their fence."""
    return _person_of(_parsed(AccessToken, text))


def read_refresh(text: str) -> tuple[User, RefreshToken] | None:
    """Return the person of a refresh token that is valid and was not taken back."""
    token = _parsed(RefreshToken, text)
    person = _person_of(token)
    if token is None or person is None:
        return None
    is_revoked = RevokedToken.objects.filter(token_id=token["jti"]).exists()
    return None if is_revoked else (person, token)


def _parsed(kind: type[T], text: str) -> T | None:
    try:
        return kind(text)  # type: ignore[arg-type]  # the hint is wrong: it takes text
    except TokenError:
        return None


def _person_of(token: Token | None) -> User | None:
    if token is None or not isinstance(token.get(PERSON), int):
        return None
    person = person_by_id(token[PERSON])
    if person is None or person.tenant_id != token.get(TENANT):
        return None
    is_current = constant_time_compare(_fingerprint(person), str(token.get(FINGERPRINT)))
    return person if is_current else None


def _fingerprint(person: User) -> str:
    return person.get_session_auth_hash()[:20]
