"""What happens at once: a ticket is opened while its requester becomes a VIP, and two decide."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from nova.errors import Refused
from nova.tenancy import fence
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing, wait_for_a_lock
from tests.tickets.making import opened_for
from tickets.models import Ticket
from vip.models import Recognition
from vip.services import accept_recognition, designate_vip, reassess, refuse_recognition


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


def test_of_two_who_decide_at_once_the_second_learns_that_it_is_decided(person):
    with fence.inside(person.tenant_id):
        vip = PersonFactory(name="Dana Fischer")
        designate_vip({"person_id": vip.pk}, "exec", reason="Board", actor=person, now=NOW)
        reassess([vip.pk], actor=person, now=NOW)
        ticket = opened_for(person)
        asked = Recognition.objects.create(
            **{"tenant_id": person.tenant_id, "ticket": ticket, "person": vip, "author": person},
            **{"level": "exec", "words": "for Dana Fischer", "confidence": "0.80"},
            **{"is_sure": False, "state": "proposed", "because": "A doubt", "created_at": NOW},
        )
    decided, may_commit = threading.Event(), threading.Event()

    def accept_slowly():
        with fence.inside(person.tenant_id):
            accept_recognition(asked.pk, actor=person, now=NOW)
            decided.set()
            may_commit.wait(20)

    def refuse():
        with fence.inside(person.tenant_id):
            refuse_recognition(asked.pk, actor=person, now=NOW)

    def accept():
        with fence.inside(person.tenant_id), pytest.raises(Refused, match="accepted already"):
            accept_recognition(asked.pk, actor=person, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(closing, accept_slowly)
        assert decided.wait(20)
        second = pool.submit(closing, accept)
        wait_for_a_lock(second)
        may_commit.set()
        first.result()
        second.result()
        pool.submit(closing, refuse).result()  # who comes later may still say that it is wrong

    with fence.inside(person.tenant_id):
        assert Ticket.objects.get(pk=ticket.pk).vip_level == ""
        assert Recognition.objects.get().state == "refused"
