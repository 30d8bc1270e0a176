"""The language of rules: what it says, what it refuses, and that SQL says the same."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings

from nova.accounts.models import GroupMembership, User
from tests.factories import (
    NOW,
    DepartmentFactory,
    GroupFactory,
    PersonFactory,
    SiteFactory,
)
from tests.vip import conditions as drawn
from vip.conditions import Facts, Malformed, check_condition, in_words, matches
from vip.gathering import gather
from vip.matching import people_matching
from vip.wording import fold

CHIEF = Facts(
    title="Vice-President, Broadcast",
    department="Executive Office",
    site="Hamburg",
    groups=("Board", "Everybody"),
    attributes={"isVIP": True, "costCenter": 4711, "tags": ["On Air", "Night"], "empty": ""},
)


def clause(attribute, operator, value=None):
    stated = {"attribute": attribute, "operator": operator}
    return stated if value is None else {**stated, "value": value}


def condition(*clauses, match="all"):
    return {"match": match, "clauses": list(clauses)}


@pytest.mark.parametrize(
    ("stated", "met"),
    [
        (("title", "is", "VICE PRESIDENT broadcast"), True),
        (("title", "is", "Vice"), False),
        (("title", "is_not", "Vice"), True),
        (("title", "starts_with", "vice-p"), True),
        (("title", "starts_with", "President"), False),
        (("title", "contains", "president"), True),
        (("title", "contains", "President, Broadcast"), True),
        (("title", "contains", "Broad"), False),
        (("department", "is_one_of", ["Sales", "executive office"]), True),
        (("site", "is", "Hamburg"), True),
        (("group", "is", "board"), True),
        (("group", "is_not", "Board"), False),
        (("group", "is_not", "Sales"), True),
        (("isvip", "is_true"), True),
        (("title", "is_true"), False),
        (("CostCenter", "is", "4711"), True),
        (("tags", "contains", "air"), True),
        (("tags", "exists"), True),
        (("empty", "exists"), False),
        (("unheard", "exists"), False),
        (("unheard", "is", "x"), False),
        (("unheard", "is_not", "x"), True),
    ],
    ids=str,
)
def test_a_clause_compares_words_whatever_their_spelling(stated, met):
    assert matches(condition(clause(*stated)), CHIEF) is met


@pytest.mark.parametrize(("match", "met"), [("all", False), ("any", True)])
def test_all_clauses_must_be_met_or_any(match, met):
    stated = condition(clause("site", "is", "Hamburg"), clause("site", "is", "Rome"), match=match)

    assert matches(stated, CHIEF) is met


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ("title is Chief", "condition"),
        ({"match": "all"}, "condition"),
        ({"match": "some", "clauses": [clause("title", "exists")]}, "match"),
        (condition(), "clauses"),
        (condition(clause("title", "matches", ".*")), "clauses.0.operator"),
        (condition(clause("title", "is")), "clauses.0"),
        (condition(clause("title", "exists", "x")), "clauses.0"),
        (condition(clause("title", "is", ["x"])), "clauses.0.value"),
        (condition(clause("title", "is", 3)), "clauses.0.value"),
        (condition(clause("title", "is_one_of", [])), "clauses.0.value"),
        (condition(clause("title", "is", "x" * 151)), "clauses.0.value"),
        (condition(clause("title", "exists"), clause("title", "is", "--")), "clauses.1.value"),
        (condition(clause(" ", "exists")), "clauses.0.attribute"),
        (condition(*[clause("title", "exists")] * 21), "clauses"),
        ({**condition(clause("title", "exists")), "sql": "1"}, "condition"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_condition_is_refused_and_said_where(stated, place):
    with pytest.raises(Malformed) as refused:
        check_condition(stated)

    assert place in refused.value.errors


def test_a_condition_is_said_as_a_person_would():
    stated = condition(
        clause("title", "contains", "Chief"), clause("site", "is_one_of", ["Rome", "Oslo"])
    )

    assert in_words(stated) == "title contains the words “Chief” and site is one of “Rome”, “Oslo”"


def test_a_long_text_of_an_evil_kind_is_compared_at_once():
    evil = Facts(title="a " * 20_000 + "!")

    assert not matches(condition(clause("title", "contains", "a a a a a b")), evil)


@given(drawn.texts)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def person_of(drawn_facts):
    """Store a person of whom this is known."""
    department, site = drawn_facts["department"], drawn_facts["site"]
    person = PersonFactory(
        title=drawn_facts["title"],
        department=DepartmentFactory(name=department) if department else None,
        site=SiteFactory(name=site) if site else None,
        attributes=drawn_facts["attributes"],
    )
    for name in drawn_facts["groups"]:
        GroupMembership.objects.create(
            tenant_id=person.tenant_id, group=GroupFactory(name=name), person=person
        )
    return person


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stated=drawn.conditions, known=drawn.people)
def test_sql_finds_whom_the_pure_condition_matches(tenant, stated, known):
    with transaction.atomic():
        person = person_of(known)
        facts = gather([person.pk], at=NOW).subjects[person.pk].facts
        found = people_matching(stated).filter(pk=person.pk).exists()
        transaction.set_rollback(True)
    event(f"met: {found}")

    assert found is matches(stated, facts)


def test_who_may_not_come_in_matches_nothing(tenant):
    here = PersonFactory(title="Chief")
    PersonFactory(title="Chief", is_active=False)
    PersonFactory(title="Chief", departed_at=NOW)
    PersonFactory(title="Chief", kind="service")
    chiefs = people_matching(condition(clause("title", "is", "chief")))

    assert list(chiefs) == [here]
    assert User.objects.count() > 1
