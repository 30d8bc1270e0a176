"""The embedded PostgreSQL: its cluster, its roles, and the part that the supervisor runs."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from nova.runtime.binaries import Program, postgres_programs
from nova.runtime.errors import CannotRun
from nova.runtime.home import Home, write_private
from nova.runtime.leftovers import retire_postmaster
from nova.runtime.ports import internal_port
from nova.runtime.roles import (
    ensure_database,
    ensure_role,
    grant_use,
    vouch_for_text_search,
)
from nova.runtime.supervisor import Part

OWNER, APP, TEST = "nova_owner", "nova_app", "nova_test"
BUILTIN_LOCALE_SINCE = 17
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # a page of rows is read before a worker has started
    "log_min_messages": "warning",
    "log_line_prefix": "",
}
# A test's database need not survive the machine, and leaves nothing outside its folder.
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "dynamic_shared_memory_type": "mmap",
}


@dataclass(frozen=True)
class Cluster:
    """A cluster that exists, and how to reach it once it runs."""

    data: Path
    program: Program
    port: int
    home: Home
    settings: dict[str, str]

    def url(self, role: str, database: str = "nova") -> str:
        """Return where `role` reaches `database`."""
        word = self.home.secret(role)
        return f"postgresql://{role}:{word}@127.0.0.1:{self.port}/{database}"

    def part(self) -> Part:
        """Return the server as a part."""
        settings = {"port": str(self.port), **self.settings}
        options = [word for item in settings.items() for word in ("-c", "=".join(item))]
        return Part(
            name="postgres",
            command=[self.program.path / "postgres", "-D", self.data, *options],
            env=_environment(),
            account=self.home.account,
            ready=self.answers,
            stop_signal=signal.SIGINT,  # roll back and stop at once, but in order
            stop_seconds=20,
            unsaid=("LOG:  ",),  # its comings and goings; warnings and errors are shown
        )

    def answers(self) -> bool:
        """Whether the server lets its owner in."""
        try:
            psycopg.connect(self.url(OWNER, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def prepare(self) -> None:
        """Make the product's role and database."""
        with psycopg.connect(self.url(OWNER, "postgres"), autocommit=True) as server:
            ensure_role(server, APP, self.home.secret(APP), creates=False)
            ensure_database(server, "nova")
        with psycopg.connect(self.url(OWNER), autocommit=True) as database:
            grant_use(database, APP)
            vouch_for_text_search(database)

    def prepare_for_tests(self) -> None:
        """Make one role that creates and owns test databases, and is fenced all the same."""
        with psycopg.connect(self.url(OWNER, "postgres"), autocommit=True) as server:
            ensure_role(server, TEST, self.home.secret(TEST), creates=True)
        with psycopg.connect(self.url(OWNER, "template1"), autocommit=True) as template:
            vouch_for_text_search(template)


def open_cluster(home: Home, *, for_tests: bool = False) -> Cluster:
    """Return the home's cluster, made if need be. It is not started."""
    folder = home.path / "postgres"
    data = folder / "data"
    version = data / "PG_VERSION"
    major = int(version.read_text()) if version.exists() else None
    program = postgres_programs(home, major=major)
    if major is None:
        folder.mkdir(mode=0o700, exist_ok=True)
        home.account.own(folder)
        _init(program, home, folder, durable=not for_tests)
    retire_postmaster(data)
    settings = {**SETTINGS, **(TEST_SETTINGS if for_tests else {})}
    return Cluster(data, program, internal_port(), home, settings)


def _init(program: Program, home: Home, folder: Path, *, durable: bool) -> None:
    """Make a cluster beside its place and rename it, so that a killed start leaves no half one."""
    new, word = folder / "data.new", folder / "word"
    shutil.rmtree(new, ignore_errors=True)
    write_private(word, home.secret(OWNER))
    home.account.own(word)
    command = [program.path / "initdb", "-D", new, "-U", OWNER, "--pwfile", word]
    command += ["--auth", "scram-sha-256", "--encoding", "UTF8", *_locale(program.major)]
    made = subprocess.run(
        [*map(str, command), *([] if durable else ["--no-sync"])],
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        **home.account.popen(),
    )
    word.unlink()
    if made.returncode:
        raise CannotRun(f"PostgreSQL could not make its data folder: {made.stderr.strip()}")
    new.rename(folder / "data")


def _locale(major: int) -> list[str]:
    """Return how text is compared: by code point, the same on every machine."""
    if major >= BUILTIN_LOCALE_SINCE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C"]


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
