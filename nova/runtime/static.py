"""Whether the static files need collecting: it takes seconds, so only after a change."""

import hashlib

from nova.runtime.home import PROJECT, Home


def is_collected(home: Home) -> bool:
    """Whether nothing changed since `mark_collected`."""
    mark = home.path / "static-collected"
    return mark.exists() and mark.read_text() == _fingerprint()


def mark_collected(home: Home) -> None:
    """Remember what was collected."""
    (home.path / "static-collected").write_text(_fingerprint())


def _fingerprint() -> str:
    """Return what changes with our own files, and with the packages that bring theirs."""
    digest = hashlib.sha256((PROJECT / "requirements.lock").read_bytes())
    for file in sorted((PROJECT / "static").rglob("*")):
        stat = file.stat()
        digest.update(f"{file}{stat.st_mtime_ns}{stat.st_size}".encode())
    return digest.hexdigest()
