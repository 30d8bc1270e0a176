"""Designating and revoking in Nova Core."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from nova.events.models import EventRecord
from tests.factories import DepartmentFactory, PersonFactory, RoleFactory
from tickets.models import DeskSettings
from vip.models import Designation

PAGE = "admin:vip_designation"
FORM = {
    "level": "exec",
    "reason": "Board",
    "person": "",
    "department": "",
    "site": "",
    "floor": "",
}
NOT_YET = {"starts_at_0": "2035-01-01", "starts_at_1": "09:00"}
OVER = {"ends_at_0": "2020-01-01", "ends_at_1": "09:00"}


@pytest.fixture
def core(boss, as_person):
    return as_person(boss)


def holder_of(*permissions):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.enter_core", *permissions])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    return person


def add(core, **given):
    return core.post(reverse(f"{PAGE}_add"), {**FORM, **given})


def test_a_person_is_designated_from_now_on(core, boss):
    vera = PersonFactory(name="Vera")
    answer = add(core, person=vera.pk)

    assert answer.status_code == 302
    made = Designation.objects.get()
    assert (made.person, made.level, made.source, made.reason) == (vera, "exec", "manual", "Board")
    assert (made.author, made.ends_at) == (boss, None)
    assert EventRecord.objects.get(name="vip.VipDesignated").payload["reason"] == "Board"


def test_a_department_is_designated_from_a_day_on(core):
    board = DepartmentFactory(name="Board")
    add(core, department=board.pk, **NOT_YET)

    assert Designation.objects.get().target == board
    assert b"Upcoming" in core.get(reverse(f"{PAGE}_changelist")).content


@pytest.mark.parametrize(
    "given", [{}, {"person": "x", "department": "x"}, {"person": "x", **OVER}, {"reason": " "}]
)
def test_what_makes_no_sense_is_an_error_of_the_form(core, given):
    ids = {"person": PersonFactory().pk, "department": DepartmentFactory().pk}
    answer = add(core, **{name: ids.get(name, value) for name, value in given.items()})

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not Designation.objects.exists()


def test_a_designation_is_revoked_with_a_reason_and_stays_on_record(core):
    add(core, person=PersonFactory(name="Vera").pk)
    made = Designation.objects.get()
    page = reverse(f"{PAGE}_change", args=[made.pk])
    silent = core.post(page, {"because": ""})
    answer = core.post(page, {"because": "Retired"})
    made.refresh_from_db()

    assert (silent.status_code, answer.status_code) == (200, 302)
    assert made.revoked_at is not None
    assert EventRecord.objects.get(name="vip.VipRevoked").payload["reason"] == "Retired"
    assert core.post(page, {"because": "Again"}).status_code == 403
    assert b"Revoked" in core.get(page).content


@pytest.mark.parametrize(
    ("state", "found"), [("active", 1), ("upcoming", 1), ("ended", 1), ("revoked", 1), ("", 4)]
)
def test_the_list_is_filtered_by_where_designations_stand(core, boss, state, found):
    now = timezone.now()
    day = timedelta(days=1)
    for begins, ends, revoked in (
        (-day, None, None),
        (day, None, None),
        (-2 * day, -day, None),
        (-2 * day, None, -day),
    ):
        Designation.objects.create(
            tenant=boss.tenant,
            person=PersonFactory(),
            level="gold",
            reason="So",
            author=boss,
            created_at=now,
            starts_at=now + begins,
            ends_at=now + ends if ends else None,
            revoked_at=now + revoked if revoked else None,
        )
    answer = core.get(reverse(f"{PAGE}_changelist"), {"state": state} if state else {})

    assert answer.context["cl"].result_count == found


@pytest.mark.parametrize(
    ("held", "status"),
    [("vip.designate_vip", 200), ("tickets.view_vip_flag", 403), ("vip.manage_vip", 403)],
)
def test_the_page_needs_its_own_permission(as_person, tenant, held, status):
    assert as_person(holder_of(held)).get(reverse(f"{PAGE}_changelist")).status_code == status


@pytest.mark.parametrize(
    ("held", "days", "modules"),
    [
        ("tickets.manage_desk", 3, ["it", "ops"]),
        ("vip.manage_vip", 7, ["hr"]),
    ],
)
def test_each_arranges_only_what_is_theirs(as_person, tenant, held, days, modules):
    desk = DeskSettings.objects.get()
    page = reverse("admin:tickets_desksettings_change", args=[desk.pk])
    given = {
        "auto_close_days": 3,
        "reopen_days": 30,
        "fairness_limit_hours": 24,
        "max_attachment_bytes": 1000,
        "max_attachments": 5,
        "vip_modules": ["hr"],
        "exec_points": 300,
        "gold_points": 200,
        "priority_points": 100,
        "risk_points": 50,
    }
    answer = as_person(holder_of(held)).post(page, given)
    desk.refresh_from_db()

    assert answer.status_code == 302
    assert (desk.auto_close_days, desk.vip_modules) == (days, modules)


def test_a_persons_page_says_in_one_sentence_why_they_are_a_vip(core, as_person):
    vera, other = PersonFactory(name="Vera"), PersonFactory(name="Other")
    add(core, person=vera.pk)
    page = "admin:accounts_user_change"

    assert b"Vera is a VIP (Exec, in person) by the word of Boss" in (
        core.get(reverse(page, args=[vera.pk])).content
    )
    assert b"VIP (" not in core.get(reverse(page, args=[other.pk])).content
    blind = as_person(holder_of("accounts.manage_people"))
    assert b"VIP (" not in blind.get(reverse(page, args=[vera.pk])).content
