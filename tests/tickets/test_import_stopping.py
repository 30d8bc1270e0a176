"""An import that is stopped, or killed, goes on where it was: nothing lost, nothing double."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.factories import TenantFactory
from tests.tickets.servicenow import life, log_of
from tickets.models import Original, StageVisit, Ticket

INCIDENTS = 300
PATIENCE_SECONDS = 60.0


@pytest.fixture
def home(transactional_db):
    """Return an organisation that other processes see."""
    return TenantFactory(slug="stopping")


@pytest.fixture
def log(tmp_path) -> Path:
    return log_of(tmp_path, [line for n in range(INCIDENTS) for line in life(f"INC{n:07}")])


def begin(log: Path, tenant) -> subprocess.Popen:
    """Start the command as another process, and return it once it has imported something."""
    url = os.environ["DATABASE_URL"].rpartition("/")[0]
    words = ["manage.py", "import_servicenow", str(log), "--tenant", tenant.slug, "--batch", "1"]
    process = subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, *words, "--skip-checks"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}"},
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while count(tenant) == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    return process


def count(tenant) -> int:
    with fence.inside(tenant.pk):
        return Ticket.objects.count()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 130), (signal.SIGINT, 130), (signal.SIGKILL, -9)]
)
def test_a_stopped_import_goes_on_without_doubles_or_losses(home, log, number, code, tmp_path):
    process = begin(log, home)
    process.send_signal(number)
    process.wait(timeout=PATIENCE_SECONDS)
    stopped_at = count(home)

    call_command(
        "import_servicenow", str(log), tenant=home.slug, report=tmp_path / "report.csv", batch=50
    )

    assert process.returncode == code
    assert 0 < stopped_at < INCIDENTS
    with fence.inside(home.pk):
        tickets = Ticket.objects.order_by("number")
        assert tickets.values("external_ref").distinct().count() == tickets.count() == INCIDENTS
        assert [ticket.number for ticket in tickets] == list(range(1001, 1001 + INCIDENTS))
        assert Original.objects.count() == INCIDENTS
        assert StageVisit.objects.count() == 4 * INCIDENTS
        assert EventRecord.objects.filter(name="tickets.TicketMoved").count() == 3 * INCIDENTS
