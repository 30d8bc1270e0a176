"""A recalculation among technicians and beside itself, and one whose worker dies."""

import os
import signal
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection

from nova.tenancy import fence
from sla.ledger import Kind
from sla.models import Clock, LedgerEntry, Recalculation
from sla.rules import standing
from sla.services import RECALCULATING, apply_recalculation, preview_recalculation
from tests.factories import PersonFactory, TenantFactory
from tests.sla.living import folded, minutes, move, promise
from tests.sla.test_recalculations import restate
from tests.tickets.making import opened_for
from tickets.models import Ticket

TICKETS = 24
# A worker that is killed in its third portion, when it has written clocks, ledger and lines.
DYING = """
import os, signal, sys, django
django.setup()
from sla.services import RECALCULATING, recalculation_runs
from tests.sla.living import minutes
whole, done = recalculation_runs.weigh, []
def weigh(*args, **kwargs):
    done.append(1)
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    whole(*args, **kwargs)
recalculation_runs.weigh = weigh
while RECALCULATING.advance(int(sys.argv[1]), now=minutes(10), size=7):
    pass
"""


@pytest.fixture
def admin(transactional_db):
    made = TenantFactory()
    with fence.inside(made.pk):
        policy = promise(240)
        for _ in range(TICKETS):
            opened_for(PersonFactory())
        admin = PersonFactory(role="admin")
        restate(policy, admin, 120)
        return admin


def finish(admin, size=7):
    while RECALCULATING.advance(admin.tenant_id, now=minutes(10), size=size):
        pass


def ready(admin):
    """Return a recalculation that is about to be applied."""
    with fence.inside(admin.tenant_id):
        begun = preview_recalculation("all", reason="x", actor=admin, now=minutes(10))
    finish(admin)
    with fence.inside(admin.tenant_id):
        return apply_recalculation(begun.pk, actor=admin, now=minutes(10))


def recalculated():
    rows = LedgerEntry.objects.filter(kind=Kind.RECALCULATED)
    return Counter(rows.values_list("ticket_id", "metric"))


def test_workers_at_once_preview_and_apply_each_clock_once(admin, at_once):
    with fence.inside(admin.tenant_id):
        begun = preview_recalculation("all", reason="x", actor=admin, now=minutes(10))
    at_once(lambda _: finish(admin), range(4))
    finish(admin)
    with fence.inside(admin.tenant_id):
        assert begun.lines.count() == 2 * TICKETS
        apply_recalculation(begun.pk, actor=admin, now=minutes(10))
    at_once(lambda _: finish(admin), range(4))
    finish(admin)

    with fence.inside(admin.tenant_id):
        assert set(recalculated().values()) == {1}
        assert len(recalculated()) == 2 * TICKETS


def test_tickets_move_on_while_it_is_applied(admin, at_once):
    ready(admin)
    with fence.inside(admin.tenant_id):
        tickets = list(Ticket.objects.order_by("pk"))

    def work(half):
        for ticket in half:
            for to in ("acknowledged", "awaiting_customer"):
                with fence.inside(admin.tenant_id):
                    move(ticket, to, admin, minutes(10))

    acts = [lambda: finish(admin), lambda: work(tickets[::2]), lambda: work(tickets[1::2])]
    at_once(lambda act: act(), acts)
    finish(admin)

    with fence.inside(admin.tenant_id):
        assert Recalculation.objects.get().status == "applied"
        for clock in Clock.objects.select_related("ticket"):
            [said] = folded(clock.ticket, clock.metric, minutes(20))
            assert standing(clock.cycle(), minutes(20)) == said
        due = Clock.objects.filter(metric="resolution").values_list("target_seconds", flat=True)
        assert set(due) == {7200}


def test_one_that_is_killed_midway_goes_on_without_doubles(admin):
    begun = ready(admin)
    url = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    killed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", DYING, str(admin.tenant_id)],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nova.settings"},
        cwd=django_settings.BASE_DIR,
        check=False,
    )
    with fence.inside(admin.tenant_id):
        begun = Recalculation.objects.select_for_update().get(pk=begun.pk)
        after_death, attempts = begun.applied, begun.attempts
        assert sum(recalculated().values()) == after_death
    finish(admin)

    assert killed.returncode == -signal.SIGKILL
    assert (after_death, attempts) == (14, 1)
    with fence.inside(admin.tenant_id):
        assert set(recalculated().values()) == {1}
        assert len(recalculated()) == 2 * TICKETS
        assert Recalculation.objects.get().status == "applied"
