"""What the tests of tickets share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nova.accounts.models import User
from tests.factories import PersonFactory
from tests.tickets.servicenow import Imported, log_of


@pytest.fixture
def requester(tenant) -> User:
    return PersonFactory(role="requester", name="Ken Sato")


@pytest.fixture
def technician(tenant) -> User:
    return PersonFactory(role="technician", name="Mia Ruiz")


@pytest.fixture
def colleague(tenant) -> User:
    """Return another technician."""
    return PersonFactory(role="technician", name="Lee Park")


@pytest.fixture
def lead(tenant) -> User:
    return PersonFactory(role="lead", name="Ada Osei")


@pytest.fixture
def imported(tenant, tmp_path) -> Callable[..., Imported]:
    """Return a way to import lines, or a file, into the tenant."""

    def run(lines: list[str] | Path, **options: int) -> Imported:
        path = lines if isinstance(lines, Path) else log_of(tmp_path, lines)
        return Imported(path, tenant, tmp_path / "report.csv", **options)

    return run
