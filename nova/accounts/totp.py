"""One-time codes of authenticator apps: RFC 6238 over RFC 4226, six digits, 30 seconds. Pure."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1


def code_at(secret: str, step: int) -> str:
    """Return the code of one time step. `secret` is base32."""
    # The padding is left out of what people type, and base64 insists on it.
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """Return the step whose code this is, one step of drift allowed; only steps past `after`."""
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if step > after and hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


def enrolment_uri(secret: str, *, account: str, issuer: str) -> str:
    """Return what an authenticator app reads from the picture."""
    query = urlencode({"secret": secret, "issuer": issuer})
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"
