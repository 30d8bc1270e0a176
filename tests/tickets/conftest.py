"""What the tests of tickets share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tickets.servicenow import Imported, log_of


@pytest.fixture
def imported(tenant, tmp_path) -> Callable[..., Imported]:
    """Return a way to import lines, or a file, into the tenant."""

    def run(lines: list[str] | Path, **options: int) -> Imported:
        path = lines if isinstance(lines, Path) else log_of(tmp_path, lines)
        return Imported(path, tenant, tmp_path / "report.csv", **options)

    return run
