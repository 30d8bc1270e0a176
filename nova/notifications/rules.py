"""Pure decisions about notifications."""

import hashlib
from datetime import timedelta

FIRST_WAIT = timedelta(seconds=10)
MOST_ATTEMPTS = 8
LONGEST_SUBJECT = 200


def wait_after(attempts: int, jitter: float) -> timedelta | None:
    """Return how long to wait after so many failed attempts, or None to give up.

    Doubles each time; `jitter` in [0, 1) spreads what failed together over a quarter more.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    doubled: int = 2 ** (attempts - 1)
    return FIRST_WAIT * doubled * (1 + jitter / 4)


def key_of(cause: str, template: str, channel: str, recipient: object) -> str:
    """Return what two deliveries share only if they are the same one."""
    return hashlib.sha256(f"{cause}\n{template}\n{channel}\n{recipient}".encode()).hexdigest()


def one_line(text: str) -> str:
    """Return a subject that fits a header: without line breaks or control characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:LONGEST_SUBJECT]
