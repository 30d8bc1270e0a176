"""What a start may skip, because nothing changed since an earlier one: each costs seconds."""

import hashlib

import psycopg

from nova.runtime import parts
from nova.runtime.home import PROJECT, Home
from nova.runtime.servers import Environment, Servers
from nova.runtime.supervisor import Supervisor


def is_collected(home: Home) -> bool:
    """Whether the static files are as `mark_collected` left them."""
    mark = home.path / "static-collected"
    return mark.exists() and mark.read_text() == _packages_and_static_files()


def mark_collected(home: Home) -> None:
    """Remember what was collected."""
    (home.path / "static-collected").write_text(_packages_and_static_files())


def is_migrated(home: Home, url: str) -> bool:
    """Whether the database has every migration, by its own account.

    Of the packages' migrations only their versions are looked at. In doubt the answer is no.
    """
    mark = home.path / "packages-migrated"
    if not mark.exists() or mark.read_text() != _packages():
        return False
    try:
        with psycopg.connect(url) as database:
            applied = set(database.execute("SELECT app, name FROM django_migrations"))
    except psycopg.Error:
        return False
    return _own_migrations() <= applied


def mark_migrated(home: Home) -> None:
    """Remember which packages' migrations were applied."""
    (home.path / "packages-migrated").write_text(_packages())


async def bring_tables(
    supervisor: Supervisor, home: Home, servers: Servers, env: Environment
) -> None:
    """Bring the tables to what the code expects."""
    if not is_migrated(home, servers.owner_url):
        # Checks are for the role that the product works as: the owner may do what they refuse.
        as_owner = {**env, "DATABASE_URL": servers.owner_url}
        await supervisor.run(parts.manage("migrate", "--skip-checks", "-v", "0", env=as_owner))
        mark_migrated(home)


def _own_migrations() -> set[tuple[str, str]]:
    return {
        (file.parent.parent.name, file.stem)
        for pattern in ("*/migrations/[0-9]*.py", "*/*/migrations/[0-9]*.py")
        for file in PROJECT.glob(pattern)
    }


def _packages() -> str:
    return hashlib.sha256((PROJECT / "requirements.lock").read_bytes()).hexdigest()


def _packages_and_static_files() -> str:
    digest = hashlib.sha256(_packages().encode())
    for file in sorted((PROJECT / "static").rglob("*")):
        stat = file.stat()
        digest.update(f"{file}{stat.st_mtime_ns}{stat.st_size}".encode())
    return digest.hexdigest()
