"""Rules in life: whom they make VIPs, what ends with its cause, and what open tickets tell."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts import services as accounts
from nova.errors import Refused, Stale
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from sla.models import LedgerEntry
from tests.factories import NOW, DepartmentFactory, GroupFactory, PersonFactory
from tests.tickets.making import opened_for
from vip.conditions import Malformed
from vip.explaining import why_vip
from vip.models import Designation, VipRule, VipSettings
from vip.previewing import preview_rule
from vip.services import confirm_rule, designate_vip, edit_rule, make_rule, retire_rule

HOUR = timedelta(hours=1)
OURS = {
    path: events
    for path, events in settings.EVENT_CONSUMERS.items()
    if path.startswith(("vip.consumers.", "vip.alerts."))
}


def clause(attribute, operator, *value):
    return dict(
        zip(("attribute", "operator", "value"), (attribute, operator, *value), strict=False)
    )


def condition(*clauses, match="all"):
    return {"match": match, "clauses": list(clauses)}


CHIEFS = condition(clause("title", "starts_with", "Chief"))


@pytest.fixture
def settle(tenant, settings):
    settings.EVENT_CONSUMERS = OURS
    return lambda: consume(tenant.pk, now=NOW)


def ruled(boss, stated=CHIEFS, level="gold", name="Chiefs"):
    return make_rule(name, level, stated, reason="Board", actor=boss, now=NOW)


def borne(ticket):
    ticket.refresh_from_db()
    return ticket.vip_level, ticket.vip_trigger_source, ticket.vip_priority_score


def level(person):
    person.refresh_from_db()
    return person.vip_level


def told(name):
    return [r.payload for r in EventRecord.objects.filter(name=name).order_by("pk")]


def test_a_rule_makes_vips_with_their_open_tickets_and_new_ones(settle, boss):
    vera, other = PersonFactory(title="Chief cook"), PersonFactory(title="Cook")
    ticket, others = opened_for(vera), opened_for(other)
    ruled(boss)
    settle()

    assert borne(ticket) == borne(opened_for(vera)) == ("gold", "rule", 200)
    assert borne(others) == ("", "", 0)
    assert ticket.vip_reasons == ["Gold: Chiefs (title starts with “Chief”)"]
    assert level(vera) == "gold"


def test_what_a_rule_gave_ends_with_its_cause_and_what_a_person_gave_stays(settle, boss):
    vera, hans = PersonFactory(title="Chief cook"), PersonFactory(title="Chief baker")
    ticket = opened_for(vera)
    designate_vip({"person_id": hans.pk}, "priority", reason="x", actor=boss, now=NOW)
    rule = ruled(boss)
    settle()
    accounts.edit_person(vera.pk, {"title": "Cook"}, actor=boss, now=NOW + HOUR)
    settle()
    after_title = level(vera), borne(ticket)[0], level(hans)
    retire_rule(rule.pk, reason="Too many", actor=boss, now=NOW + 2 * HOUR)
    settle()

    assert after_title == ("", "", "gold")
    assert level(hans) == "priority"
    marked = told("tickets.TicketMarked")[-1]
    assert (marked["before"], marked["after"], marked["because"]) == ("gold", "", "Changed: title")
    assert told("vip.VipLevelChanged")[-1]["because"] == "The rule Chiefs was retired: Too many"


def test_an_edited_rule_reaches_who_comes_in_and_who_falls_out(settle, boss):
    cook, baker = PersonFactory(title="Chief cook"), PersonFactory(title="Baker")
    rule = ruled(boss)
    settle()
    bakers = condition(clause("title", "is", "Baker"))
    edited = edit_rule(rule.pk, {"condition": bakers}, actor=boss, now=NOW + HOUR, version=1)
    settle()

    assert (level(cook), level(baker), edited.version) == ("", "gold", 2)
    assert told("vip.VipRuleEdited")[0]["changes"]["condition"] == [CHIEFS, bakers]
    with pytest.raises(Stale):
        edit_rule(rule.pk, {"level": "exec"}, actor=boss, now=NOW, version=1)


def test_what_cannot_be_a_rule_is_refused(boss):
    ruled(boss)
    for refusal, given in (
        (Refused, {"name": "Chiefs"}),
        (Refused, {"name": " "}),
        (Refused, {"reason": ""}),
        (Malformed, {"condition": {"match": "all", "clauses": []}}),
    ):
        stated = {"name": "New", "level": "gold", "condition": CHIEFS, "reason": "x", **given}
        with pytest.raises(refusal):
            make_rule(**stated, actor=boss, now=NOW)
    rule = VipRule.objects.get()
    retire_rule(rule.pk, reason="x", actor=boss, now=NOW)
    for verb in (
        lambda: retire_rule(rule.pk, reason="x", actor=boss, now=NOW),
        lambda: confirm_rule(rule.pk, actor=boss, now=NOW),
        lambda: edit_rule(rule.pk, {"level": "exec"}, actor=boss, now=NOW),
    ):
        with pytest.raises(Refused):
            verb()


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"isVIP": True}, ("priority", "scim")),
        ({"isVIP": True, "vip_level": "exec"}, ("exec", "scim")),
        ({"isVIP": False, "vip_level": "exec"}, ("", "")),
    ],
    ids=str,
)
def test_what_the_identity_provider_says_is_a_ground_by_itself(settle, boss, attributes, found):
    vera = PersonFactory(name="Vera")
    ticket = opened_for(vera)
    accounts.reprovision_person(vera.pk, {"attributes": attributes}, actor=boss, now=NOW + HOUR)
    settle()

    assert borne(ticket)[:2] == found
    accounts.reprovision_person(vera.pk, {"attributes": {}}, actor=boss, now=NOW + 2 * HOUR)
    settle()
    assert borne(ticket)[0] == ""


def test_the_level_without_a_level_is_the_tenants(tenant, settle, boss):
    vera = PersonFactory(attributes={"isVIP": True})
    VipSettings.objects.create(tenant=tenant, default_level="exec")

    assert opened_for(vera).vip_level == "exec"


def test_whoever_comes_into_a_designated_group_is_one_and_leaves_it_behind(settle, boss):
    vera, group = PersonFactory(name="Vera"), GroupFactory(name="Board")
    ticket = opened_for(vera)
    designate_vip({"group_id": group.pk}, "exec", reason="Board", actor=boss, now=NOW)
    acting = {"actor": boss, "now": NOW + HOUR}
    accounts.change_members(group.pk, add=[vera.pk], **acting)
    settle()
    inside = borne(ticket)
    said = why_vip(vera, boss, at=NOW + HOUR)
    accounts.change_members(group.pk, remove=[vera.pk], **acting)
    settle()

    assert inside == ("exec", "manual", 300)
    assert said == (
        "Vera is a VIP (Exec, as one of Board) by the word of Boss, since 3 Mar 2026: Board."
    )
    assert borne(ticket)[0] == level(vera) == ""


def test_a_designated_group_may_be_deleted_and_the_designation_ends_with_it(settle, boss):
    vera, group = PersonFactory(), GroupFactory(name="Board")
    accounts.change_members(group.pk, add=[vera.pk], actor=boss, now=NOW)
    designate_vip({"group_id": group.pk}, "exec", reason="Board", actor=boss, now=NOW)
    settle()
    before = level(vera)
    accounts.delete_group(group.pk, actor=boss, now=NOW + HOUR)
    settle()

    assert (before, level(vera)) == ("exec", "")
    ended = Designation.objects.get()
    assert (ended.target, ended.state(NOW + HOUR), ended.revoked_at) == (
        *("Board", "revoked"),
        NOW + HOUR,
    )


@pytest.mark.parametrize("way", ["deactivate_person", "depart_person"])
def test_who_leaves_is_a_vip_no_more(settle, boss, way):
    vera = PersonFactory(title="Chief cook")
    ticket = opened_for(vera)
    designate_vip({"person_id": vera.pk}, "exec", reason="Board", actor=boss, now=NOW)
    settle()
    before = borne(ticket)[0]
    getattr(accounts, way)(vera.pk, actor=boss, now=NOW + HOUR)
    settle()
    left = level(vera), borne(ticket)[0]
    if way == "deactivate_person":
        accounts.reactivate_person(vera.pk, actor=boss, now=NOW + 2 * HOUR)
        settle()
        assert level(vera) == "exec"

    assert (before, left) == ("exec", ("", ""))


def test_rules_follow_a_department_by_its_name(settle, boss):
    board = DepartmentFactory(name="Board")
    vera = PersonFactory(department=board)
    ruled(boss, condition(clause("department", "is", "board")))
    settle()

    assert level(vera) == "gold"


def test_a_ticket_that_becomes_a_vips_switches_its_policy_and_tells_the_desk(settle, boss):
    technician = PersonFactory(role="lead")
    ticket = opened_for(PersonFactory(title="Chief cook"))
    settle()
    Delivery.objects.all().delete()
    rule = ruled(boss)
    settle()
    heard = Delivery.objects.filter(recipient=technician, template="vip/mail/marked")
    gained = {d.channel: d.text for d in heard.order_by("pk")}
    retire_rule(rule.pk, reason="Too many", actor=boss, now=NOW + HOUR)
    settle()
    lost = [d.text for d in heard.filter(text__startswith="No longer").order_by("pk")]

    assert gained.keys() == {"in_app", "email"}
    assert gained["in_app"].startswith("A VIP now (Gold, rule): Chiefs (title starts with")
    assert lost == ["No longer a VIP (was Gold): The rule Chiefs was retired: Too many."]
    switched = LedgerEntry.objects.filter(ticket=ticket, kind="policy_switched").order_by("pk")
    assert switched.first().reason == "Gold: Chiefs (title starts with “Chief”)"


def test_a_preview_says_who_would_gain_and_who_would_lose(settle, boss):
    people = [PersonFactory(title="Chief cook", name=f"Cook {n}") for n in range(3)]
    designate_vip({"person_id": people[0].pk}, "exec", reason="x", actor=boss, now=NOW)
    PersonFactory(title="Baker", name="Baker")
    rule = ruled(boss)
    fresh = preview_rule("gold", CHIEFS, at=NOW, former=rule)
    bakers = condition(clause("title", "is", "Baker"))
    other = preview_rule("gold", bakers, at=NOW, former=rule)

    assert fresh.sentence() == "It would make 3 people Gold, 3 of them already are, or are more."
    assert other.sentence() == ("It would make 1 person Gold; 2 would lose what they have by it.")
    assert [(m.name, m.before, m.after) for m in other.changed] == [
        ("Baker", "", "gold"),
        ("Cook 1", "gold", ""),
        ("Cook 2", "gold", ""),
    ]
    assert VipRule.objects.get().condition == CHIEFS


def test_opening_a_ticket_costs_the_same_whatever_makes_a_vip(settle, boss):
    plain = PersonFactory()
    vera = PersonFactory(
        title="Chief cook", attributes={"isVIP": True}, department=DepartmentFactory()
    )
    group = GroupFactory()
    accounts.change_members(group.pk, add=[vera.pk], actor=boss, now=NOW)
    ruled(boss)
    for target in ({"group_id": group.pk}, {"department_id": vera.department_id}):
        designate_vip(target, "exec", reason="x", actor=boss, now=NOW)
    counts = []
    for person in (plain, vera, plain, vera):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            opened_for(person)
        asked = [q["sql"] for q in queries if "vip_" in q["sql"] and "SELECT" in q["sql"]]
        counts.append(sum("vip_designation" in sql for sql in asked))

    assert counts == [1, 1, 1, 1]
