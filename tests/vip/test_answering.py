"""An alert waits until a person is at it; while nobody is, the next in line hear of it."""

from datetime import timedelta

import pytest

from nova.accounts.system import system_of
from nova.errors import Refused
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.live.consumers import groups_of
from nova.notifications.models import Delivery
from nova.tenancy import fence
from sla.services import sweep
from tests.factories import (
    NOW,
    DepartmentFactory,
    PersonFactory,
    RoleFactory,
    TeamFactory,
    TenantFactory,
)
from tests.sla.living import minutes
from tests.tickets.making import opened_for
from tickets import services as tickets
from vip.choices import AlertStep
from vip.models import VipAlert, VipSettings
from vip.services import (
    acknowledge_alert,
    designate_vip,
    escalate_unanswered,
    open_alert,
    reassess,
    revoke_vip,
)

API = "/api/support/vip/alerts"
ESCALATED = "vip.VipAlertEscalated"


class Desk:
    """A desk with a lead, a head, an admin, and one technician who may not know of VIPs."""

    def __init__(self):
        self.boss = PersonFactory(role="admin", name="Boss")
        self.lead = PersonFactory(role="lead", name="Lead")
        self.head = PersonFactory(role="lead", name="Head")
        self.technician = PersonFactory(role="technician", name="Tess")
        self.vera = PersonFactory(name="Vera", department=DepartmentFactory(head=self.head))
        target = {"person_id": self.vera.pk}
        designate_vip(target, "gold", reason="Board", actor=self.boss, now=NOW)
        reassess([self.vera.pk], actor=self.boss, now=NOW)
        self.vera.refresh_from_db()
        self.team = TeamFactory(lead=self.lead)
        self.tenant_id = self.boss.tenant_id
        for person in (self.boss, self.lead):
            self.team.memberships.create(person=person, tenant_id=self.tenant_id)

    def opened(self, at=1, person=None):
        ticket = opened_for(person or self.vera, at=minutes(at), team_id=self.team.pk)
        self.consume(at)
        return ticket

    def consume(self, at):
        consume(self.tenant_id, now=minutes(at))

    def escalate(self, at):
        nova = system_of(self.tenant_id)
        done = escalate_unanswered(self.tenant_id, actor=nova, now=minutes(at))
        self.consume(at)
        return done


@pytest.fixture
def desk(tenant):
    return Desk()


def alert():
    return VipAlert.objects.get()


def escalated():
    """Return whom each step told, by their names."""
    told = EventRecord.objects.filter(name=ESCALATED).order_by("pk")
    seen = Delivery.objects.filter(channel="in_app").order_by("recipient__name")
    names = seen.values_list("recipient__name", flat=True)
    return [(record.payload["step"], list(names.filter(record=record))) for record in told]


class TestOpening:
    def test_a_new_vip_ticket_waits_for_somebody(self, desk):
        ticket = desk.opened()

        found = alert()
        assert (found.ticket, found.kind, found.level) == (ticket, "vip", "gold")
        assert found.escalate_at == minutes(4)

    def test_an_ordinary_one_does_not(self, desk):
        desk.opened(person=PersonFactory())

        assert not VipAlert.objects.exists()

    def test_a_warning_calls_again_and_what_comes_meanwhile_does_not(self, desk):
        ticket = desk.opened()
        acknowledge_alert(ticket.pk, actor=desk.lead, now=minutes(2))
        sweep(desk.tenant_id, actor=desk.boss, now=minutes(60 * 24 * 7))
        desk.consume(60 * 24 * 7)

        kinds = list(VipAlert.objects.order_by("pk").values_list("kind", flat=True))
        assert kinds[0] == "vip"
        assert len(kinds) == 2
        assert kinds[1] in ("risk", "breach")

    def test_who_becomes_a_vip_calls_and_who_is_none_any_more_lets_go(self, desk):
        ken = PersonFactory(name="Ken")
        desk.opened(person=ken)
        made = designate_vip(
            {"person_id": ken.pk}, "exec", reason="Board", actor=desk.boss, now=minutes(2)
        )
        desk.consume(2)
        assert alert().level == "exec"

        revoke_vip(made.pk, reason="Left", actor=desk.boss, now=minutes(3))
        desk.consume(3)
        assert alert().ended_at
        assert alert().acknowledged_by is None


