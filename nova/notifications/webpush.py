"""Web Push: the keys of an organisation, and messages that one browser alone can read.

RFC 8291 (encryption, aes128gcm) and RFC 8292 (VAPID), by the libraries. Touches neither database
nor network.
"""

import base64
import json
import time
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

# An alert that nobody could be shown for so long is news no more.
KEPT_SECONDS = 4 * 3600
# A signature holds for less than the day that push services allow.
SIGNED_SECONDS = 12 * 3600
AUTH_BYTES = 16


class CannotSeal(Exception):
    """What a browser gave is no address or no key that a message can be made for."""


def made_keys() -> tuple[str, str]:
    """Return a new key pair: the public one as browsers take it, and the private one."""
    from py_vapid import Vapid02  # noqa: PLC0415  it is read where push is at work, not at start

    pair = Vapid02()
    pair.generate_keys()
    point = pair.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    number = pair.private_key.private_numbers().private_value
    return _text(point), _text(number.to_bytes(32, "big"))


def sealed_for(
    given: Mapping[str, Any], words: str, private_key: str, *, topic: str
) -> tuple[bytes, dict[str, str]]:
    """Return what is posted to a browser's push service, and under which headers.

    `given` is what the browser gave: `endpoint` and `keys`. Raises `CannotSeal`.
    """
    import http_ece  # noqa: PLC0415
    from py_vapid import Vapid02, VapidException  # noqa: PLC0415

    claims = {
        "aud": _origin_of(given["endpoint"]),
        "sub": settings.PUSH_CONTACT,
        "exp": int(time.time()) + SIGNED_SECONDS,
    }
    try:
        content = http_ece.encrypt(
            words.encode(),
            private_key=generate_private_key(SECP256R1()),  # for this one message
            dh=_bytes(given["keys"]["p256dh"]),
            auth_secret=_bytes(given["keys"]["auth"]),
            version="aes128gcm",
        )
        signed = Vapid02.from_raw(private_key.encode()).sign(claims)
    except (http_ece.ECEException, VapidException, ValueError) as error:
        raise CannotSeal(f"It cannot be sealed: {error}") from error
    return content, {
        **signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_SECONDS),
        "Urgency": "high",
        "Topic": topic,
    }


def is_point(text: str) -> bool:
    """Say whether this is a public key of a browser: a point of the curve P-256."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(text))
    except (ValueError, NotBase64):
        return False
    return True


def is_secret(text: str) -> bool:
    """Say whether this is the secret that a browser shares."""
    try:
        return len(_bytes(text)) == AUTH_BYTES
    except (ValueError, NotBase64):
        return False


def as_given(endpoint: str, p256dh: str, auth: str) -> str:
    """Return in one text what a browser gives, in the form of the Push API."""
    return json.dumps({"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}})


def _origin_of(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
