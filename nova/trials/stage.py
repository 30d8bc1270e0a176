"""A Nova of its own in a folder that goes away: real servers, durable as in production."""

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nova.runtime import parts
from nova.runtime.console import Console
from nova.runtime.home import open_home
from nova.runtime.janitor import watch
from nova.runtime.ports import internal_port
from nova.runtime.servers import start_servers
from nova.runtime.supervisor import Supervisor

HOST = "127.0.0.1"
WEB_PROCESSES = 2
# A trial asks more in a minute than any person may.
NO_LIMITS = {"NOVA_PERSON_LIMIT": "1000000000", "NOVA_KEY_LIMIT": "1000000000"}


@dataclass(frozen=True)
class Stage:
    """Where a Nova runs, and the process (and process group) of each of its parts."""

    port: int
    home: Path
    owner_url: str
    environment: dict[str, str]
    pids: dict[str, int] = field(default_factory=dict)


Trial = Callable[[Stage], object]


def perform(trials: dict[Trial, list[str]]) -> None:
    """Start servers and web, then run each trial, after starting the parts that it names.

    Nothing is left afterwards, not even when this process is killed.
    """
    for given in ("DATABASE_URL", "NOVA_OWNER_DATABASE_URL", "REDIS_URL"):
        os.environ.pop(given, None)  # never on data that somebody needs
    home = Path(tempfile.mkdtemp(prefix="nova-trial-"))
    janitor = watch(home)
    try:
        asyncio.run(_perform(home, trials))
    finally:
        janitor.communicate()


async def _perform(folder: Path, trials: dict[Trial, list[str]]) -> None:
    home = open_home(folder)
    console = Console(home.logs, quiet=True)
    supervisor = Supervisor(home.path, console)
    try:
        servers = await start_servers(supervisor, home)
        port = internal_port()
        url = f"http://{HOST}:{port}"
        told = {**servers.environment(home), **NO_LIMITS, "NOVA_PUBLIC_URL": url}
        env = {**os.environ, **told}
        as_owner = {**env, "DATABASE_URL": servers.owner_url}
        await supervisor.run(parts.manage("migrate", "--skip-checks", "-v", "0", env=as_owner))
        await supervisor.run(parts.manage("collectstatic", "--noinput", "-v", "0", env=env))
        known = {
            "web": parts.web(env, HOST, port, WEB_PROCESSES, url),
            "worker": parts.worker(env, WEB_PROCESSES),
            "beat": parts.beat(env),
        }
        for trial, names in trials.items():
            for name in names:
                await supervisor.start(known[name])
            stage = Stage(port, home.path, servers.owner_url, env, supervisor.pids)
            await asyncio.to_thread(trial, stage)
    finally:
        await supervisor.stop()
        console.close()
