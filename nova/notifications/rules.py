"""Pure decisions about notifications."""

import hashlib
from datetime import timedelta

FIRST_WAIT = timedelta(seconds=10)
MOST_ATTEMPTS = 8
LONGEST_SUBJECT = 200
# By what a browser and its system are known, the more particular before what it pretends to be.
BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


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


def tag_of(link: str, key: str) -> str:
    """Return by what a device replaces an older alert: what leads to the same place is about
    the same thing. As long as a push service lets a topic be (RFC 8030)."""
    return hashlib.sha256((link or key).encode()).hexdigest()[:32]


def device_named(user_agent: str) -> str:
    """Return what a browser is called in a list of devices, as in: Firefox on Windows."""
    browser = _first(BROWSERS, user_agent) or "Browser"
    system = _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")


def one_line(text: str) -> str:
    """Return a subject that fits a header: without line breaks or control characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:LONGEST_SUBJECT]
