"""The rules and the ledger in Nova Core."""

import pytest
from django.urls import reverse

from nova.events.models import EventRecord
from stardust.models import Entry, StardustSettings
from stardust.reading import settled_in
from stardust.rules import Rules
from tests.factories import PersonFactory, RoleFactory
from tests.sla.living import minutes
from tests.stardust.working import follow, settle, solved
from vip.services import designate_vip, reassess

ADD = reverse("admin:stardust_stardustsettings_add")
LEDGER = reverse("admin:stardust_entry_changelist")
FORM = {**vars(Rules()), "is_on": "on"}


@pytest.fixture
def core(tenant, as_person):
    return as_person(PersonFactory(role="admin", name="Boss"))


def text_of(response):
    return " ".join(response.content.decode().split())


def test_to_save_shows_first_what_tickets_would_bring(core, lead):
    given = {**FORM, "left_50": 9}
    page = text_of(core.post(ADD, given))
    assert "9 for 62 % of the time left, +3 for a P1" in page
    assert "Nothing: its time was up." in page
    assert not StardustSettings.objects.exists()
    core.post(ADD, {**given, "_confirmed": "1"})

    assert settled_in(lead.tenant_id).rules == Rules(left_50=9)
    fact = EventRecord.objects.get(name="accounts.RecordChanged")
    assert fact.payload["record"] == "stardust.stardustsettings"


def test_there_is_one_record_and_it_stays(core, lead):
    row = settle(lead)
    assert core.get(ADD).status_code == 403
    page = reverse("admin:stardust_stardustsettings_change", args=[row.pk])
    core.post(page, {name: value for name, value in FORM.items() if name != "is_on"})
    row.refresh_from_db()
    assert not row.is_on  # no points differ, so that nothing is shown first
    assert core.post(page.replace("change", "delete")).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"left_25": 9}, {"p1": -1}, {"p1": 1001}, {"bonus_from_percent": 101}, {"gold": "x"}]
)
def test_what_makes_no_sense_is_an_error_of_the_form(core, wrong):
    answer = core.post(ADD, {**FORM, **wrong})
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not StardustSettings.objects.exists()


def test_what_was_earned_by_former_rules_stays(tess, requester):
    solved(requester, tess)
    follow(tess)
    settle(tess, left_50=1, left_25=0, in_time=0)
    solved(requester, tess)
    follow(tess)
    assert list(Entry.objects.order_by("pk").values_list("points", flat=True)) == [8, 1]


def test_the_ledger_is_to_look_at(core, tess, requester, lead):
    designate_vip({"person_id": requester.pk}, "gold", reason="B", actor=lead, now=minutes(0))
    reassess([requester.pk], actor=lead, now=minutes(0))
    solved(requester, tess)
    follow(tess)
    first, bonus = Entry.objects.order_by("pk")
    page = text_of(core.get(LEDGER))
    assert first.words in page
    assert bonus.words in page
    one = reverse("admin:stardust_entry_change", args=[first.pk])
    assert core.get(one).status_code == 200
    assert core.post(one, {"points": 99}).status_code == 403
    assert core.get(reverse("admin:stardust_entry_add")).status_code == 403


def test_to_who_may_not_see_vips_bonuses_are_not_in_the_ledger(tess, requester, lead, as_person):
    designate_vip({"person_id": requester.pk}, "gold", reason="B", actor=lead, now=minutes(0))
    reassess([requester.pk], actor=lead, now=minutes(0))
    solved(requester, tess)
    follow(tess)
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.enter_core", "stardust.manage_rules"])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    browser, bonus = as_person(person), Entry.objects.get(is_bonus=True)
    page = text_of(browser.get(LEDGER))
    assert "8 for 50 % of the time left" in page
    assert bonus.words not in page
    one = reverse("admin:stardust_entry_change", args=[bonus.pk])
    assert browser.get(one).status_code == 302


def test_the_pages_are_for_who_may_arrange_it(tenant, as_person):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.enter_core"])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    assert [as_person(person).get(path).status_code for path in (ADD, LEDGER)] == [403, 403]
