"""Up to where a page knows, so that its socket can be told what came in between.

Staff read the tenant's sequence as it is. To others its number would tell of events that they must
not learn of (docs/decisions/0021), so they carry it under a seal that opens for them alone.
"""

from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings

from nova.accounts.models import User
from nova.accounts.sealing import seal, unseal

# Long enough for a slow phone to open its socket. Who comes later asks everything again.
HOLDS = timedelta(minutes=1)
LONGEST = 300


def follows_sequence(user: User) -> bool:
    """Say whether a person may know the numbers of the tenant's sequence."""
    return user.has_perm(settings.LIVE_SEQUENCE_NEEDS)


def mark_for(user: User) -> str:
    """Return what a page rendered for `user` in this request says of how far it knows."""
    sequence = user.as_of or 0
    return str(sequence) if follows_sequence(user) else seal(f"{_prefix(user)}{sequence}")


def opened(mark: int | str, user: User) -> int | None:
    """Return the sequence of a mark; None for one that is too old, or not this person's."""
    if isinstance(mark, int):
        return mark if follows_sequence(user) else None
    try:
        text = unseal(mark, within=HOLDS)
    except InvalidToken:
        return None
    prefix = _prefix(user)
    return int(text.removeprefix(prefix)) if text.startswith(prefix) else None


def _prefix(user: User) -> str:
    return f"since {user.pk}: "
