"""Steps fire once, reach who is there, and do what they say."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from nova.accounts.models import User
from nova.accounts.sealing import seal
from nova.errors import Refused
from nova.events.models import EventRecord
from nova.notifications.models import Delivery, SlackHook
from sla.models import EscalationStep
from sla.services import draft_policy, escalate_ticket, publish_policy
from tests.factories import NOW
from tests.sla.escalated import Desk, escalations, heard, stepped, tell
from tests.sla.living import clock, minutes, move, promise, sweep_at, target
from tickets import services as tickets
from tickets.models import Ticket
from vip.services import designate_vip

NIGHT = NOW + timedelta(hours=17)  # 03:00 of Wednesday
SWEEP = 12


@pytest.fixture
def desk(tenant):
    return Desk()


def chain():
    return [tell(50, "senior"), tell(90, "head"), tell(100, "operations", "lead")]


def test_each_step_reaches_its_level_when_its_share_is_used_up(desk):
    stepped(chain())
    ticket = desk.ticket()
    for at in (29, 31, 53, 55, 60, 61, 90):
        desk.live_until(minutes(at))

    assert escalations(ticket) == [(50, 1, ["Sam"]), (90, 2, ["Hed"]), (100, 3, ["Ops", "Lea"])]
    assert len(heard(desk.senior)) == len(heard(desk.head)) == len(heard(desk.operations)) == 1
    assert heard(desk.worker) == heard(desk.requester) == []


def test_a_sweep_that_slept_tells_only_the_highest_step(desk):
    stepped(chain())
    ticket = desk.ticket()
    desk.live_until(minutes(300))

    assert escalations(ticket) == [(100, 3, ["Ops", "Lea"])]


def test_a_version_without_steps_does_what_is_usual(desk):
    promise(60)
    ticket = desk.ticket()
    for at in (40, 46, 55, 61, 91, 121):
        desk.live_until(minutes(at))

    assert escalations(ticket) == [
        (75, 0, ["Wim"]),
        (90, 1, ["Sam"]),
        (100, 0, ["Wim", "Lea"]),
        (150, 2, ["Hed"]),
        (200, 3, ["Ops"]),
    ]


def test_steps_may_be_a_while_before_and_after_the_due_time(desk):
    before = tell(100, "senior", offset_seconds=-600)
    after = tell(100, "head", offset_seconds=600, is_working_time=False)
    stepped([before, after])
    ticket = desk.ticket()
    for at in (49, 51, 69, 71):
        desk.live_until(minutes(at))

    assert escalations(ticket) == [(100, 1, ["Sam"]), (100, 2, ["Hed"])]


def test_nothing_fires_while_the_clock_is_paused_or_once_it_has_stopped(desk):
    stepped(chain())
    ticket = desk.ticket()
    move(ticket, "awaiting_customer", desk.worker, minutes(10))
    desk.live_until(minutes(200))
    move(ticket, "resolved", desk.worker, minutes(210))
    desk.live_until(minutes(1000))

    assert escalations(ticket) == []


def test_a_retroactive_change_tells_only_the_highest_step_of_the_new_terms(desk):
    stepped(chain(), minutes=600, priority=[3], name="Slow")
    stepped(chain(), minutes=60, priority=[1], name="Quick")
    ticket = desk.ticket()
    tickets.edit_ticket(
        ticket.pk, {"impact": "high", "urgency": "high"}, actor=desk.worker, now=minutes(56)
    )
    desk.live_until(minutes(57))

    assert escalations(ticket) == [(90, 2, ["Hed"])]


def test_there_and_back_tells_no_step_twice(desk):
    stepped(chain(), minutes=60, priority=[3], name="Mine")
    stepped([tell(300, "head")], minutes=600, priority=[1], name="Other")
    ticket = desk.ticket()
    desk.live_until(minutes(31))
    for at, level in ((32, "high"), (33, "medium")):
        changes = {"impact": level, "urgency": level}
        tickets.edit_ticket(ticket.pk, changes, actor=desk.worker, now=minutes(at))
        desk.live_until(minutes(at + 0.5))

    assert escalations(ticket) == [(50, 1, ["Sam"])]


def test_a_new_cycle_climbs_the_chain_anew(desk):
    terms = {"reopen": "new_cycle"}
    policy = stepped(chain())
    targets = [target("resolution", 60, **terms)]
    acting = {"actor": desk.system, "now": NOW}
    draft_policy(policy.pk, {}, targets, **acting)
    publish_policy(policy.pk, **acting)
    ticket = desk.ticket()
    desk.live_until(minutes(31))
    move(ticket, "resolved", desk.worker, minutes(32))
    move(ticket, "reopened", desk.worker, minutes(40))
    desk.live_until(minutes(71))

    assert escalations(ticket) == [(50, 1, ["Sam"]), (50, 1, ["Sam"])]


def test_steps_are_frozen_with_their_version(desk):
    policy = stepped(chain())
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        EscalationStep.objects.filter(version=policy.current).update(percent=1)


def test_who_is_away_is_stood_in_for_and_the_event_says_so(desk):
    User.objects.filter(pk=desk.senior.pk).update(
        away_until=minutes(600), stands_in=desk.backup.pk
    )
    stepped([tell(50, "senior"), tell(90, "senior")])
    ticket = desk.ticket()
    desk.live_until(minutes(31))
    User.objects.filter(pk=desk.backup.pk).update(away_until=minutes(600))
    desk.live_until(minutes(55))

    assert escalations(ticket) == [(50, 1, ["Bea"]), (90, 2, ["Hed"])]
    payloads = EventRecord.objects.filter(name="sla.ClockEscalated").order_by("pk")
    first, second = payloads.values_list("payload", flat=True)
    assert first["told"][0]["instead_of"] == "Sam"
    assert second["passed"] == ["senior"]


class TestFailover:
    """When nobody is at it, the backup gets it, and then the lead."""

    steps = [
        tell(90, reassign_to="backup"),
        tell(100, "lead", reassign_to="lead"),
    ]

    def assignee(self, ticket):
        return Ticket.objects.select_related("assignee").get(pk=ticket.pk).assignee.name

    def test_to_the_backup_and_then_to_the_lead(self, desk):
        stepped(self.steps)
        ticket = desk.ticket()
        desk.live_until(minutes(55))
        assert self.assignee(ticket) == "Bea"
        assert Ticket.objects.get(pk=ticket.pk).backup_id == desk.worker.pk
        desk.live_until(minutes(61))
        assert self.assignee(ticket) == "Lea"

    def test_not_from_who_is_at_it(self, desk):
        stepped(self.steps)
        ticket = desk.ticket()
        tickets.add_comment(ticket.pk, "On it", actor=desk.worker, now=minutes(50))
        desk.live_until(minutes(55))
        assert self.assignee(ticket) == "Wim"

    def test_past_a_backup_who_is_away(self, desk):
        User.objects.filter(pk=desk.backup.pk).update(away_until=minutes(600))
        stepped(self.steps)
        ticket = desk.ticket()
        desk.live_until(minutes(55))
        assert self.assignee(ticket) == "Lea"

    def test_of_a_vip_by_the_seeded_catalogue(self, desk):
        designate_vip(
            {"person_id": desk.requester.pk}, "exec", reason="Board", actor=desk.lead, now=NOW
        )
        desk.live_until(NOW)
        ticket = desk.ticket()
        move(ticket, "acknowledged", desk.worker, minutes(1))
        for at in range(2, 63):
            desk.live_until(minutes(at))

        assert [percent for percent, _, _ in escalations(ticket)] == [50, 75, 85, 90, 95, 100]
        assert self.assignee(ticket) == "Lea"


def test_the_priority_is_raised_and_what_it_brings_is_told_once(desk):
    stepped([tell(50, raises_priority=True)])
    ticket = desk.ticket()
    desk.live_until(minutes(31))
    desk.live_until(minutes(32))

    assert Ticket.objects.get(pk=ticket.pk).priority == 2
    assert EventRecord.objects.filter(name="tickets.TicketEdited").count() == 1


def test_one_review_is_opened_for_the_lead_however_many_steps_ask_for_it(desk):
    stepped([tell(50, opens_review=True), tell(90, opens_review=True)])
    ticket = desk.ticket()
    desk.live_until(minutes(31))
    desk.live_until(minutes(55))

    review = Ticket.objects.get(kind="problem")
    assert review.title == f"Review: {ticket.reference} {ticket.title}"
    assert ticket.reference in review.description
    assert review.assignee_id == desk.lead.pk


def test_a_step_posts_to_a_chat_and_runs_a_workflow(desk, tenant):
    common = {"tenant": tenant, "sealed_url": seal("https://hooks.example/x")}
    chat = SlackHook.objects.create(name="#desk", **common)
    flow = SlackHook.objects.create(
        name="Flow", form="workflow", sealed_secret=seal("key"), **common
    )
    stepped([tell(50, "senior", posts_to=chat, calls=flow)])
    ticket = desk.ticket()
    desk.live_until(minutes(31))

    sent = Delivery.objects.exclude(hook=None).order_by("hook__name")
    assert list(sent.values_list("hook__name", "channel")) == [
        ("#desk", "slack"),
        ("Flow", "workflow"),
    ]
    body = sent.get(hook=flow).text
    assert ticket.reference in body
    assert "vip" not in body.lower()


class TestNight:
    """Nobody is woken for a P4, wherever they sleep."""

    def told(self, desk, zone, at, **stated):
        """Return when the senior's mail goes out, and that Nova told them at once."""
        User.objects.filter(pk=desk.senior.pk).update(zone=zone)
        stepped([tell(50, "senior")])
        desk.ticket(at=at - timedelta(minutes=31), **stated)
        desk.live_until(at)
        assert len(heard(desk.senior)) == 1
        mail = Delivery.objects.get(recipient=desk.senior, channel="email", kind="risk")
        return mail.next_attempt_at

    @pytest.mark.parametrize(
        ("zone", "night", "morning"),
        [("Asia/Tokyo", 18 - 24, 22 - 24), ("Europe/Berlin", 2, 6)],
    )
    def test_at_three_in_the_morning(self, desk, zone, night, morning):
        midnight = NOW.replace(hour=0) + timedelta(days=1)
        at = midnight + timedelta(hours=night)
        low = {"impact": "low", "urgency": "medium"}

        assert self.told(desk, zone, at, **low) == midnight + timedelta(hours=morning)

    def test_but_for_a_p1(self, desk):
        high = {"impact": "high", "urgency": "high"}

        assert self.told(desk, "UTC", NIGHT, **high) == NIGHT

    def test_that_it_is_a_vips_wakes_only_who_may_know(self, desk):
        stepped([tell(50, "senior", "lead")], vip_level=["exec"], order=0)
        acting = {"actor": desk.lead, "now": NOW}
        designate_vip({"person_id": desk.requester.pk}, "exec", reason="Board", **acting)
        desk.live_until(NOW)
        User.objects.filter(pk=desk.head.pk).update(is_active=False)
        desk.ticket(at=NIGHT - timedelta(minutes=58), impact="low", urgency="low")
        desk.live_until(NIGHT)
        mails = Delivery.objects.filter(channel="email", kind__in=["risk", "breach"])

        assert set(mails.values_list("recipient__name", "next_attempt_at")) == {("Lea", NIGHT)}


