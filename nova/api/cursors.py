"""The place in a list from which a page goes on, sealed so that nobody can read or forge it.

A place names values of the row's sort columns. A client must not learn from them what the row
itself withholds, such as a score, so they are encrypted, and bound to the order they belong to.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12


class BadCursor(ValueError):
    """Not a cursor of this list."""


@dataclass(frozen=True)
class Cursor:
    """The sort values of a row, and whether to go on after it or back before it."""

    values: tuple[Any, ...]
    is_back: bool = False

    def seal(self, order: str) -> str:
        """Return the cursor as opaque text, good only for lists in `order`."""
        nonce = os.urandom(NONCE)
        plain = orjson.dumps([self.is_back, *self.values], default=str)
        sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, plain, order.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def unseal(token: str, order: str) -> Cursor:
    """Return the cursor that was sealed for `order`. Raises `BadCursor` for anything else."""
    try:
        raw = base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
        plain = _cipher(settings.SECRET_KEY).decrypt(raw[:NONCE], raw[NONCE:], order.encode())
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise BadCursor from error
    is_back, *values = orjson.loads(plain)
    return Cursor(tuple(values), is_back)


@cache
def _cipher(secret: str) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nova.api.cursors")
    return AESGCM(derive.derive(secret.encode()))
