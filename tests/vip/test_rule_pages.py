"""Rules in Nova Core: filled in as a form, shown before they are saved, confirmed, retired."""

from datetime import timedelta

import pytest
from django.urls import reverse

from nova.accounts.models import User
from tests.factories import NOW, GroupFactory, PersonFactory, RoleFactory
from vip.models import Designation, Reassessment, VipRule, VipSettings
from vip.services import designate_vip, make_rule

ADD = "admin:vip_viprule_add"
CHIEFS = {
    "match": "all",
    "clauses": [{"attribute": "title", "operator": "starts_with", "value": "Chief"}],
}


@pytest.fixture
def core(boss, as_person):
    return as_person(boss)


def filled(*clauses, **given):
    """Return what a browser posts."""
    form = {"name": "Chiefs", "level": "gold", "reason": "Board", "match": "all"}
    form |= {"clauses-TOTAL_FORMS": len(clauses), "clauses-INITIAL_FORMS": 0}
    for number, (attribute, operator, value) in enumerate(clauses):
        row = {"attribute": attribute, "operator": operator, "value": value}
        form |= {f"clauses-{number}-{name}": said for name, said in row.items()}
    return {**form, **given}


CHIEF = ("title", "starts_with", "Chief")


def test_a_rule_is_shown_before_it_is_saved(core):
    PersonFactory(name="Vera", title="Chief cook")
    form = filled(CHIEF, ("", "is", ""))
    shown = core.post(reverse(ADD), form)

    assert not VipRule.objects.exists()
    assert b"It would make 1 person Gold." in shown.content
    assert b"Vera" in shown.content
    posted = dict(shown.context["posted"])
    saved = core.post(reverse(ADD), {**posted, "_confirmed": "1"})
    assert saved.status_code == 302
    assert VipRule.objects.get().condition == CHIEFS


def test_one_may_go_back_from_the_preview_with_all_that_was_filled_in(core):
    answer = core.post(reverse(ADD), {**filled(CHIEF), "_back": "1"})

    assert not VipRule.objects.exists()
    assert b'value="Chiefs"' in answer.content


def test_an_edited_rule_is_shown_with_who_would_lose(core, boss):
    PersonFactory(name="Vera", title="Chief cook")
    rule = make_rule("Chiefs", "gold", CHIEFS, reason="x", actor=boss, now=NOW)
    page = reverse("admin:vip_viprule_change", args=[rule.pk])
    form = filled(("title", "is_one_of", "Baker; Butcher"), ("isVIP", "is_true", ""), match="any")
    assert b'value="Chief"' in core.get(page).content
    shown = core.post(page, form)
    core.post(page, {**dict(shown.context["posted"]), "_confirmed": "1"})
    rule.refresh_from_db()

    assert b"1 would lose what they have by it" in shown.content
    assert rule.condition == {
        "match": "any",
        "clauses": [
            {"attribute": "title", "operator": "is_one_of", "value": ["Baker", "Butcher"]},
            {"attribute": "isVIP", "operator": "is_true"},
        ],
    }


@pytest.mark.parametrize(
    "form",
    [
        filled(),
        filled(("title", "is", "")),
        filled(("title", "exists", "x")),
        filled(("title", "is", "--")),
        filled(("title", "matches", "x")),
        filled(CHIEF, name=" "),
        filled(CHIEF, level="platinum"),
    ],
)
@pytest.mark.parametrize("affirmed", [{}, {"_confirmed": "1"}])
def test_what_is_no_rule_is_an_error_of_the_form(core, form, affirmed):
    answer = core.post(reverse(ADD), {**form, **affirmed})

    assert answer.status_code == 200
    assert answer.context["errors"] or answer.context["adminform"].form.clauses.errors
    assert not VipRule.objects.exists()


def test_a_rule_is_retired_with_a_reason_and_stays_to_be_read(core, boss):
    rule = make_rule("Chiefs", "gold", CHIEFS, reason="x", actor=boss, now=NOW)
    retire = reverse("admin:vip_viprule_retire", args=[rule.pk])
    assert core.get(retire).status_code == 200
    assert core.post(retire, {"reason": ""}).status_code == 200
    assert core.post(retire, {"reason": "Enough"}).status_code == 302
    rule.refresh_from_db()

    assert not rule.is_active
    page = reverse("admin:vip_viprule_change", args=[rule.pk])
    assert core.get(page).status_code == 200
    assert core.post(page, {**filled(CHIEF), "_confirmed": "1"}).status_code == 403