class TestByHand:
    """Escalating with a reason."""

    def escalate(self, desk, ticket, level=None, at=5):
        return escalate_ticket(
            ticket.pk, reason="Stuck", level=level, actor=desk.worker, now=minutes(at)
        )

    def test_goes_to_the_next_level_each_time_and_tells_who_stands_there(self, desk):
        ticket = desk.ticket()
        for _ in range(4):
            self.escalate(desk, ticket)
        desk.live_until(minutes(6))

        assert [(level, told) for _, level, told in escalations(ticket)] == [
            (1, ["Sam"]),
            (2, ["Hed"]),
            (3, ["Ops"]),
            (3, ["Ops"]),
        ]
        assert len(heard(desk.operations)) == 2

    def test_goes_to_the_level_asked_for(self, desk):
        assert self.escalate(desk, desk.ticket(), level=3).told[0]["name"] == "Ops"

    def test_is_refused_when_it_is_done(self, desk):
        ticket = desk.ticket()
        move(ticket, "resolved", desk.worker, minutes(3))

        with pytest.raises(Refused, match="done"):
            self.escalate(desk, ticket)

    def test_is_refused_where_nobody_is_there(self, desk):
        User.objects.exclude(pk=desk.worker.pk).update(is_active=False)

        with pytest.raises(Refused, match="Nobody"):
            self.escalate(desk, desk.ticket())


def test_who_becomes_a_vip_is_told_of_at_the_highest_step_that_is_for_them(desk):
    stepped([tell(50, "lead", vip_levels=["exec"]), tell(400, "head")], minutes=50)
    ticket = desk.ticket()
    desk.live_until(minutes(40))
    assert escalations(ticket) == []
    mark = tickets.VipMark(level="exec", source="manual", reasons=("Board",))
    tickets.set_vips({ticket.pk: mark}, actor=desk.lead, now=minutes(41))
    desk.live_until(minutes(42))

    assert clock(ticket).policy_name == "Steps in 50 minutes"
    assert escalations(ticket) == [(50, 0, ["Lea"])]


@pytest.mark.parametrize("count", [1, 8])
def test_the_sweep_asks_as_often_for_few_as_for_many(desk, count, django_assert_num_queries):
    stepped(chain())
    for _ in range(count):
        desk.ticket()
    desk.live_until(minutes(1))
    with django_assert_num_queries(SWEEP):
        sweep_at(desk.system, minutes(31))
