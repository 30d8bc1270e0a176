"""Import a file of people into the demo, so that there is one to look at, and to undo."""

from datetime import datetime
from pathlib import Path

from nova.accounts.services import IMPORTING, apply_import, preview_import
from nova.demo.cast import ADMIN, Cast

TABLES = Path(__file__).with_name("tables")


def hire(cast: Cast, *, now: datetime) -> None:
    """Preview the file of those who were hired, and apply it as the worker would."""
    if not cast.organisation.hired:
        return
    admin, name = cast.people[ADMIN], cast.organisation.hired
    batch = preview_import(name, (TABLES / name).read_bytes(), actor=admin, now=now)
    apply_import(batch.pk, actor=admin, now=now)
    while IMPORTING.advance(cast.tenant.pk, now=now):
        pass
