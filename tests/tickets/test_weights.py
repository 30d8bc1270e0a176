"""What counts how much in the queue is the tenant's, and shown on the real one first."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from nova.accounts.system import system_of
from tests.factories import NOW, PersonFactory, RoleFactory
from tests.sla.living import minutes
from tests.tickets.making import opened_for
from tickets import rules, weighing
from tickets.choices import ScorePart
from tickets.models import DeskSettings, Ticket
from tickets.rules import Weights
from tickets.services import follow_weights, set_score_part, weights_of
from vip.services import designate_vip, reassess

POINTS = {"exec_points": 300, "gold_points": 200, "priority_points": 100, "risk_points": 50}


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", name="Boss")


def vip(level, boss):
    person = PersonFactory()
    designate_vip({"person_id": person.pk}, level, reason="Board", actor=boss, now=NOW)
    reassess([person.pk], actor=boss, now=NOW)
    return person


def lifted(ticket, kind, points, boss):
    set_score_part(ticket.pk, kind, points, "So", actor=boss, now=NOW)
    return ticket


def queue():
    order = Ticket.objects.unresolved().order_by("-vip_priority_score", "queue_at", "pk")
    return [(ticket.reference, ticket.vip_priority_score) for ticket in order]


def follow(tenant, **settings):
    DeskSettings.objects.update(**settings)
    return follow_weights(tenant.pk, actor=system_of(tenant.pk), now=minutes(9))


def test_tickets_follow_the_weights_and_say_what_counts(tenant, boss):
    opened_for(vip("gold", boss))
    late = lifted(opened_for(PersonFactory()), ScorePart.RISK, 50, boss)
    opened_for(PersonFactory())

    assert follow(tenant, gold_points=60, priority_points=60, risk_points=90) == 2
    assert queue() == [("T-1002", 90), ("T-1001", 60), ("T-1003", 0)]
    late.refresh_from_db()
    assert late.score_parts["risk"] == {"points": 90, "reason": "So"}
    assert follow(tenant) == 0


def test_who_was_lifted_for_fairness_stays_and_its_parts_tell_the_truth(tenant, boss):
    ticket = lifted(opened_for(vip("exec", boss)), ScorePart.FAIRNESS, 1, boss)
    follow(tenant, exec_points=250)
    ticket.refresh_from_db()

    assert ticket.vip_priority_score == rules.TOP_BAND
    assert {kind: part["points"] for kind, part in ticket.score_parts.items()} == {
        "vip": 250,
        "fairness": 750,
    }


def test_switching_a_module_off_puts_its_vip_tickets_back_in_line_and_on_again(tenant, boss):
    ticket = opened_for(vip("exec", boss))
    follow(tenant, vip_modules=["hr"])
    assert queue() == [("T-1001", 0)]
    ticket.refresh_from_db()
    assert (ticket.vip_level, ticket.vip_trigger_source) == ("exec", "manual")

    follow(tenant, vip_modules=["it"])
    ticket.refresh_from_db()
    assert (ticket.vip_priority_score, ticket.score_parts["vip"]["reason"]) == (
        300,
        ticket.vip_reasons[0],
    )


def test_a_round_takes_some_and_the_next_goes_on(tenant, boss):
    person = vip("gold", boss)
    for _ in range(5):
        opened_for(person)
    DeskSettings.objects.update(gold_points=150)
    acting = {"actor": boss, "now": NOW, "limit": 2}

    assert [follow_weights(tenant.pk, **acting) for _ in range(4)] == [2, 2, 1, 0]


def test_a_round_costs_as_much_for_many_as_for_few(tenant, boss):
    person = vip("gold", boss)
    counts = []
    for points, more in ((150, 2), (140, 20)):
        for _ in range(more):
            opened_for(person)
        DeskSettings.objects.update(gold_points=points)
        with CaptureQueriesContext(connection) as queries:
            follow_weights(tenant.pk, actor=boss, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_draft_is_shown_on_the_real_queue(tenant, boss):
    opened_for(vip("gold", boss))
    lifted(opened_for(PersonFactory()), ScorePart.RISK, 50, boss)
    opened_for(PersonFactory())
    draft = Weights(gold=10, priority=0, risk=20, modules=("it",))
    places = weighing.places_under(draft, 24, now=minutes(5), most=2)

    assert [(p.ticket.reference, p.now, p.then, p.score) for p in places] == [
        ("T-1002", 2, 1, 20),
        ("T-1001", 1, 2, 10),
    ]
    assert weighing.changed_by(draft, 24, now=minutes(5)) == 2
    assert queue() == [("T-1001", 200), ("T-1002", 50), ("T-1003", 0)]


def test_a_draft_tells_who_would_be_lifted_for_fairness_and_who_falls_behind(tenant, boss):
    opened_for(vip("exec", boss))
    opened_for(PersonFactory())
    draft = weights_of(tenant.pk)
    late = minutes(60 * 30)
    by_hours = {
        hours: [
            (p.ticket.reference, p.now, p.then, p.score)
            for p in weighing.places_under(draft, hours, now=late, most=1)
        ]
        for hours in (0, 27)
    }

    assert by_hours[0] == [("T-1001", 1, 1, 300)]
    # A VIP's ticket is due within minutes, so it has waited longest of all.
    assert by_hours[27][0] == ("T-1001", 1, 1, 1000)


levels = st.integers(0, 600)
parts = st.tuples(
    st.sampled_from(["", "exec", "gold", "priority"]),
    st.sampled_from(["it", "hr"]),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(levels, min_size=3, max_size=3), st.integers(1, 300), st.lists(parts, max_size=8))
def test_no_weights_let_a_vip_overtake_what_was_lifted_for_fairness(points, risk, tickets):
    exec_, gold, priority = sorted(points, reverse=True)
    weights = Weights(exec=exec_, gold=gold, priority=priority, risk=risk, modules=("it",))
    for level, module, is_risky, is_lifted in tickets:
        made = rules.with_part({}, ScorePart.VIP, weights.of_level(level, module), "Board")
        made = rules.with_part(made, ScorePart.RISK, risk if is_risky else 0, "Late")
        made = rules.with_part(made, ScorePart.FAIRNESS, int(is_lifted), "Waited")
        score = rules.score_of(made)
        assert score == rules.TOP_BAND if is_lifted else score < rules.TOP_BAND


@pytest.mark.parametrize(
    "wrong",
    [
        {"gold_points": 301},
        {"priority_points": 201},
        {"exec_points": 950},
        {"exec_points": 700, "risk_points": 300},
        {"risk_points": 0},
    ],
)
def test_weights_that_are_out_of_order_or_reach_the_top_are_refused(tenant, wrong):
    desk = DeskSettings.objects.get()
    for name, value in wrong.items():
        setattr(desk, name, value)
    with pytest.raises(ValidationError):
        desk.full_clean()


def posted(desk, **given):
    names = ("auto_close_days", "reopen_days", "fairness_limit_hours", "max_attachment_bytes")
    stands = {name: getattr(desk, name) for name in (*names, "max_attachments", *POINTS)}
    return {**stands, "vip_modules": desk.vip_modules, **given}


@pytest.fixture
def desk(tenant):
    return DeskSettings.objects.get()


@pytest.fixture
def page(desk):
    return reverse("admin:tickets_desksettings_change", args=[desk.pk])


def test_core_shows_the_queue_before_it_saves_and_posts_the_same_again(
    desk, page, boss, as_person
):
    opened_for(vip("gold", boss))
    core = as_person(boss)
    shown = core.post(page, posted(desk, gold_points=120))
    desk.refresh_from_db()
    assert desk.gold_points == 200
    assert b"T-1001" in shown.content
    assert "The score of 1 ticket would change; of the first 50, 0 would stand elsewhere." in (
        shown.content.decode()
    )

    back = core.post(page, {**dict(shown.context["posted"]), "_back": "1"})
    assert b"It is not saved yet." in back.content

    saved = core.post(page, {**posted(desk, gold_points=120), "_confirmed": "1"})
    desk.refresh_from_db()
    assert (saved.status_code, desk.gold_points) == (302, 120)


def test_what_leaves_the_order_alone_is_saved_at_once(desk, page, boss, as_person):
    answer = as_person(boss).post(page, posted(desk, reopen_days=9))
    assert answer.status_code == 302


def test_who_may_not_see_vips_is_shown_no_queue_and_weighs_no_vips(desk, page, boss, as_person):
    opened_for(vip("gold", boss))
    person = PersonFactory()
    held = ["accounts.enter_core", "tickets.manage_desk"]
    role = RoleFactory(name="Desk", permissions=held)
    person.grants.create(role=role, tenant_id=person.tenant_id)
    answer = as_person(person).post(page, posted(desk, gold_points=120, risk_points=60))
    desk.refresh_from_db()

    assert answer.status_code == 302
    assert (desk.gold_points, desk.risk_points) == (200, 60)
