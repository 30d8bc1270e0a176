"""What every command does first: make `.venv`, install the lock, then run a module of Nova there.

Runs on a bare Python with nothing but the standard library, and parses on old ones, so that they
can be told what is missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

try:
    import fcntl
except ImportError:  # Windows: the message below is all that it gets
    sys.exit("nova: this needs Linux or macOS; on Windows use WSL2.")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


class Missing(Exception):
    """What this machine lacks."""


def run(module: str, *, dev: bool = False) -> NoReturn:
    """Replace this process by `module` of Nova, run with the environment that it needs."""
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    try:
        prepare(lock)
    except (Missing, OSError) as error:
        sys.exit(f"nova: cannot prepare {VENV}: {error}")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    os.execve(PYTHON, [str(PYTHON), "-m", module, *sys.argv[1:]], env)  # noqa: S606


def prepare(lock: Path) -> None:
    """Bring `.venv` to what `lock` says; at once when its stamp shows that it is there already."""
    if is_current(lock):
        return
    with only_one():
        if is_current(lock):  # another command did it while this one waited
            return
        say(f"preparing {VENV} from {lock.name} ...")
        if not PYTHON.exists():  # also when the Python that it pointed at has gone
            make_venv(suitable_python())
        install(lock)
        stamp_of(lock).write_text(fingerprint(lock))


def stamp_of(lock: Path) -> Path:
    """Return the file in `.venv` that remembers which `lock` was installed."""
    return VENV / f".{lock.stem}.stamp"


def fingerprint(lock: Path) -> str:
    """Return what changes whenever `lock` does."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def is_current(lock: Path) -> bool:
    """Whether `.venv` holds what `lock` says."""
    stamp = stamp_of(lock)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(lock)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold the project folder, so that two commands do not build one environment at once."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def suitable_python() -> str:
    """Return a Python new enough for Nova: this one, else one in PATH."""
    if sys.version_info[:2] >= OLDEST:
        return sys.executable
    for name in ("python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found and works([found, "-c", "import venv"]):
            return found
    raise Missing(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")


def make_venv(python: str) -> None:
    """Create an empty environment with pip."""
    if not works([python, "-m", "venv", "--clear", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        raise Missing("this Python makes no environments. On Debian: apt install python3-venv")


def install(lock: Path) -> None:
    """Install `lock` with its hashes: by uv, which is several times faster, else by pip."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    uv = VENV / "bin" / "uv"
    if uv.exists() or works([*pip, "uv"]):
        # Never fetch a Python of its own; copy, for caches on another file system.
        env = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", **os.environ}
        words = [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON)]
        for certificates in ("1", "0"):  # this machine's, where a network has its own; uv's
            env["UV_SYSTEM_CERTS"] = certificates
            if works([*words, "--require-hashes", "-r", str(lock)], env):
                return
        say("uv could not install the lock; trying pip ...")
    if not works([*pip, "--require-hashes", "-r", str(lock)]):
        raise Missing(f"{lock.name} could not be installed. Is a package index within reach?")


def works(command: list[str], env: dict[str, str] | None = None) -> bool:
    """Run `command`, show what it says, and tell whether it succeeded."""
    return subprocess.run(command, env=env, check=False, stdout=sys.stderr).returncode == 0


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(f"nova: {text}\n")
    sys.stderr.flush()
