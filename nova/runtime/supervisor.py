"""Starts parts in order, shows what they say, restarts one that crashes, stops them in reverse."""

import asyncio
import contextlib
import ctypes
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nova.runtime.account import CALLER, Account
from nova.runtime.console import Console
from nova.runtime.errors import CannotRun
from nova.runtime.leftovers import MARK

CALM_SECONDS = 30.0
LONGEST_PAUSE = 20.0
PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Somebody asked to stop while a part was being started."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A program to keep running. `ready` says whether it serves; without it, started is enough."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]
    ready: Callable[[], bool] | None = None
    account: Account = CALLER
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15
    unsaid: tuple[str, ...] = ()  # lines with these words go to the file only


@dataclass
class _Running:
    part: Part
    process: asyncio.subprocess.Process
    showing: asyncio.Task[None]
    since: float = field(default_factory=time.monotonic)


def pause_after(lived: float, previous: float) -> float:
    """Return how long to wait before the next start of a part that lived so many seconds."""
    return 0.5 if lived > CALM_SECONDS else min(max(previous * 2, 0.5), LONGEST_PAUSE)


class Supervisor:
    """Keeps the parts of one home. All its methods belong to one event loop."""

    def __init__(self, home: Path, console: Console) -> None:
        self.stopping = asyncio.Event()
        self._home = home
        self._console = console
        self._running: dict[str, _Running] = {}
        self._spawning = asyncio.Lock()  # so that `stop` misses no process that has just begun
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def pids(self) -> dict[str, int]:
        """Return by name the process, and process group, of each part that has been started."""
        return {name: running.process.pid for name, running in self._running.items()}

    def stop_on_signals(self) -> None:
        """Let Ctrl-C, a polite kill and a closed terminal end it cleanly."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stopping.set)

    async def start(self, part: Part, *, seconds: float = 60) -> None:
        """Start `part`, wait until it serves, and keep it so.

        Raises `CannotRun` when it does not come up, `Stopped` when asked to stop meanwhile.
        """
        running = await self._spawn(part)
        await self._until_ready(running, seconds)
        self._say_ready(running, "ready")
        self._tasks.append(asyncio.create_task(self._keep(part)))

    async def run(self, part: Part) -> None:
        """Run `part` to its end. Raises `CannotRun` when it fails."""
        running = await self._spawn(part)
        while running.process.returncode is None and not self.stopping.is_set():
            await asyncio.sleep(0.02)
        if self.stopping.is_set():
            raise Stopped
        del self._running[part.name]
        await asyncio.wait([running.showing], timeout=1)  # it may not have shown all yet
        if running.process.returncode:
            raise CannotRun(f"{part.name} failed; see {self._log_of(part)}.")

    async def stop(self) -> None:
        """Stop all parts, the last started first."""
        self.stopping.set()
        async with self._spawning:
            begun = list(self._running.values())
        for running in reversed(begun):
            if running.process.returncode is None:
                began = time.monotonic()
                await self._end(running)
                took = time.monotonic() - began
                self._console.line("nova", f"{running.part.name} stopped after {took:.1f} s")
        await asyncio.wait(self._tasks, timeout=2) if self._tasks else None

    async def _spawn(self, part: Part) -> _Running:
        """Begin the process of a part. Raises `Stopped` when asked to stop before that."""
        async with self._spawning:
            if self.stopping.is_set():
                raise Stopped
            process = await self._begin(part)
            showing = asyncio.create_task(self._show(part, process.stdout))
            self._tasks.append(showing)
            running = self._running[part.name] = _Running(part, process, showing)
            return running

    async def _begin(self, part: Part) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *map(str, part.command),
            env={**part.env, MARK: str(self._home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(part.stop_signal),
            limit=1 << 20,
            **{"cwd": part.cwd, **part.account.popen()},
        )

    async def _show(self, part: Part, stream: asyncio.StreamReader | None) -> None:
        while stream and not stream.at_eof():
            try:
                line = (await stream.readline()).decode(errors="replace").rstrip()
            except ValueError:  # longer than any line of ours: dropped
                continue
            if line:
                noise = any(words in line for words in part.unsaid)
                self._console.line(part.name, line, shown=not noise)

    async def _until_ready(self, running: _Running, seconds: float) -> None:
        part = running.part
        while not (part.ready is None or await asyncio.to_thread(part.ready)):
            if self.stopping.is_set():
                raise Stopped
            if running.process.returncode is not None:
                raise CannotRun(f"{part.name} did not start; see {self._log_of(part)}.")
            if time.monotonic() - running.since > seconds:
                raise CannotRun(f"{part.name} is not ready after {seconds:.0f} s.")
            await asyncio.sleep(0.03)

    async def _keep(self, part: Part) -> None:
        """Start `part` again whenever it ends by itself; less eagerly while it keeps dying."""
        pause = 0.0
        while True:
            running = self._running[part.name]
            # Not process.wait(): that waits for the pipes that grandchildren hold, too.
            while running.process.returncode is None:
                await asyncio.sleep(0.05)
            if self.stopping.is_set():
                return
            kill_group(running.process.pid)  # its workers would keep the port
            pause = pause_after(time.monotonic() - running.since, pause)
            code = running.process.returncode
            self._console.line("nova", f"{part.name} ended ({code}); again in {pause:.1f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), pause)
                return
            with contextlib.suppress(CannotRun, Stopped):  # the next round sees to it
                again = await self._spawn(part)
                await self._until_ready(again, math.inf)
                self._say_ready(again, "ready again")

    def _say_ready(self, running: _Running, word: str) -> None:
        took = time.monotonic() - running.since
        self._console.line("nova", f"{running.part.name} is {word} after {took:.1f} s")

    async def _end(self, running: _Running) -> None:
        with contextlib.suppress(ProcessLookupError):
            running.process.send_signal(running.part.stop_signal)
        deadline = time.monotonic() + running.part.stop_seconds
        while running.process.returncode is None and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        kill_group(running.process.pid)
        while running.process.returncode is None:
            await asyncio.sleep(0.02)

    def _log_of(self, part: Part) -> Path:
        return self._console.folder / f"{part.name}.log"


def kill_group(group: int) -> None:
    """Kill at once whatever is left of the process group `group`."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs before its program, so that it ends when its parent is killed."""
    if sys.platform != "linux":
        return None
    prctl: Any = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it was killed between the two
            os._exit(1)

    return in_child
