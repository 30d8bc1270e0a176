"""Rules, groups, reviews and progress by API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.events.models import EventRecord
from tests.factories import NOW, GroupFactory, PersonFactory
from vip.models import Designation, Reassessment, VipRule
from vip.services import designate_vip, make_rule

RULES = "/api/support/vip/rules"
CHIEFS = {
    "match": "all",
    "clauses": [{"attribute": "title", "operator": "starts_with", "value": "Chief"}],
}
STATED = {"name": "Chiefs", "level": "gold", "condition": CHIEFS, "reason": "Board"}
AGES = timedelta(days=400)


@pytest.fixture
def program(boss, api_as):
    return api_as(boss)


def test_a_rule_is_tried_made_edited_and_retired(program, boss):
    vera = PersonFactory(name="Vera", title="Chief cook")
    tried = program.post(f"{RULES}/preview", {"level": "gold", "condition": CHIEFS}).json()
    assert not VipRule.objects.exists()
    made = program.post(RULES, STATED)
    rule = f"{RULES}/{made.json()['id']}"
    lookup = program.get(f"/api/support/vip/lookup?person={vera.email}").json()
    edited = program.patch(rule, {"level": "exec", "version": 1})
    stale = program.patch(rule, {"level": "gold", "version": 1})
    confirmed = program.post(f"{rule}/confirm").json()
    retired = program.post(f"{rule}/retire", {"reason": "Enough"}).json()

    assert tried == {
        "sentence": "It would make 1 person Gold.",
        "matched": 1,
        "already": 0,
        "gain": 1,
        "lose": 0,
        "people": [{"person": {"id": vera.pk, "name": "Vera"}, "before": "", "after": "gold"}],
    }
    assert (made.status_code, made.json()["in_words"]) == (201, "title starts with “Chief”")
    assert (lookup["level"], lookup["source"], lookup["grounds"][0]["rule"]) == (
        *("gold", "rule"),
        made.json()["id"],
    )
    assert (edited.status_code, edited.json()["version"], stale.status_code) == (200, 2, 412)
    assert confirmed["reviewed_at"]
    assert retired["is_active"] is False
    assert program.patch(rule, {"level": "gold"}).status_code == 409
    names = (
        EventRecord.objects.filter(subject="rule").order_by("pk").values_list("name", flat=True)
    )
    assert list(names) == [
        *("vip.VipRuleMade", "vip.VipRuleEdited", "vip.VipRuleConfirmed", "vip.VipRuleRetired")
    ]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"condition": {"match": "all", "clauses": []}}, "condition.clauses"),
        ({"level": "platinum"}, "level"),
        ({"name": ""}, "name"),
        ({"colour": "red"}, "colour"),
        (
            {"condition": {**CHIEFS, "clauses": [{"attribute": "title", "operator": "~"}]}},
            "condition.clauses.0.operator",
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_where(program, given, place):
    answer = program.post(RULES, {**STATED, **given})

    assert answer.status_code == 400
    assert place in answer.json()["errors"]


def test_a_name_that_is_taken_is_refused(program):
    program.post(RULES, STATED)

    assert program.post(RULES, STATED).status_code == 409


@pytest.mark.parametrize("role", ["lead", "technician"])
def test_rules_are_read_with_the_flag_and_written_with_their_own_right(boss, api_as, role):
    make_rule(**STATED, actor=boss, now=NOW)
    program = api_as(PersonFactory(role=role))
    rule = f"{RULES}/{VipRule.objects.get().pk}"
    sees = role == "lead"

    assert program.get(RULES).status_code == (200 if sees else 403)
    assert program.post(RULES, STATED).status_code == 403
    assert program.patch(rule, {"level": "exec"}).status_code == 403
    assert program.post(f"{RULES}/preview", STATED).status_code == 403
    assert program.post(f"{rule}/confirm").status_code == (200 if sees else 403)


def test_a_group_is_designated_by_name_and_confirmed(program, boss):
    group = GroupFactory(name="Board")
    made = program.post(
        "/api/support/vip/designations", {"group": "Board", "level": "exec", "reason": "Board"}
    )
    one = f"/api/support/vip/designations/{made.json()['id']}"

    assert made.json()["group"] == {"id": group.pk, "name": "Board"}
    assert program.post(f"{one}/confirm").json()["reviewed_at"]
    program.post(f"{one}/revoke", {"reason": "x"})
    assert program.post(f"{one}/confirm").status_code == 409


def test_what_nobody_confirmed_for_a_year_is_listed(program, boss):
    old = designate_vip({"person_id": boss.pk}, "gold", reason="x", actor=boss, now=NOW)
    Designation.objects.update(created_at=NOW - AGES, starts_at=NOW - AGES)
    designate_vip({"person_id": boss.pk}, "exec", reason="x", actor=boss, now=NOW)
    rule = make_rule(**STATED, actor=boss, now=NOW - AGES)
    due = program.get("/api/support/vip/designations?unreviewed=true").json()["results"]
    rules = program.get(f"{RULES}?unreviewed=true").json()["results"]

    assert [d["id"] for d in due][-1:] == [old.pk]
    assert [r["id"] for r in rules] == [rule.pk]
    assert program.get(f"{RULES}?unreviewed=perhaps").status_code == 400


def test_progress_is_told_and_costs_the_same_for_few_and_many(program, boss):
    counts = []
    for count in (3, 27):
        Reassessment.objects.bulk_create(
            Reassessment(
                tenant=boss.tenant,
                person_ids=[boss.pk],
                total=4,
                done=1,
                because="x",
                author=boss,
                created_at=NOW,
                moved_at=NOW,
            )
            for _ in range(count)
        )
        with CaptureQueriesContext(connection) as queries:
            rows = program.get("/api/support/vip/reassessments").json()["results"]
        counts.append(len(queries))
    one = program.get(f"/api/support/vip/reassessments/{rows[0]['id']}").json()

    assert one["progress"] == {"done": 1, "total": 4, "percent": 25}
    assert (len(rows), counts[0]) == (30, counts[1])
    assert program.post(f"/api/support/vip/reassessments/{one['id']}/resume").status_code == 409


@pytest.mark.parametrize("count", [3, 30])
def test_rules_cost_the_same_for_few_and_many(program, boss, count, django_assert_max_num_queries):
    for number in range(count):
        make_rule(**{**STATED, "name": f"Rule {number}"}, actor=boss, now=NOW)
    with django_assert_max_num_queries(12):
        assert len(program.get(RULES).json()["results"]) == count
