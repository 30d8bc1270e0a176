"""Readers that are late do not bring back what is over."""

from nova.accounts.services import edit_person
from nova.accounts.system import system_of
from nova.events.consumers import consume
from nova.events.models import ParkedEvent
from tests.factories import NOW, PersonFactory
from tests.sla.living import minutes
from tests.tickets.making import opened_for
from vip.services import apply_due, designate_vip, revoke_vip


def designated(boss, person, **terms):
    target = {"person_id": person.pk}
    made = designate_vip(target, "exec", reason="Board", actor=boss, now=NOW, **terms)
    consume(boss.tenant_id, now=NOW)
    return made


def test_a_revoked_vip_is_none_however_late_an_edit_is_read(tenant, boss):
    vera = PersonFactory(name="Vera")
    made = designated(boss, vera)
    ticket = opened_for(vera, at=minutes(1))
    edit_person(vera.pk, {"title": "Adviser"}, actor=boss, now=minutes(2))
    revoke_vip(made.pk, reason="Left the board", actor=boss, now=minutes(3))
    consume(tenant.pk, now=minutes(4))

    vera.refresh_from_db()
    ticket.refresh_from_db()
    assert (vera.vip_level, ticket.vip_level) == ("", "")
    assert not ParkedEvent.objects.exists()


def test_an_ended_vip_is_none_however_late_an_edit_is_read(tenant, boss):
    vera, nova = PersonFactory(name="Vera"), system_of(tenant.pk)
    designated(boss, vera, ends_at=minutes(10))
    edit_person(vera.pk, {"title": "Adviser"}, actor=boss, now=minutes(9))
    apply_due(tenant.pk, actor=nova, now=minutes(11))
    consume(tenant.pk, now=minutes(12))

    vera.refresh_from_db()
    assert vera.vip_level == ""


def test_who_has_begun_to_be_a_vip_stays_one_however_late_an_edit_is_read(tenant, boss):
    vera, nova = PersonFactory(name="Vera"), system_of(tenant.pk)
    designated(boss, vera, starts_at=minutes(10))
    edit_person(vera.pk, {"title": "Adviser"}, actor=boss, now=minutes(9))
    apply_due(tenant.pk, actor=nova, now=minutes(11))
    consume(tenant.pk, now=minutes(12))

    vera.refresh_from_db()
    assert vera.vip_level == "exec"
