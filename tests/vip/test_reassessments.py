"""Many people at once: in the background, in portions, once each, whoever dies meanwhile."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from nova.tenancy import fence
from sla.models import VipOverride
from tests.factories import NOW, DepartmentFactory, PersonFactory, TenantFactory
from tests.tickets.making import opened_for
from tickets.models import Ticket
from vip.models import Designation, Reassessment
from vip.services import (
    REASSESSING,
    apply_designation,
    bring_in_step,
    designate_vip,
    resume_reassessment,
    revoke_vip,
)
from vip.services.reassessing import reassess

HOUR = timedelta(hours=1)
OURS = {
    path: events
    for path, events in django_settings.EVENT_CONSUMERS.items()
    if path.startswith(("vip.consumers.", "vip.alerts."))
}
# A worker that is killed in its third portion, when it has written people and tickets.
DYING = """
import os, signal, sys, django
django.setup()
from tests.factories import NOW
from vip.services import REASSESSING, reassessments
whole, done = reassessments.reassess, []
def reassess(*args, **kwargs):
    done.append(whole(*args, **kwargs))
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return done[-1]
reassessments.reassess = reassess
while REASSESSING.advance(int(sys.argv[1]), now=NOW, size=7):
    pass
"""


def staffed(count, *, tickets=0, name="Newsroom"):
    """Return the department of so many people, of whom the last ones have a ticket each."""
    department = DepartmentFactory(name=name)
    tenant_id = department.tenant_id
    people = User.objects.bulk_create(
        User(
            tenant_id=tenant_id,
            email=f"{department.pk}-{n}@example.com",
            name=f"P {n}",
            department=department,
        )
        for n in range(count)
    )
    for person in people[count - tickets :]:
        opened_for(person)
    return department


def designate(department, boss, at=NOW):
    target = {"department_id": department.pk}
    return designate_vip(target, "gold", reason="Election", actor=boss, now=at)


def finish(tenant_id, size=500):
    portions = 0
    while REASSESSING.advance(tenant_id, now=NOW, size=size):
        portions += 1
    return portions


def levels(tenant_id):
    with fence.inside(tenant_id):
        return (
            User.objects.filter(vip_level="gold").count(),
            Ticket.objects.filter(vip_level="gold", vip_priority_score=200).count(),
        )


@pytest.fixture
def boss(transactional_db):
    made = TenantFactory()
    with fence.inside(made.pk):
        return PersonFactory(role="admin", name="Boss")


def begun(boss, count=150, tickets=24):
    """Return the designation of so many people, and the reassessment that sees to it."""
    with fence.inside(boss.tenant_id):
        made = designate(staffed(count, tickets=tickets), boss)
        apply_designation(made, actor=boss, now=NOW)
        return made, Reassessment.objects.get()


def test_many_people_are_done_in_portions_with_progress_first_those_with_tickets(boss):
    _made, row = begun(boss)
    before = levels(boss.tenant_id)
    REASSESSING.advance(boss.tenant_id, now=NOW, size=30)
    with fence.inside(boss.tenant_id):
        row.refresh_from_db()
        said = (row.done, row.total, row.percent, row.people_changed, row.tickets_changed)
    first = levels(boss.tenant_id)
    portions = finish(boss.tenant_id, 30)

    assert (before, first, said) == ((0, 0), (30, 24), (30, 150, 20, 30, 24))
    assert (portions, levels(boss.tenant_id)) == (4, (150, 24))
    with fence.inside(boss.tenant_id):
        row.refresh_from_db()
        assert (row.status, row.ended_at) == ("done", NOW)
        told = EventRecord.objects.get(name="vip.PeopleReassessed").payload
        assert (told["looked_at"], told["people"], told["tickets"]) == (150, 150, 24)


def test_the_desk_hears_of_many_once_and_of_none_alone(boss, settings):
    settings.EVENT_CONSUMERS = OURS
    with fence.inside(boss.tenant_id):
        designate(staffed(150, tickets=5), boss)
    consume(boss.tenant_id, now=NOW)
    finish(boss.tenant_id)
    consume(boss.tenant_id, now=NOW)

    assert levels(boss.tenant_id) == (150, 5)
    with fence.inside(boss.tenant_id):
        told = Delivery.objects.exclude(template="vip/mail/opened")
        assert [(d.template, d.text) for d in told] == [
            (
                "vip/mail/reassessed",
                "150 people bear another VIP level than before, and 5 of their open tickets with "
                "them.",
            )
        ]


def test_designated_and_revoked_meanwhile_ends_as_if_never(boss):
    made, _row = begun(boss)
    REASSESSING.advance(boss.tenant_id, now=NOW, size=40)
    with fence.inside(boss.tenant_id):
        revoked = revoke_vip(made.pk, reason="A mistake", actor=boss, now=NOW)
        apply_designation(revoked, actor=boss, now=NOW)
    finish(boss.tenant_id)

    assert levels(boss.tenant_id) == (0, 0)
    with fence.inside(boss.tenant_id):
        rows = Reassessment.objects.order_by("pk").values_list("status", "people_changed")
        assert list(rows) == [("done", 40), ("done", 40)]


def test_workers_at_once_do_everybody_once(boss, at_once):
    begun(boss)
    at_once(lambda _: finish(boss.tenant_id, 20), range(4))
    finish(boss.tenant_id)

    assert levels(boss.tenant_id) == (150, 24)
    with fence.inside(boss.tenant_id):
        assert EventRecord.objects.filter(name="vip.VipLevelChanged").count() == 150
        assert EventRecord.objects.filter(name="tickets.TicketMarked").count() == 24


def test_the_desk_opens_tickets_meanwhile_and_each_ends_marked(boss, at_once):
    begun(boss)
    with fence.inside(boss.tenant_id):
        people = list(User.objects.filter(department__name="Newsroom").order_by("pk")[:20])

    def work(some):
        for person in some:
            with fence.inside(boss.tenant_id):
                opened_for(person)

    acts = [
        lambda: finish(boss.tenant_id, 10),
        lambda: work(people[::2]),
        lambda: work(people[1::2]),
    ]
    at_once(lambda act: act(), acts)
    finish(boss.tenant_id)

    assert levels(boss.tenant_id) == (150, 44)


def test_one_that_is_killed_midway_goes_on_without_doubles(boss):
    _made, row = begun(boss)
    url = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    killed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", DYING, str(boss.tenant_id)],
        env={**os.environ, "DATABASE_URL": url},
        cwd=django_settings.BASE_DIR,
        check=False,
    )
    with fence.inside(boss.tenant_id):
        row.refresh_from_db()
        left = row.done, row.attempts, levels(boss.tenant_id)
        assert REASSESSING.has_stalled(now=NOW + timedelta(minutes=1))
        assert not REASSESSING.has_stalled(now=NOW)
    finish(boss.tenant_id, 7)

    assert killed.returncode == -signal.SIGKILL
    assert left == (14, 1, (14, 14))
    assert levels(boss.tenant_id) == (150, 24)
    with fence.inside(boss.tenant_id):
        assert EventRecord.objects.filter(name="vip.VipLevelChanged").count() == 150
        assert EventRecord.objects.filter(name="tickets.TicketMarked").count() == 24


def test_what_kills_its_worker_again_and_again_is_given_up_and_can_be_gone_on_with(boss):
    _made, row = begun(boss)
    with fence.inside(boss.tenant_id):
        Reassessment.objects.update(attempts=5)
    assert REASSESSING.advance(boss.tenant_id, now=NOW) is None
    with fence.inside(boss.tenant_id):
        row.refresh_from_db()
        assert row.status == "failed"
        resumed = resume_reassessment(row.pk, actor=boss, now=NOW)
        with pytest.raises(Refused):
            resume_reassessment(row.pk, actor=boss, now=NOW)
    finish(boss.tenant_id)

    assert resumed.is_at_work
    assert levels(boss.tenant_id) == (150, 24)


def test_a_portion_locks_no_more_tickets_than_so_many(tenant, monkeypatch):
    monkeypatch.setattr("vip.services.reassessments.MOST_TICKETS", 5)
    boss = PersonFactory(role="admin")
    department = staffed(120, tickets=12)
    made = designate(department, boss)
    apply_designation(made, actor=boss, now=NOW)
    sizes = []
    for _ in range(3):
        sizes.append(REASSESSING.advance(tenant.pk, now=NOW).done)

    assert sizes == [5, 10, 120]


def test_a_portion_costs_the_same_for_few_and_many(tenant):
    boss = PersonFactory(role="admin")
    counts = []
    for count in (1, 3, 30):  # the first fills what is kept for all
        department = staffed(count, name=f"Department of {count}", tickets=count)
        VipOverride.objects.create(
            tenant=tenant,
            department=department,
            vip_sla_override={"response": {"seconds": 60}},
            reason="x",
            starts_at=NOW - HOUR,
            author=boss,
        )
        designate(department, boss)
        ids = list(department.people.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            changed = reassess(ids, actor=boss, now=NOW, because="x", is_among_many=True)
        assert (changed.people, changed.tickets) == (count, count)
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_a_few_people_are_done_where_they_come_up(tenant):
    boss = PersonFactory(role="admin")
    designate(staffed(9), boss)
    people = User.objects.filter(department__name="Newsroom")

    assert bring_in_step(people, actor=boss, now=NOW) is None
    assert people.filter(vip_level="gold").count() == 9


def test_five_thousand_people_without_tickets_cost_seconds(tenant):
    boss = PersonFactory(role="admin")
    made = designate(staffed(5000), boss)
    began = time.monotonic()
    apply_designation(made, actor=boss, now=NOW)
    finish(tenant.pk)
    took = time.monotonic() - began

    assert User.objects.filter(vip_level="gold").count() == 5000
    assert Designation.objects.get().applied_at == NOW
    assert took < 20