class TestAcknowledging:
    def test_it_is_said_by_whom_and_every_page_lets_go_of_it(self, desk):
        ticket = desk.opened()
        told = Delivery.objects.filter(channel="in_app", kind="vip")
        assert told.filter(read_at=None).exists()
        acknowledge_alert(ticket.pk, actor=desk.boss, now=minutes(2))

        assert alert().acknowledged_by == desk.boss
        assert not told.filter(read_at=None).exists()
        record = EventRecord.objects.get(name="vip.VipAlertAcknowledged")
        assert (record.actor, record.payload["level"]) == (desk.boss, "gold")
        assert EventRecord.objects.filter(name="notifications.AlertsSettled").count() == 1

    def test_whoever_is_second_learns_who_was_first(self, desk):
        ticket = desk.opened()
        acknowledge_alert(ticket.pk, actor=desk.lead, now=minutes(2))
        with pytest.raises(Refused, match="Lead has acknowledged it already"):
            acknowledge_alert(ticket.pk, actor=desk.boss, now=minutes(2))

    def test_where_nothing_waits_that_is_said(self, desk):
        ticket = desk.opened(person=PersonFactory())
        with pytest.raises(Refused, match="Nothing waits"):
            acknowledge_alert(ticket.pk, actor=desk.boss, now=minutes(2))

    @pytest.mark.parametrize("act", ["moves", "takes", "replies"])
    def test_to_do_something_is_an_answer(self, desk, act):
        ticket, tess, now = desk.opened(), desk.technician, minutes(2)
        if act == "moves":
            tickets.move_ticket(ticket.pk, "acknowledged", actor=tess, now=now)
        elif act == "takes":
            tickets.assign_ticket(ticket.pk, {"assignee": tess}, actor=tess, now=now)
        else:
            tickets.add_comment(ticket.pk, "On it", actor=tess, now=now)
        desk.consume(2)

        assert alert().acknowledged_by == tess

    def test_what_the_vip_says_or_nova_does_is_none(self, desk):
        ticket = desk.opened()
        tickets.add_comment(ticket.pk, "Hello?", actor=desk.vera, now=minutes(2))
        nova = system_of(desk.tenant_id)
        tickets.assign_ticket(ticket.pk, {"assignee": desk.technician}, actor=nova, now=minutes(2))
        desk.consume(2)

        assert alert().ended_at is None


