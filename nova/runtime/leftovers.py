"""Processes that outlived a killed supervisor: found by a mark in their environment."""

import contextlib
import os
import signal
import time
from pathlib import Path

MARK = "NOVA_SUPERVISED_BY"
PATIENCE_SECONDS = 10.0


def leftovers_of(home: Path) -> list[int]:
    """Return the processes started for `home`. Where there is no /proc, none are found."""
    mark = f"{MARK}={home}".encode()
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if int(entry.name) != os.getpid() and mark in _environment(entry)
    ]


def end_leftovers(home: Path) -> int:
    """Ask them to end, kill those that do not, and return how many there were."""
    found = leftovers_of(home)
    # SIGINT to Postgres means: roll back and stop at once, but in order.
    for number, seconds in ((signal.SIGINT, PATIENCE_SECONDS), (signal.SIGKILL, 2.0)):
        _signal(leftovers_of(home), number)
        deadline = time.monotonic() + seconds
        while leftovers_of(home) and time.monotonic() < deadline:
            time.sleep(0.05)
    return len(found)


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _environment(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:  # gone meanwhile, or somebody else's
        return []
