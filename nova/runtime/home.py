"""The home: one folder with everything that a Nova on this machine keeps."""

import fcntl
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nova.runtime.account import Account, database_account
from nova.runtime.errors import CannotRun

PROJECT = Path(__file__).resolve().parents[2]
SHELTER = Path("/var/lib/nova")


@dataclass(frozen=True)
class Home:
    """A folder laid out as `docs/operators.md` says; `account` runs its database."""

    path: Path
    account: Account

    @property
    def logs(self) -> Path:
        """Return the folder of one log file for each part."""
        return self.path / "logs"

    @property
    def demo_marker(self) -> Path:
        """Return the file that exists once the demo has been loaded."""
        return self.path / "demo-loaded"

    @property
    def running(self) -> Path:
        """Return the file in which a running Nova says how to reach its servers."""
        return self.path / "secrets" / "running.json"

    def secret(self, name: str) -> str:
        """Return a random word that is made once and then kept, for this account's eyes only."""
        file = self.path / "secrets" / name
        if not file.exists():
            write_private(file, secrets.token_urlsafe(48))
        return file.read_text()

    def lock(self) -> IO[str]:
        """Return the held lock of this home. Raises `CannotRun` while another Nova holds it."""
        file = (self.path / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise CannotRun(f"already running on {self.path} ({self._holder()}).") from None
        return file

    def running_facts(self) -> dict[str, Any] | None:
        """Return what the Nova that holds this home says of itself, None if nothing holds it.

        Raises `CannotRun` while the holder cannot be reached: it starts, stops, or is a command.
        """
        try:
            self.lock().close()
        except CannotRun:
            if not self.running.exists():
                raise
            return dict(json.loads(self.running.read_text()))
        return None

    def _holder(self) -> str:
        if not self.running.exists():
            return "it is just starting or stopping, or one command of bin/nova uses it"
        facts = json.loads(self.running.read_text())
        return f"process {facts['pid']}, {facts['url']}"


def open_home(asked: Path) -> Home:
    """Return the home at `asked`, made if need be.

    Where root asks for a place that the database's account cannot reach (root's own home, as a
    rule), everything lives under /var/lib/nova instead.
    """
    asked = asked.resolve()
    account = database_account(asked / "postgres")
    try:
        _make(asked, account)
        if not account.reaches(asked):
            asked = _shelter(asked)
            account = database_account(asked / "postgres")
            _make(asked, account)
        (asked / "secrets").mkdir(mode=0o700, exist_ok=True)
        (asked / "logs").mkdir(exist_ok=True)
    except OSError as error:
        raise CannotRun(f"cannot use {asked} as home: {error.strerror}.") from error
    return Home(asked, account)


def _make(path: Path, account: Account) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    if account.uid is not None:
        path.chmod(0o711)  # the account passes through, and sees its own folder only


def _shelter(asked: Path) -> Path:
    digest = hashlib.sha256(str(asked).encode()).hexdigest()[:8]
    return SHELTER / f"{asked.parent.name or 'root'}-{digest}"


def write_private(file: Path, text: str) -> None:
    """Write `text` so that nobody else can read it, not even for a moment."""
    new = file.with_suffix(".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    new.replace(file)
