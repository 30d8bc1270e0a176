"""Pure decisions about people, keys and codes."""

from collections.abc import Collection, Set
from datetime import datetime, timedelta

EVERYTHING = "*"
USE_NOTED_EVERY = timedelta(minutes=1)
MANAGE_ROLES = "accounts.manage_roles"


def narrowed(permissions: Set[str], scopes: Collection[str]) -> frozenset[str]:
    """Return what a key with `scopes` may do for a person who may do `permissions`."""
    if EVERYTHING in scopes:
        return frozenset(permissions)
    return frozenset(permissions) & frozenset(scopes)


def may_manage(actor: Set[str], person: Set[str]) -> bool:
    """Say whether one may change the other, by what each may do.

    Whoever could change the e-mail of somebody stronger could become them. Those who manage
    roles can give themselves anything, so nothing is withheld from them.
    """
    return MANAGE_ROLES in actor or person <= actor


def is_use_worth_noting(last_used_at: datetime | None, now: datetime) -> bool:
    """Say whether to write down that a key was used: not at every request."""
    return last_used_at is None or now - last_used_at >= USE_NOTED_EVERY


def is_standing(revoked_at: datetime | None, ends_at: datetime | None, now: datetime) -> bool:
    """Say whether what was agreed holds now or will hold later."""
    return revoked_at is None and (ends_at is None or now < ends_at)


def ends_in_vain(starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> bool:
    """Say whether nothing is left between two dates; no start is now, no end is never."""
    return ends_at is not None and ends_at <= max(starts_at or now, now)


def plain_code(typed: str) -> str:
    """Return a one-time or recovery code as it was made, however it was typed."""
    return "".join(letter for letter in typed.lower() if letter.isascii() and letter.isalnum())