class TestEscalating:
    def test_the_next_in_line_are_told_each_once(self, desk):
        desk.opened()
        assert desk.escalate(3) == 0
        for at in (4, 4, 5, 7, 7, 10, 13, 60):
            desk.escalate(at)

        assert escalated() == [
            (AlertStep.LEAD, ["Lead"]),
            (AlertStep.HEAD, ["Head"]),
            (AlertStep.EVERYBODY, ["Boss", "Head", "Lead"]),
        ]
        assert alert().escalate_at is None

    def test_at_last_those_are_told_who_may_answer(self, desk):
        watcher = PersonFactory(name="Watcher", role="")
        role = RoleFactory(permissions=["tickets.view_ticket", "tickets.view_vip_flag"])
        watcher.grants.create(role=role, tenant_id=desk.tenant_id)
        desk.opened()
        for at in (4, 7, 10):
            desk.escalate(at)

        assert escalated()[-1] == (AlertStep.EVERYBODY, ["Boss", "Head", "Lead"])

    def test_they_are_told_by_all_ways(self, desk):
        desk.opened()
        desk.escalate(4)
        record = EventRecord.objects.get(name=ESCALATED)
        channels = set(Delivery.objects.filter(record=record).values_list("channel", flat=True))

        assert channels == {"in_app", "email"}
        assert Delivery.objects.filter(record=record).first().subject.startswith("Gold, not ack")

    def test_one_that_comes_late_goes_one_step_and_leaves_them_their_time(self, desk):
        desk.opened()
        desk.escalate(500)

        assert [step for step, _names in escalated()] == [AlertStep.LEAD]
        assert alert().escalate_at == minutes(503)

    def test_an_answer_ends_it(self, desk):
        ticket = desk.opened()
        desk.escalate(4)
        acknowledge_alert(ticket.pk, actor=desk.lead, now=minutes(5))
        desk.escalate(60)

        assert len(escalated()) == 1
        assert not Delivery.objects.filter(channel="in_app", kind="vip", read_at=None).exists()

    def test_whoever_answers_before_the_message_is_written_spares_it(self, desk):
        ticket = desk.opened()
        nova = system_of(desk.tenant_id)
        escalate_unanswered(desk.tenant_id, actor=nova, now=minutes(4))
        acknowledge_alert(ticket.pk, actor=desk.boss, now=minutes(4))
        desk.consume(4)

        assert escalated() == [(AlertStep.LEAD, [])]

    @pytest.mark.parametrize(("given", "due"), [(10, 11), (0, None)], ids=["ten", "never"])
    def test_how_long_it_waits_is_the_organisations_to_say(self, desk, given, due):
        VipSettings.objects.create(tenant_id=desk.tenant_id, acknowledge_minutes=given)
        desk.opened()

        assert alert().escalate_at == (due and minutes(due))

    def test_nobody_is_told_who_may_not_know_and_who_is_away_is_stood_in_for(self, desk):
        desk.team.lead = desk.technician  # may not see VIPs
        desk.team.save()
        desk.head.away_until, desk.head.stands_in = NOW + timedelta(days=1), desk.boss
        desk.head.save()
        desk.opened()
        for at in (4, 7, 10):
            desk.escalate(at)

        assert escalated() == [
            (AlertStep.LEAD, ["Boss", "Lead"]),
            (AlertStep.HEAD, ["Boss"]),
            (AlertStep.EVERYBODY, ["Boss", "Lead"]),
        ]

    def test_a_ticket_that_is_done_calls_nobody(self, desk):
        ticket = desk.opened()
        nova = system_of(desk.tenant_id)
        for to in ("acknowledged", "in_progress"):
            tickets.move_ticket(ticket.pk, to, actor=nova, now=minutes(2))
        tickets.move_ticket(ticket.pk, "resolved", actor=nova, now=minutes(2), resolution="Done")
        desk.consume(2)
        desk.escalate(60)

        assert escalated() == []
        assert alert().ended_at