@pytest.mark.parametrize("kind", ["designation", "viprule"])
def test_what_was_not_reviewed_for_a_year_is_listed_and_confirmed(core, boss, kind):
    ages = NOW - timedelta(days=4000)
    make_rule("Chiefs", "gold", CHIEFS, reason="x", actor=boss, now=ages)
    designate_vip({"person_id": boss.pk}, "gold", reason="x", actor=boss, now=ages)
    page = reverse(f"admin:vip_{kind}_changelist")
    before = core.get(page, {"review": "due"}).context["cl"]
    pks = [row.pk for row in before.result_list]
    core.post(page, {"action": "still_right", "_selected_action": pks})
    after = core.get(page, {"review": "due"}).context["cl"].result_count

    assert (before.result_count, after) == (1, 0)


def test_who_may_not_review_is_not_offered_it(tenant, as_person):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.enter_core", "vip.designate_vip"])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    page = as_person(person).get(reverse("admin:vip_designation_changelist"))

    assert b"still_right" not in page.content
    assert as_person(person).get(reverse(ADD)).status_code == 403


def test_a_group_is_designated_and_its_page_says_how_far_it_is(core, boss):
    group = GroupFactory(name="Board")
    form = {"level": "exec", "reason": "Board", "group": group.pk}
    core.post(reverse("admin:vip_designation_add"), form)
    made = Designation.objects.get()
    row = Reassessment.objects.create(
        tenant=boss.tenant,
        person_ids=[boss.pk],
        designation=made,
        total=4,
        done=1,
        because="x",
        author=boss,
        created_at=NOW,
        moved_at=NOW,
    )
    page = core.get(reverse("admin:vip_designation_change", args=[made.pk])).content.decode()
    listed = core.get(reverse("admin:vip_reassessment_changelist")).content.decode()

    assert (made.group, made.group_name) == (group, "Board")
    assert "1 of 4 people looked at" in page
    assert 'value="25"' in listed
    assert core.get(reverse("admin:vip_reassessment_change", args=[row.pk])).status_code == 200


def test_what_has_stopped_is_gone_on_with(core, boss):
    row = Reassessment.objects.create(
        tenant=boss.tenant,
        person_ids=[boss.pk],
        total=1,
        status="failed",
        because="x",
        author=boss,
        created_at=NOW,
        moved_at=NOW,
    )
    resume = reverse("admin:vip_reassessment_resume", args=[row.pk])
    assert core.get(resume).status_code == 200
    core.post(resume)
    row.refresh_from_db()

    assert row.is_at_work


def test_the_level_without_a_level_is_settled_once(core, tenant):
    filled = {"default_level": "exec", "sure_from": "0.9", "propose_from": "0.5"}
    core.post(reverse("admin:vip_vipsettings_add"), {**filled, "acknowledge_minutes": 5})

    assert VipSettings.objects.get().default_level == "exec"
    assert core.get(reverse("admin:vip_vipsettings_add")).status_code == 403


def test_a_persons_page_says_why_they_are_a_vip_by_every_ground(core, boss):
    vera = PersonFactory(name="Vera", title="Chief cook", attributes={"vip_level": "platinum"})
    make_rule("Chiefs", "gold", CHIEFS, reason="x", actor=boss, now=NOW)
    designate_vip({"person_id": vera.pk}, "gold", reason="Voice", actor=boss, now=NOW)
    page = core.get(reverse("admin:accounts_user_change", args=[vera.pk])).content.decode()

    assert "Vera is a VIP (Gold, in person) by the word of Boss, since" in page
    assert "Also: Gold, by a rule: Chiefs (title starts with “Chief”)." in page
    assert "says vip_level “platinum”, which is not known here." in page
    assert User.objects.count()


@pytest.mark.parametrize("page", ["viprule_retire", "reassessment_resume"])
@pytest.mark.parametrize("key", ["999999", "nonsense"])
def test_what_is_not_there_is_neither_retired_nor_gone_on_with(core, page, key):
    address = reverse(f"admin:vip_{page}", args=[key])

    assert [core.get(address).status_code, core.post(address).status_code] == [404, 404]
