"""The second factor: an authenticator app, and recovery codes for the day it is lost."""

import base64
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _

from nova.accounts import rules, totp
from nova.accounts.events import (
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorRemoved,
    SecondFactorSet,
)
from nova.accounts.models import SecondFactor, User
from nova.accounts.sealing import seal, unseal
from nova.accounts.services.people import may_manage
from nova.accounts.services.sign_in import SignInRefused, TooManyTries
from nova.accounts.throttling import Limit
from nova.errors import Refused
from nova.events.bus import publish

CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


@transaction.atomic
def begin_second_factor(person: User) -> str:
    """Return a new secret for an authenticator app; it counts for nothing until confirmed."""
    _refuse_if_confirmed(person)
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    SecondFactor.objects.update_or_create(
        person=person,
        defaults={"tenant_id": person.tenant_id, "secret": seal(secret), "last_step": 0},
    )
    return secret


@transaction.atomic
def confirm_second_factor(person: User, code: str, *, now: datetime) -> list[str]:
    """Ask for codes from now on, as `code` proves that the app works; return recovery codes.

    Raises `Refused` when the code is wrong.
    """
    factor = SecondFactor.objects.select_for_update().filter(person=person).first()
    if factor is None or not _takes_app_code(factor, rules.plain_code(code), now):
        raise Refused(_("This code is not right. Type the one that the app shows now."))
    _refuse_if_confirmed(person)
    factor.confirmed_at = now
    factor.save(update_fields=["confirmed_at"])
    publish(
        SecondFactorSet(tenant_id=person.tenant_id, person_id=person.pk), actor=person, now=now
    )
    return make_recovery_codes(person, now=now)


@transaction.atomic
def make_recovery_codes(person: User, *, now: datetime) -> list[str]:
    """Return new recovery codes, each good for one sign-in. The old ones are worth nothing."""
    codes = [get_random_string(10, CODE_LETTERS) for _number in range(CODES)]
    hashes = [_keyed_hash(code) for code in codes]
    SecondFactor.objects.filter(person=person).update(recovery_codes=hashes)
    publish(
        RecoveryCodesMade(tenant_id=person.tenant_id, person_id=person.pk), actor=person, now=now
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def remove_second_factor(person: User, *, actor: User, now: datetime) -> None:
    """Ask for a password alone again. Raises `Refused` when they may do more than the actor."""
    if actor != person and not may_manage(actor, person):
        raise Refused(_("%(person)s may do more than you.") % {"person": person})
    removed, _by_model = SecondFactor.objects.filter(person=person).delete()
    if removed:
        event = SecondFactorRemoved(tenant_id=person.tenant_id, person_id=person.pk)
        publish(event, actor=actor, now=now)


@transaction.atomic
def check_code(person: User, code: str, *, now: datetime) -> None:
    """Take a code of the app, or a recovery code, once.

    Raises `TooManyTries` or `SignInRefused`.
    """
    limit = Limit(f"code:{person.pk}", 5)
    if not limit.admit():
        raise TooManyTries(_("Too many tries. Wait a quarter of an hour and try again."))
    factor = SecondFactor.objects.select_for_update().get(person=person)
    plain = rules.plain_code(code)
    if not (_takes_app_code(factor, plain, now) or _takes_recovery_code(factor, plain, now)):
        raise SignInRefused(_("This code is not right, or it was used before."))
    limit.forgive()


def asks_for_code(person: User) -> bool:
    """Say whether a password alone does not let this person in."""
    return SecondFactor.objects.filter(person=person).exclude(confirmed_at=None).exists()


def pending_secret(person: User) -> str | None:
    """Return the secret of an app that is being set up, until it is confirmed."""
    factor = SecondFactor.objects.filter(person=person, confirmed_at=None).first()
    return unseal(factor.secret) if factor else None


def _takes_app_code(factor: SecondFactor, code: str, now: datetime) -> bool:
    secret = unseal(factor.secret)
    step = totp.matching_step(secret, code, now=now, after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


def _takes_recovery_code(factor: SecondFactor, code: str, now: datetime) -> bool:
    used = _keyed_hash(code)
    if used not in factor.recovery_codes:
        return False
    factor.recovery_codes.remove(used)
    factor.save(update_fields=["recovery_codes"])
    event = RecoveryCodeUsed(
        tenant_id=factor.tenant_id,
        person_id=factor.person_id,
        codes_left=len(factor.recovery_codes),
    )
    publish(event, actor=factor.person, now=now)
    return True


def _keyed_hash(code: str) -> str:
    return salted_hmac("nova.accounts.recovery", code, algorithm="sha256").hexdigest()


def _refuse_if_confirmed(person: User) -> None:
    if asks_for_code(person):
        raise Refused(_("An authenticator app is set up already."))
