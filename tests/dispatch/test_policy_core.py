"""How work is given out, in Nova Core: versions to look at, and the next one, tried first."""

import pytest
from django.urls import reverse

from dispatch.models import AssignmentPolicy, SkillNeed
from dispatch.services import arrange_assignment, current_policy
from nova.accounts.choices import VipLevel
from nova.events.models import EventRecord
from tests.dispatch.making import EngineerFactory, ShiftFactory, SkillFactory
from tests.factories import NOW, PersonFactory, RoleFactory, ServiceFactory
from tests.forgery import without_tokens
from tests.tickets.making import opened_for
from tickets.models import Ticket

VERSIONS = reverse("admin:dispatch_assignmentpolicy_changelist")
WEIGHTS = {"skill": 20, "room": 60, "quality": 15, "known": 10, "language": 5}
WEIGHTS |= {"nearness": 5, "vip": 5}
FORM = {
    **{f"weight_{name}": weight for name, weight in WEIGHTS.items()},
    **{"is_automatic": "on", "longest_wait": 60, "routes_teams": "on", "route_from": 70},
    **{"is_balanced": "on", "balance_unanswered": 30, "balance_in_hands": 60},
    **{"balance_rest": 120, "balance_gap": 30, "balance_most": 20, "note": "Too slow"},
}


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", name="Ines Boss")


@pytest.fixture
def core(boss, as_person):
    return as_person(boss)


@pytest.fixture
def blind(tenant, as_person):
    """Return Core as somebody who arranges assignment and may not know of VIPs."""
    return as_person(holding("accounts.enter_core", "dispatch.manage_assignment"))


@pytest.fixture
def first(tenant):
    return current_policy(tenant.pk, NOW)


def holding(*permissions):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=list(permissions))
    person.grants.create(role=role, tenant_id=role.tenant_id)
    return person


def page_of(policy):
    return reverse("admin:dispatch_assignmentpolicy_change", args=[policy.pk])


def newest():
    return AssignmentPolicy.objects.latest("number")


def text_of(response):
    return " ".join(without_tokens(response).split())


def test_a_saved_form_is_the_next_version_and_the_one_before_stays(core, first, boss):
    answer = core.post(page_of(first), {**FORM, "balance_gap": 40, "is_automatic": ""})
    assert answer.status_code == 302
    fresh = newest()
    assert (fresh.number, fresh.author, fresh.note) == (2, boss, "Too slow")
    assert (fresh.balance_gap, fresh.is_automatic, fresh.weights) == (40, False, WEIGHTS)
    first.refresh_from_db()
    assert (first.balance_gap, first.is_automatic) == (30, True)
    facts = EventRecord.objects.exclude(name__startswith="events.")
    assert [fact.name for fact in facts] == ["dispatch.AssignmentArranged"]


def test_the_versions_say_who_when_and_what(core, first, boss):
    core.post(page_of(first), {**FORM, "weight_room": 70, "_confirmed": "1"})
    core.post(page_of(newest()), {**FORM, "weight_room": 70, "is_balanced": "", "note": "No more"})
    page = text_of(core.get(VERSIONS))
    for words in ("v3, in force", "Ines Boss", "Room: 60 → 70", "Too slow", "No more"):
        assert words in page
    assert "Take back and even out by itself: on → off" in page
    assert "AssignmentArranged" in text_of(
        core.get(reverse("admin:dispatch_assignmentpolicy_history", args=[newest().pk]))
    )


def test_there_is_a_first_version_to_begin_with(core):
    assert "v1, in force" in text_of(core.get(VERSIONS))


def test_a_former_version_is_to_look_at_alone(core, first, boss):
    arrange_assignment({"balance_gap": 40}, note="", actor=boss, now=NOW)
    page = text_of(core.get(page_of(first)))
    assert "skill 20, room 60" in page
    assert 'name="balance_gap"' not in page


def test_who_comes_too_late_is_told_and_keeps_what_they_typed(core, first, boss):
    arrange_assignment({"balance_gap": 40}, note="", actor=boss, now=NOW)
    page = text_of(core.post(page_of(first), {**FORM, "balance_most": 33}))
    assert "Somebody has put v2 in force since" in page
    assert 'value="33"' in page
    assert newest().number == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"weight_skill": 101}, "less than or equal to 100"),
        ({"weight_skill": -1}, "greater than or equal to 0"),
        ({"weight_skill": ""}, "This field is required."),
        ({f"weight_{name}": 0 for name in WEIGHTS}, "Something must have a weight."),
        ({"balance_rest": 0}, "greater than or equal to 1"),
        ({"longest_wait": 1441}, "less than or equal to 1440"),
        ({"route_from": 101}, "less than or equal to 100"),
        ({"balance_most": 501}, "less than or equal to 500"),
        ({"balance_most": 99, "note": ""}, "This field is required."),
        ({"balance_most": 99, "note": "\u200b"}, "Nothing of this can be seen."),
        ({}, "Nothing of it is otherwise than in force already."),
    ],
)
def test_what_makes_no_sense_is_an_error_at_its_field(core, first, wrong, error):
    answer = core.post(page_of(first), {**FORM, **wrong})
    assert answer.status_code == 200
    assert error in text_of(answer)
    assert newest() == first


