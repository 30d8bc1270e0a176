import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nova.runtime.console import Console
from nova.runtime.home import open_home
from nova.runtime.supervisor import Part, Supervisor

PATIENCE_SECONDS = 20


@pytest.fixture
def folder():
    """A folder that other accounts can pass through, which pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="runtime-", dir=os.environ["NOVA_HOME"]))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def home(folder):
    return open_home(folder)


@pytest.fixture
def console(home):
    console = Console(home.logs, quiet=True)
    yield console
    console.close()


@pytest.fixture
def supervisor(home, console):
    return Supervisor(home.path, console)


def python_part(script, *arguments, **fields):
    """Return a part that runs a few lines of Python."""
    return Part(
        **{
            "name": "part",
            "command": [sys.executable, "-c", script, *map(str, arguments)],
            "env": {},
            **fields,
        }
    )


async def until(condition: Callable[[], object]) -> None:
    """Wait for what another process will do. Fails when it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.02)
