"""A ticket that is opened while its requester becomes a VIP is marked all the same."""

import threading

import pytest
from django.db import connection

from nova.tenancy import fence
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.tickets.making import opened_for
from tickets.models import Ticket
from vip.services import designate_vip, reassess

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def person(transactional_db):
    made = TenantFactory()
    with fence.inside(made.pk):
        return PersonFactory(role="requester")


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


def test_who_becomes_a_vip_while_a_ticket_is_opened_finds_it_marked(person):
    opened, may_commit = threading.Event(), threading.Event()

    def open_slowly():
        with fence.inside(person.tenant_id):
            opened_for(person)
            opened.set()
            may_commit.wait(20)
        connection.close()

    def become():
        with fence.inside(person.tenant_id):
            reassess([person.pk], actor=person, now=NOW)
        connection.close()

    opening, becoming = threading.Thread(target=open_slowly), threading.Thread(target=become)
    opening.start()
    opened.wait(20)
    with fence.inside(person.tenant_id):
        designate_vip({"person_id": person.pk}, "exec", reason="Board", actor=person, now=NOW)
    becoming.start()
    while not somebody_waits() and becoming.is_alive():
        pass
    may_commit.set()
    opening.join()
    becoming.join()

    with fence.inside(person.tenant_id):
        assert Ticket.objects.get(requester=person).vip_level == "exec"
