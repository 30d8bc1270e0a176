"""Sweeps at once, a sweep that dies, and a technician who is quicker than both."""

import os
import signal
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection

from nova.events.models import EventRecord
from nova.tenancy import fence
from sla.ledger import Kind
from sla.models import Clock, LedgerEntry
from sla.services import sweep
from tests.factories import PersonFactory, TenantFactory
from tests.sla.living import minutes, move, promise
from tests.tickets.making import opened_for

TICKETS = 24
# A sweep that is killed when it has written clocks and ledger, and not yet committed.
DYING = """
import os, signal, sys, django
django.setup()
from nova.accounts.models import User
from nova.tenancy import fence
from sla.services import sweep, writing
from tests.sla.living import minutes
writing.publish_all = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
tenant_id, actor_id = map(int, sys.argv[1:])
with fence.inside(tenant_id):
    sweep(tenant_id, actor=User.objects.get(pk=actor_id), now=minutes(90))
"""

# One that is killed in its third batch, after two were committed.
DYING_LATER = """
import os, signal, sys, django
django.setup()
from nova.accounts.models import User
from nova.tenancy import fence
from sla.services import sweep, writing
from tests.sla.living import minutes
announce, told = writing.publish_all, []
def announce_twice(events, **kwargs):
    told.append(len(events))
    if len(told) > 2:
        os.kill(os.getpid(), signal.SIGKILL)
    announce(events, **kwargs)
writing.publish_all = announce_twice
tenant_id, actor_id = map(int, sys.argv[1:])
while True:
    with fence.inside(tenant_id):
        actor = User.objects.get(pk=actor_id)
        sweep(tenant_id, actor=actor, now=minutes(90), limit=5)
"""


@pytest.fixture
def technician(transactional_db):
    made = TenantFactory()
    with fence.inside(made.pk):
        promise(60)
        requester = PersonFactory(role="requester")
        for _ in range(TICKETS):
            opened_for(requester)
        return PersonFactory(role="technician")


def swept(technician, limit=5):
    """Sweep until nothing is left, as the task does, and return how many were acted on."""
    total = 0
    while True:
        with fence.inside(technician.tenant_id):
            done = sweep(technician.tenant_id, actor=technician, now=minutes(90), limit=limit)
        total += done
        if not done:
            return total


def said(technician):
    """Return by ticket what ledger, clock and announcements say of breaches."""
    with fence.inside(technician.tenant_id):
        ledger = LedgerEntry.objects.filter(kind=Kind.BREACHED).values_list("ticket_id", "at")
        clocks = Clock.objects.exclude(breached_at=None).values_list("ticket_id", "breached_at")
        events = EventRecord.objects.filter(name="sla.ClockBreached")
        told = events.values_list("subject_id", flat=True)
        return Counter(ledger), Counter(clocks), Counter(told)


def test_sweeps_at_once_note_and_tell_every_breach_once(technician, at_once):
    done = at_once(lambda _: swept(technician), range(4))

    ledger, clocks, told = said(technician)
    assert sum(done) == TICKETS
    assert ledger == clocks
    assert set(ledger.values()) == set(told.values()) == {1}
    assert len(told) == TICKETS
    assert {at for _, at in ledger} == {minutes(60)}


def test_sweeps_and_technicians_at_once_agree_on_every_breach(technician, at_once):
    with fence.inside(technician.tenant_id):
        tickets = list(Clock.objects.filter(metric="resolution").select_related("ticket"))

    def resolve(clocks):
        for clock in clocks:
            with fence.inside(technician.tenant_id):
                move(clock.ticket, "resolved", technician, minutes(95))

    work = [lambda: swept(technician), lambda: swept(technician)]
    work += [lambda: resolve(tickets[::2]), lambda: resolve(tickets[1::2])]
    at_once(lambda act: act(), work)
    swept(technician)

    ledger, clocks, told = said(technician)
    assert ledger == clocks
    assert set(ledger.values()) == set(told.values()) == {1}
    assert len(told) == TICKETS


def wait_for_its_locks(technician):
    """Wait until Postgres has noticed the death of whoever held these rows."""
    with fence.inside(technician.tenant_id):
        list(
            Clock.objects.select_related("ticket")
            .select_for_update(of=["self", "ticket"])
            .order_by("pk")
        )


def killed_while(script, technician) -> int:
    """Run a sweep in a process of its own that kills itself; return what it ended with."""
    url = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    words = [sys.executable, "-c", script, str(technician.tenant_id), str(technician.pk)]
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nova.settings"}
    ended = subprocess.run(words, env=env, cwd=django_settings.BASE_DIR, check=False)  # noqa: S603
    return ended.returncode


@pytest.mark.parametrize(
    ("script", "before_death"),
    [pytest.param(DYING, 0, id="in its first batch"), pytest.param(DYING_LATER, 10, id="later")],
)
def test_a_sweep_killed_midway_misses_nothing_and_tells_nothing_twice(
    technician, script, before_death
):
    code = killed_while(script, technician)
    after_death = said(technician)
    wait_for_its_locks(technician)
    total = swept(technician)

    assert code == -signal.SIGKILL
    assert [sum(found.values()) for found in after_death] == [before_death] * 3
    assert total == TICKETS - before_death
    ledger, clocks, told = said(technician)
    assert ledger == clocks
    assert {at for _, at in ledger} == {minutes(60)}
    assert len(told) == sum(told.values()) == TICKETS


def test_a_sweep_that_slept_an_hour_dates_breaches_as_one_that_did_not(technician):
    with fence.inside(technician.tenant_id):
        awake = opened_for(PersonFactory(role="requester"))
        own = Clock.objects.filter(ticket=awake)
        others = Clock.objects.exclude(ticket=awake).filter(next_action_at__lt=minutes(90))
        asleep = dict(others.values_list("pk", "next_action_at"))
        others.update(next_action_at=None)
        for second in range(30, 65):
            sweep(technician.tenant_id, actor=technician, now=minutes(second))
        for pk, at in asleep.items():
            Clock.objects.filter(pk=pk).update(next_action_at=at)
        sweep(technician.tenant_id, actor=technician, now=minutes(120))

        assert set(own.values_list("metric", "due_at", "breached_at")) == set(
            Clock.objects.values_list("metric", "due_at", "breached_at")
        )
        assert set(LedgerEntry.objects.filter(kind=Kind.BREACHED).values_list("at")) == {
            (minutes(60),)
        }
