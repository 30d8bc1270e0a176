"""A ticket that is opened while its requester becomes a VIP is marked all the same."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from nova.tenancy import fence
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing, wait_for_a_lock
from tests.tickets.making import opened_for
from tickets.models import Ticket
from vip.services import designate_vip, reassess


@pytest.fixture
def person(transactional_db):
    made = TenantFactory()
    with fence.inside(made.pk):
        return PersonFactory(role="requester")


def test_who_becomes_a_vip_while_a_ticket_is_opened_finds_it_marked(person):
    opened, may_commit = threading.Event(), threading.Event()

    def open_slowly():
        with fence.inside(person.tenant_id):
            opened_for(person)
            opened.set()
            may_commit.wait(20)

    def become():
        with fence.inside(person.tenant_id):
            reassess([person.pk], actor=person, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        opening = pool.submit(closing, open_slowly)
        assert opened.wait(20)
        with fence.inside(person.tenant_id):
            designate_vip({"person_id": person.pk}, "exec", reason="Board", actor=person, now=NOW)
        becoming = pool.submit(closing, become)
        wait_for_a_lock(becoming)
        may_commit.set()
        opening.result()
        becoming.result()

    with fence.inside(person.tenant_id):
        assert Ticket.objects.get(requester=person).vip_level == "exec"
