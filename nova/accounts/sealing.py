"""Seal secrets that Nova must be able to read again, such as those of authenticator apps.

The key is derived from SECRET_KEY; what was sealed with an older one of SECRET_KEY_FALLBACKS
still opens.
"""

import base64
from datetime import timedelta

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """Return `text` encrypted and signed."""
    return _box().encrypt(text.encode()).decode()


def unseal(token: str, *, within: timedelta | None = None) -> str:
    """Return what was sealed, `within` that long. Raises `InvalidToken` for anything else."""
    ttl = None if within is None else int(within.total_seconds())
    return _box().decrypt(token.encode(), ttl).decode()


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nova.accounts.sealing")
    return base64.urlsafe_b64encode(derive.derive(secret.encode()))
