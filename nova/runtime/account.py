"""Whom the database runs as: PostgreSQL refuses root, so root steps down to another account."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nova.runtime.errors import CannotRun


@dataclass(frozen=True)
class Account:
    """An account to step down to; without a uid, whoever runs Nova."""

    name: str = ""
    uid: int | None = None
    gid: int = -1

    def popen(self) -> dict[str, Any]:
        """Return the arguments that make `subprocess` start a program as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        """Whether this account may enter `folder`."""
        if self.uid is None:
            return True
        test = subprocess.run(["test", "-x", str(folder)], check=False, **self.popen())
        return test.returncode == 0


CALLER = Account()


def database_account(cluster: Path) -> Account:
    """Return the account for the database in `cluster`; one that exists keeps its owner."""
    if os.geteuid() != 0:
        return CALLER
    if cluster.exists() and (owner := cluster.stat().st_uid):
        return _known(pwd.getpwuid(owner))
    for name in filter(None, [os.environ.get("NOVA_DB_USER"), "postgres", "nobody"]):
        try:
            return _known(pwd.getpwnam(name))
        except KeyError:
            continue
    raise CannotRun(
        "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' for it; "
        "name one in NOVA_DB_USER, or give a server in DATABASE_URL."
    )


def _known(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