def test_who_would_be_first_is_shown_before_and_nothing_is_given(core, first):
    able, _idle = (
        ShiftFactory(engineer=EngineerFactory(person__name=name)).engineer
        for name in ("Abe Able", "Ida Idle")
    )
    service, skill = ServiceFactory(), SkillFactory()
    of = {"tenant_id": first.tenant_id, "skill": skill}
    able.skills.create(**of, level=5)
    SkillNeed.objects.create(**of, service=service, level=1, is_mandatory=False)
    requester = PersonFactory(role="requester")
    for _ in range(3):
        held = opened_for(requester)
        Ticket.objects.filter(pk=held.pk).update(assignee=able.person)
    ticket = opened_for(requester, title="Router is down")
    Ticket.objects.filter(pk=ticket.pk).update(service=service)
    given = {**FORM, "weight_room": 100, "weight_skill": 0}
    shown = core.post(page_of(first), given)
    page = text_of(shown)
    assert newest() == first
    assert "Of the newest 4 open tickets, 1 would have another first choice." in page
    [row] = [each for each in shown.context["tried"] if each.ticket == ticket]
    assert (row.now, row.then) == ("Abe Able", "Ida Idle")

    back = core.post(page_of(first), {**dict(shown.context["posted"]), "_back": "1"})
    assert "It is not saved yet." in text_of(back)
    core.post(page_of(first), {**dict(shown.context["posted"]), "_confirmed": "1"})
    assert newest().weights == {**WEIGHTS, "room": 100, "skill": 0}
    assert not Ticket.objects.get(pk=ticket.pk).assignee


def test_a_desk_without_engineers_has_nothing_to_try_it_on(core, first):
    page = text_of(core.post(page_of(first), {**FORM, "weight_room": 99}))
    assert "There are no open tickets or no engineers to try it on." in page


def test_who_may_not_know_of_vips_is_told_nothing_of_them(blind, core, first):
    arranged = {**FORM, "weight_vip": 50, "only_preferred_for_vips": "on", "_confirmed": "1"}
    core.post(page_of(first), arranged)
    assert "Preferred for VIPs: 5 → 50" in text_of(core.get(VERSIONS))
    EngineerFactory()
    ticket = opened_for(PersonFactory(role="requester"))
    Ticket.objects.filter(pk=ticket.pk).update(vip_level=VipLevel.EXEC, vip_priority_score=300)
    pages = [VERSIONS, page_of(first), page_of(newest())]
    assert not [page for page in pages if "vip" in text_of(blind.get(page)).lower()]

    answer = blind.post(page_of(newest()), {**FORM, "weight_room": 70, "weight_vip": 1})
    assert answer.status_code == 302  # without a preview, which would tell
    assert newest().weights == {**WEIGHTS, "room": 70, "vip": 50}
    assert newest().only_preferred_for_vips


@pytest.mark.parametrize("held", [(), ("accounts.enter_core",)])
def test_the_pages_are_for_who_may_arrange_assignment(first, held, as_person):
    browser = as_person(holding(*held))
    for answer in (
        browser.get(VERSIONS),
        browser.get(page_of(first)),
        browser.post(page_of(first), {**FORM, "balance_gap": 1}),
    ):
        assert answer.status_code in ({302, 403} if not held else {403})
    assert newest() == first


def test_nothing_is_added_or_deleted(core, first):
    for page in ("add", f"{first.pk}/delete"):
        assert core.post(f"{VERSIONS}{page}/", {"post": "yes"}).status_code == 403


def test_another_tenants_policy_is_not_there(first, outsider, as_person):
    answer = as_person(outsider).get(page_of(first))
    assert answer.status_code in (302, 403)


@pytest.mark.parametrize("count", [3, 30])
def test_the_versions_cost_the_same_for_few_and_many(
    count, core, first, boss, django_assert_num_queries
):
    for number in range(count):
        arrange_assignment({"balance_gap": number}, note="", actor=boss, now=NOW)
    core.get(VERSIONS)
    with django_assert_num_queries(11):
        core.get(VERSIONS)


@pytest.mark.parametrize("count", [3, 30])
def test_a_preview_costs_the_same_for_few_and_many(
    count, core, first, django_assert_max_num_queries
):
    requester = PersonFactory(role="requester")
    for _ in range(count):
        ShiftFactory(engineer=EngineerFactory())
        opened_for(requester)
    with django_assert_max_num_queries(30):
        core.post(page_of(first), {**FORM, "weight_room": 99})
