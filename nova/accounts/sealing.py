"""Seal secrets that Nova must be able to read again, such as those of authenticator apps.

The key is derived from SECRET_KEY; what was sealed with an older one of SECRET_KEY_FALLBACKS
still opens.
"""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """Return `text` encrypted and signed."""
    return _box().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """Return what was sealed. Raises `InvalidToken` for anything else."""
    return _box().decrypt(token.encode()).decode()


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nova.accounts.sealing")
    return base64.urlsafe_b64encode(derive.derive(secret.encode()))