class TestByApi:
    def test_what_waits_is_listed_and_acknowledged(self, desk, api_as):
        ticket = desk.opened()
        api = api_as(desk.lead)
        [row] = api.get(API).json()["results"]
        answer = api.post(f"{API}/{row['id']}/acknowledge")

        assert (row["ticket"], row["level"], row["step"]) == (ticket.reference, "gold", 0)
        assert answer.status_code == 200
        assert answer.json()["acknowledged_by"] == "Lead"
        assert api.get(API).json()["results"] == []
        again = api_as(desk.boss).post(f"{API}/{row['id']}/acknowledge")
        assert again.status_code == 409
        assert "Lead" in again.json()["detail"]

    @pytest.mark.parametrize("who", ["technician", "vera"])
    def test_to_who_may_not_know_there_is_nothing(self, desk, api_as, as_person, who):
        ticket = desk.opened()
        viewer = getattr(desk, who)
        api = api_as(viewer)

        assert api.get(API).status_code == 404
        assert api.post(f"{API}/{alert().pk}/acknowledge").status_code == 404
        assert api.delete(f"{API}/{alert().pk}/acknowledge").status_code == 404
        page = as_person(viewer).post(f"/vip/{ticket.reference}/acknowledge")
        assert page.status_code == 404
        assert alert().ended_at is None

    def test_a_page_answers_and_the_list_says_by_whom(self, desk, as_person):
        ticket = desk.opened()
        browser = as_person(desk.boss)
        place = f"/vip/{ticket.reference}/acknowledge"
        escalate_unanswered(desk.tenant_id, actor=system_of(desk.tenant_id), now=minutes(4))
        desk.consume(4)
        lead = as_person(desk.lead)
        assert place in lead.get("/notifications/").content.decode()
        assert place in browser.get(f"/vip/{ticket.reference}/panel").content.decode()

        answer = browser.post(place, headers={"HX-Request": "true"})
        assert answer.status_code == 204
        assert "Acknowledged by Boss" in lead.get("/notifications/").content.decode()
        panel = browser.get(f"/vip/{ticket.reference}/panel").content.decode()
        assert "Acknowledged by Boss" in panel
        assert place not in lead.get("/notifications/").content.decode()

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_list_costs_the_same_for_few_and_many(
        self, desk, api_as, count, django_assert_num_queries
    ):
        for _ in range(count):
            open_alert(opened_for(desk.vera, at=minutes(1)), "vip", now=minutes(1))
        api = api_as(desk.boss)
        api.get(API)
        with django_assert_num_queries(4):
            assert len(api.get(f"{API}?page_size=50").json()["results"]) == count


class TestRaces:
    @pytest.fixture
    def world(self, transactional_db):
        made = TenantFactory()
        with fence.inside(made.pk):
            desk = Desk()
            ticket = opened_for(desk.vera, at=minutes(1), team_id=desk.team.pk)
            open_alert(ticket, "vip", now=minutes(1))
        return desk, ticket

    def test_of_many_who_acknowledge_at_once_one_is_first(self, world, at_once):
        desk, ticket = world

        def answer(person):
            try:
                with fence.inside(desk.tenant_id):
                    acknowledge_alert(ticket.pk, actor=person, now=minutes(2))
            except Refused:
                return False
            return True

        assert sum(at_once(answer, [desk.boss, desk.lead, desk.head, desk.boss])) == 1
        with fence.inside(desk.tenant_id):
            assert EventRecord.objects.filter(name="vip.VipAlertAcknowledged").count() == 1

    def test_of_many_rounds_at_once_one_tells(self, world, at_once):
        desk, _ticket = world

        def go_on(_number):
            with fence.inside(desk.tenant_id):
                nova = system_of(desk.tenant_id)
                return escalate_unanswered(desk.tenant_id, actor=nova, now=minutes(4))

        at_once(go_on, range(4))
        with fence.inside(desk.tenant_id):
            assert EventRecord.objects.filter(name=ESCALATED).count() == 1

    def test_an_answer_and_a_round_at_once_leave_one_truth(self, world, at_once):
        desk, ticket = world

        def either(is_answer):
            with fence.inside(desk.tenant_id):
                if is_answer:
                    acknowledge_alert(ticket.pk, actor=desk.boss, now=minutes(4))
                else:
                    nova = system_of(desk.tenant_id)
                    escalate_unanswered(desk.tenant_id, actor=nova, now=minutes(4))

        at_once(either, [True, False])
        with fence.inside(desk.tenant_id):
            assert VipAlert.objects.get().acknowledged_by == desk.boss


def test_no_page_of_who_may_not_know_hears_of_an_answer_or_of_none(desk):
    ticket = desk.opened()
    desk.escalate(4)
    acknowledge_alert(ticket.pk, actor=desk.boss, now=minutes(5))
    told = EventRecord.objects.filter(name__startswith="vip.VipAlert")
    settled = EventRecord.objects.get(name="notifications.AlertsSettled")

    assert told.count() == 2
    assert groups_of(told) == {}
    assert set(settled.payload["people"]) == {desk.boss.pk, desk.lead.pk}
