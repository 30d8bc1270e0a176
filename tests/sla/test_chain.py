"""Who is told: the chain, and who stands in where somebody is away."""

from datetime import timedelta

import pytest

from nova.accounts.chain import Organisation, Person, Place, Search, Unit
from sla.ladders import LADDERS
from tests.factories import NOW

LATER = NOW + timedelta(days=1)
ASSIGNEE, SENIOR, HEAD, UPPER, OPERATIONS, LEAD, MANAGER, DEPUTY = range(1, 9)
PLACE = Place(
    assignee=ASSIGNEE, lead=LEAD, senior=SENIOR, department=10, site=1, operations=OPERATIONS
)


def organisation(away=(), gone=(), stand_ins=None, knowing=(), **more):
    """Return eight people, of whom some are away or gone; the head's department is below."""
    people = {
        pk: Person(
            pk,
            f"P{pk}",
            away_until=LATER if pk in away else None,
            stands_in=(stand_ins or {}).get(pk),
            knows_vips=pk in knowing,
        )
        for pk in range(1, 9)
        if pk not in gone
    }
    units = {10: Unit(HEAD, 11), 11: Unit(UPPER)}
    return Organisation(people, units, managers=(MANAGER,), leads=(LEAD, DEPUTY), **more)


def found(whom, where=PLACE, only_knowing=False, **changes):
    """Return who is told and at which posts nobody was."""
    result = Search(organisation(**changes), where, NOW, only_knowing).find(LADDERS[whom])
    return [told.person.pk for told in result.told], [post.value for post in result.passed]


@pytest.mark.parametrize(
    ("whom", "changes", "told", "passed"),
    [
        ("assignee", {}, [ASSIGNEE], []),
        ("lead", {}, [LEAD], []),
        ("senior", {}, [SENIOR], []),
        ("head", {}, [HEAD], []),
        ("operations", {}, [OPERATIONS], []),
        ("senior", {"away": {SENIOR}}, [HEAD], ["senior"]),
        ("senior", {"gone": {SENIOR}}, [HEAD], ["senior"]),
        ("senior", {"away": {SENIOR}, "stand_ins": {SENIOR: DEPUTY}}, [DEPUTY], []),
        (
            "senior",
            {"away": {SENIOR, DEPUTY}, "stand_ins": {SENIOR: DEPUTY, DEPUTY: SENIOR}},
            [HEAD],
            ["senior"],
        ),
        ("head", {"away": {HEAD}}, [UPPER], []),
        ("head", {"away": {HEAD, UPPER}}, [OPERATIONS], ["head"]),
        ("operations", {"away": {OPERATIONS}}, [MANAGER], ["operations"]),
        (
            "operations",
            {"away": {OPERATIONS, MANAGER}},
            [LEAD, DEPUTY],
            ["operations", "managers"],
        ),
        ("assignee", {"away": {ASSIGNEE}}, [LEAD], ["assignee"]),
        ("assignee", {"away": {ASSIGNEE, LEAD}}, [DEPUTY], ["assignee", "lead"]),
        ("lead", {"away": set(range(1, 9))}, [], ["lead", "leads"]),
        ("senior", {"only_knowing": True, "knowing": {UPPER}}, [UPPER], ["senior"]),
        ("lead", {"only_knowing": True, "knowing": {DEPUTY}}, [DEPUTY], ["lead"]),
    ],
)
def test_the_first_who_is_there_on_the_way_up_is_told(whom, changes, told, passed):
    assert found(whom, **changes) == (told, passed)


def test_who_needs_the_ticket_never_hears_of_its_clocks():
    theirs = Place(senior=SENIOR, department=10, for_whom=frozenset({SENIOR}))

    assert found("senior", theirs) == ([HEAD], ["senior"])


def test_where_the_tickets_own_department_has_no_head_at_the_desk_the_leads_has():
    where = Place(department=99, lead_department=11)

    assert found("head", where) == ([UPPER], [])


def test_departments_that_go_round_in_a_circle_end():
    units = {10: Unit(None, 11), 11: Unit(None, 10)}
    search = Search(Organisation({}, units), PLACE, NOW)

    assert search.find(LADDERS["head"]).told == ()


def test_the_one_who_stands_in_is_named_with_whom_they_stand_in_for():
    people = organisation(away={SENIOR}, stand_ins={SENIOR: DEPUTY})
    [told] = Search(people, PLACE, NOW).find(LADDERS["senior"]).told

    assert (told.person.name, told.post, told.instead_of) == ("P8", "senior", "P2")


def test_managers_of_the_site_come_before_all_others():
    people = {pk: Person(pk, f"P{pk}", site=pk) for pk in (1, 2)}
    search = Search(Organisation(people, managers=(1, 2)), Place(site=2), NOW)

    assert [told.person.pk for told in search.find(LADDERS["operations"]).told] == [2]
