"""`bin/up`: all of Nova on this machine, started in order and kept running."""

import argparse
import asyncio
import json
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from nova.runtime import parts
from nova.runtime.console import Console
from nova.runtime.errors import CannotRun
from nova.runtime.home import PROJECT, Home, open_home, write_private
from nova.runtime.leftovers import end_leftovers
from nova.runtime.ports import is_free
from nova.runtime.servers import Environment, Servers, start_servers
from nova.runtime.supervisor import Stopped, Supervisor
from nova.runtime.upkeep import bring_tables, is_collected, mark_collected

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
DEMO_PEOPLE = "admin lead tech field manager exec requester vip assistant"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asks for."""

    home: Path
    host: str
    port: int
    workers: int
    demo: bool

    @property
    def url(self) -> str:
        """Return where a browser on this machine finds Nova."""
        host = ANYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def read_options(words: list[str]) -> Options:
    """Return the options that the command line `words` ask for."""
    default = os.environ.get("NOVA_HOME") or str(PROJECT / ".nova")
    parser = argparse.ArgumentParser(prog="bin/up", description="Run Nova on this machine.")
    parser.add_argument("--home", type=Path, default=default, help="where it keeps all its data")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on")
    parser.add_argument("--workers", type=int, default=2, help="web and background processes")
    parser.add_argument("--empty", action="store_true", help="without the demo")
    read = parser.parse_args(words)
    return Options(
        home=read.home, host=read.host, port=read.port, workers=read.workers, demo=not read.empty
    )


def main() -> None:
    """Run until somebody stops it."""
    options = read_options(sys.argv[1:])
    try:
        home = open_home(options.home)
        with home.lock():
            asyncio.run(_run(home, options))
    except CannotRun as error:
        sys.exit(f"nova: {error}")


async def _run(home: Home, options: Options) -> None:
    console = Console(home.logs)
    supervisor = Supervisor(home.path, console)
    supervisor.stop_on_signals()
    try:
        _clear_the_way(home, options, console)
        await _start(supervisor, home, options)
        for line in _welcome(options):
            console.show(line)
        await supervisor.stopping.wait()
    except Stopped:
        console.line("nova", "stopped while starting")
    finally:
        await supervisor.stop()
        home.running.unlink(missing_ok=True)
        console.close()


def _clear_the_way(home: Home, options: Options, console: Console) -> None:
    moved = "" if home.path == options.home.resolve() else f": {options.home} is closed to others"
    account = f", database account {home.account.name}" if home.account.name else ""
    console.line("nova", f"home {home.path}{account}{moved}")
    if ended := end_leftovers(home.path):
        console.line("nova", f"ended {ended} processes that a killed run had left")
    if not is_free(options.host, options.port):
        raise CannotRun(
            f"port {options.port} of {options.host} is in use; "
            "stop what listens there, or choose another with --port."
        )


async def _start(supervisor: Supervisor, home: Home, options: Options) -> None:
    servers = await start_servers(supervisor, home)
    environment = {**_manners(options), **servers.environment(home)}
    _publish(home, options, environment, servers.owner_url)
    env = {**os.environ, **environment}
    await _prepare(supervisor, home, servers, env)
    if options.demo and not home.demo_marker.exists():
        await supervisor.run(parts.manage("seed_demo", env=env))
        home.demo_marker.touch()
    await supervisor.start(
        parts.web(env, options.host, options.port, options.workers, options.url)
    )
    await supervisor.start(parts.worker(env, options.workers))
    await supervisor.start(parts.beat(env))


async def _prepare(supervisor: Supervisor, home: Home, servers: Servers, env: Environment) -> None:
    """Bring tables and static files to what the code expects."""
    await bring_tables(supervisor, home, servers, env)
    if servers.is_database_given:
        await supervisor.run(parts.manage("check", "--database", "default", env=env))
    if not is_collected(home):
        await supervisor.run(parts.manage("collectstatic", "--noinput", "-v", "0", env=env))
        mark_collected(home)


def _manners(options: Options) -> Environment:
    """Return what the product is told about this run, unless the environment says otherwise."""
    hosts = {"localhost", "127.0.0.1", "[::1]", options.host, socket.gethostname()}
    defaults = {"NOVA_HOSTS": ",".join(sorted(hosts)), "NOVA_PUBLIC_URL": options.url}
    given = {name: os.environ[name] for name in defaults if os.environ.get(name)}
    return {**defaults, **given, "NOVA_DEMO": "1" if options.demo else "0"}


def _publish(home: Home, options: Options, environment: Environment, owner_url: str) -> None:
    """Tell `bin/nova` how to work beside this run."""
    facts = {
        "pid": os.getpid(),
        "url": options.url,
        "owner_url": owner_url,
        "environment": environment,
    }
    write_private(home.running, json.dumps(facts, indent=1))


def _welcome(options: Options) -> list[str]:
    lines = [f"Nova is ready: {options.url}"]
    if options.demo:
        own = os.environ.get("NOVA_DEMO_PASSWORD")
        word = "as in NOVA_DEMO_PASSWORD" if own else "nova-demo"
        people = " ".join(f"{name}@" for name in DEMO_PEOPLE.split())
        lines.append(f"  Sign in as one of {people} (acme.example), password {word}.")
    return [*lines, "  Ctrl-C stops it."]


if __name__ == "__main__":
    main()
