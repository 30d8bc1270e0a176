"""The embedded Redis: its configuration, and the part that the supervisor runs."""

import json
import os
import socket
from dataclasses import dataclass

from nova.runtime.binaries import redis_program
from nova.runtime.home import Home, write_private
from nova.runtime.ports import internal_port
from nova.runtime.supervisor import Part

# It carries the task queue, so it keeps what it was given and refuses rather than forgets.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir {folder}
requirepass {password}
databases 64
save ""
appendonly {durable}
appendfsync everysec
maxmemory 256mb
maxmemory-policy noeviction
set-proc-title no
loglevel warning
"""


@dataclass(frozen=True)
class Redis:
    """A configured server, and how to reach it once it runs."""

    home: Home
    port: int

    @property
    def url(self) -> str:
        """Return where the product reaches it."""
        return f"redis://:{self.home.secret('redis')}@127.0.0.1:{self.port}/0"

    def part(self) -> Part:
        """Return the server as a part."""
        return Part(
            name="redis",
            command=[redis_program().path, self.home.path / "redis" / "redis.conf"],
            env={"PATH": os.environ.get("PATH", os.defpath)},
            ready=self.answers,
            unsaid=("overcommit_memory",),  # advice for dedicated machines
        )

    def answers(self) -> bool:
        """Whether the server takes its password and has loaded its data."""
        talk = f"AUTH {self.home.secret('redis')}\r\nPING\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as server:
                server.sendall(talk)
                with server.makefile("rb") as lines:
                    return lines.readline() == b"+OK\r\n" and lines.readline() == b"+PONG\r\n"
        except OSError:
            return False


def open_redis(home: Home, *, for_tests: bool = False) -> Redis:
    """Return the home's Redis, configured. It is not started."""
    folder = home.path / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    server = Redis(home, internal_port())
    configuration = CONFIGURATION.format(
        port=server.port,
        folder=json.dumps(str(folder), ensure_ascii=False),  # in quotes, for it may hold blanks
        password=home.secret("redis"),
        durable="no" if for_tests else "yes",
    )
    # The password goes into a file: a command line is for everybody to read.
    write_private(folder / "redis.conf", configuration)
    return server
