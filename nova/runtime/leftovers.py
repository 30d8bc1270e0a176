"""Processes that outlived a killed supervisor: found by a mark in their environment."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

MARK = "NOVA_SUPERVISED_BY"
PATIENCE_SECONDS = 10.0


def end_leftovers(home: Path) -> int:
    """End what was started for `home`, and return how many processes that were."""
    found = leftovers_of(home)
    end(found)
    return len(found)


def leftovers_of(home: Path) -> list[int]:
    """Return the processes started for `home` or a home within it; none where /proc is not."""
    mark = f"\0{MARK}={home}".encode()
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if int(entry.name) != os.getpid() and _bears(mark, b"\0" + _read(entry / "environ"))
    ]


def _bears(mark: bytes, environment: bytes) -> bool:
    return mark + b"\0" in environment or mark + b"/" in environment


def retire_postmaster(data: Path) -> None:
    """Clear the way for a server on `data`: end one that still runs, and forget one that is gone.

    PostgreSQL itself only asks whether that process number is in use, by whomever.
    """
    file = data / "postmaster.pid"
    if file.exists():
        pid = int(file.read_text().split()[0])
        if str(data) in _command_line(pid):
            end([pid])
        file.unlink(missing_ok=True)


def end(pids: list[int]) -> None:
    """Ask processes to end, and kill those that do not."""
    # SIGINT to Postgres means: roll back and stop at once, but in order.
    for number, seconds in ((signal.SIGINT, PATIENCE_SECONDS), (signal.SIGKILL, 2.0)):
        left = [pid for pid in pids if _lives(pid)]
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while any(_lives(pid) for pid in left) and time.monotonic() < deadline:
            time.sleep(0.05)


def _lives(pid: int) -> bool:
    """Whether a process still does something, and does not only wait to be taken note of."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return b") Z " not in _read(Path(f"/proc/{pid}/stat"))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # gone meanwhile, or somebody else's
        return b""


def _command_line(pid: int) -> str:
    if Path("/proc").exists():
        return _read(Path(f"/proc/{pid}/cmdline")).decode(errors="replace")
    ps = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout
