"""`bin/test`: checks and tests on servers of their own, of which nothing is left afterwards."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from nova.runtime.console import Console
from nova.runtime.errors import CannotRun
from nova.runtime.home import PROJECT, Home, open_home
from nova.runtime.janitor import watch
from nova.runtime.leftovers import MARK
from nova.runtime.servers import start_test_servers
from nova.runtime.supervisor import Stopped, Supervisor, end_with_parent

MOST_WORKERS = 4


def main() -> None:
    """Run all, or only the tests that the arguments name."""
    memory = Path("/dev/shm")  # noqa: S108
    place = memory if os.access(memory, os.W_OK) else None
    home = open_home(Path(tempfile.mkdtemp(prefix="nova-test-", dir=place)))
    janitor = watch(home.path)
    try:
        code = asyncio.run(_run(home, sys.argv[1:]))
    except CannotRun as error:
        code = f"nova: {error}"
    except Stopped:
        code = 130
    finally:
        janitor.communicate()
    sys.exit(code)


async def _run(home: Home, arguments: list[str]) -> int | str:
    console = Console(home.logs, quiet=True)
    supervisor = Supervisor(home.path, console)
    supervisor.stop_on_signals()
    try:
        servers = await start_test_servers(supervisor, home)
        env = {**os.environ, **servers.environment(home)}
        codes = [await _child(supervisor, command, env) for command in _commands(arguments)]
        return max(map(abs, codes))
    finally:
        await supervisor.stop()
        console.close()


def _commands(arguments: list[str]) -> list[list[str]]:
    python = sys.executable
    if arguments:
        return [[python, "-m", "pytest", *arguments]]
    workers = str(min(os.cpu_count() or 1, MOST_WORKERS))
    return [[python, "-m", "nova.runtime.check"], [python, "-m", "pytest", "-n", workers]]


async def _child(supervisor: Supervisor, command: list[str], env: dict[str, str]) -> int:
    """Run `command` at this terminal. Raises `Stopped` when somebody ends the run."""
    process = subprocess.Popen(
        command,
        env={**env, MARK: env["NOVA_HOME"]},
        cwd=PROJECT,
        preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509
    )
    while process.poll() is None:
        if supervisor.stopping.is_set():
            _let_end(process)
            raise Stopped
        await asyncio.sleep(0.05)
    return process.returncode


def _let_end(process: "subprocess.Popen[bytes]") -> None:
    """Wait a little, for Ctrl-C reached it as well and it may be reporting; then insist."""
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
