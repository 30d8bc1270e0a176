"""Prove who somebody is, and keep a record of it."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.events import SignedIn, SignInFailed
from nova.accounts.identity import person_by_email
from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.accounts.throttling import Visitor
from nova.errors import Refused
from nova.events.bus import publish


class SignInRefused(Refused):
    """The e-mail, the password or the code is wrong. It does not say which."""


class TooManyTries(SignInRefused):
    """Somebody has guessed too often."""


def prove_password(email: str, password: str, *, visitor: Visitor, now: datetime) -> User:
    """Return the person whose e-mail and password these are, within their fence.

    Raises `TooManyTries` or `SignInRefused`. The failure is on record then, so the caller must
    not roll its transaction back.
    """
    limits = visitor.limits_for(email)
    admitted = [limit.admit() for limit in limits]  # every one counts, also after a refusal
    if not all(admitted):
        raise TooManyTries(_("Too many tries. Wait a quarter of an hour and try again."))
    person = authenticate(None, email=email, password=password)
    if not isinstance(person, User):
        stranger = person_by_email(email)
        if stranger is not None:
            record_failure(stranger, "password", visitor=visitor, now=now)
        raise SignInRefused(_("This e-mail and password do not belong together."))
    for limit in limits:
        limit.forgive()
    return person


@transaction.atomic
def record_failure(person: User, reason: str, *, visitor: Visitor, now: datetime) -> None:
    """Keep on record that somebody failed to sign in as `person`."""
    event = SignInFailed(
        tenant_id=person.tenant_id, person_id=person.pk, reason=reason, address=visitor.address
    )
    publish(event, actor=system_of(person.tenant_id), now=now)


@transaction.atomic
def record_sign_in(person: User, way: str, *, visitor: Visitor, now: datetime) -> None:
    """Keep on record that a person signed in, by "page" or for a "token"."""
    person.last_login = now
    person.save(update_fields=["last_login"])
    event = SignedIn(
        tenant_id=person.tenant_id, person_id=person.pk, way=way, address=visitor.address
    )
    publish(event, actor=person, now=now)
