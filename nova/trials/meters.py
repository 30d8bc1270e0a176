"""What processes use: processor time and memory, as Linux counts them."""

import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20
# Places after the name in /proc/<pid>/stat; the last two are of children that have ended.
PARENT, GROUP, USER, SYSTEM, ENDED_USER, ENDED_SYSTEM = 1, 2, 11, 12, 13, 14


def cpu_seconds(part: int) -> float:
    """Return the processor time that a part's processes have used, also those that have ended."""
    found = _processes_of(part)
    ended = sum(int(found[part][place]) for place in (ENDED_USER, ENDED_SYSTEM))
    return (ended + sum(map(_ticks, found.values()))) / TICKS


def memory_mib(parts: Iterable[int]) -> float:
    """Return the memory of parts, with pages that processes share counted once among them."""
    pids = [pid for part in parts for pid in _processes_of(part)]
    return sum(map(_proportional_bytes, pids)) / MIB


def _processes_of(part: int) -> dict[int, list[str]]:
    """Return the part itself, its group, and its children: Postgres gives each a group."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        fields = _stat(entry)
        if fields and part in (int(entry.name), int(fields[PARENT]), int(fields[GROUP])):
            found[int(entry.name)] = fields
    return found


def _stat(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rpartition(") ")[2].split()
    except OSError:  # it has just ended
        return []


def _ticks(fields: list[str]) -> int:
    return int(fields[USER]) + int(fields[SYSTEM])


def _proportional_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def leaders_below(supervisor: int) -> dict[int, str]:
    """Return the command line of each process that `supervisor` started itself."""
    return {
        int(entry.name): _command(entry)
        for entry in Path("/proc").glob("[0-9]*")
        if (fields := _stat(entry)) and int(fields[PARENT]) == supervisor
    }


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
