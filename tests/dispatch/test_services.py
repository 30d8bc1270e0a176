"""Who takes work, what they bring, and when they are there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

import pytest
from django.db import connection

from dispatch.models import Engineer, RosterChange, Shift
from dispatch.services import (
    EngineerRefused,
    Hours,
    RosterRefused,
    StatedChange,
    add_change,
    add_engineer,
    edit_engineer,
    edit_own_engineer,
    remove_change,
    set_week,
)
from nova.errors import Refused
from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.dispatch.making import CertificateFactory, EngineerFactory, ShiftFactory, SkillFactory
from tests.factories import NOW, PersonFactory, SiteFactory, TenantFactory

EARLY, LATE = (time(6), time(14)), (time(14), time(22))


@pytest.fixture
def engineer(tess):
    return tess.engineer


@pytest.fixture
def acting(lead):
    return {"actor": lead, "now": NOW}


def last_fact():
    return EventRecord.objects.order_by("-pk").first()


def count_of_facts():
    return EventRecord.objects.filter(name__startswith="dispatch.").count()


def test_somebody_becomes_an_engineer_with_all_that_they_bring(acting):
    person, cisco, ccna = PersonFactory(), SkillFactory(name="Cisco"), CertificateFactory()
    site = SiteFactory(name="HQ")
    stated = {"skills": {cisco.pk: 4}, "certificates": {ccna.pk: None}, "sites": [site.pk]}
    made = add_engineer(person, {"languages": ["en", "de", "en"], **stated}, **acting)
    assert made.languages == ["de", "en"]
    assert [str(skill) for skill in made.skills.all()] == ["Cisco 4"]
    fact = last_fact()
    assert (fact.name, fact.subject_pk) == ("dispatch.EngineerAdded", made.pk)
    assert fact.payload["changes"] == {
        "languages": [[], ["de", "en"]],
        "skills": [[], ["Cisco 4"]],
        "certificates": [[], [ccna.name]],
        "sites": [[], ["HQ"]],
    }


@pytest.mark.parametrize(
    "named", [{"is_active": False}, {"kind": "service"}], ids=["left", "program"]
)
def test_who_does_not_sign_in_is_no_engineer(acting, named):
    with pytest.raises(EngineerRefused, match="nobody who signs in"):
        add_engineer(PersonFactory(**named), {}, **acting)


def test_nobody_is_an_engineer_twice(tess, acting):
    with pytest.raises(EngineerRefused, match="Tess Lind is an engineer already"):
        add_engineer(tess, {}, **acting)


def test_only_what_is_stated_changes_and_is_told(engineer, acting):
    cisco, linux = SkillFactory(name="Cisco"), SkillFactory(name="Linux")
    edit_engineer(engineer.pk, {"skills": {cisco.pk: 2, linux.pk: 1}}, **acting)
    edit_engineer(engineer.pk, {"skills": {cisco.pk: 3}, "capacity": 800}, **acting)
    engineer.refresh_from_db()
    assert (engineer.capacity, engineer.takes_work) == (800, True)
    assert last_fact().payload["changes"] == {
        "capacity": [1000, 800],
        "skills": [["Cisco 2", "Linux 1"], ["Cisco 3"]],
    }


def test_no_change_is_no_event(engineer, acting):
    cisco, ccna = SkillFactory(), CertificateFactory()
    stated = {
        "skills": {cisco.pk: 2},
        "certificates": {ccna.pk: date(2026, 12, 31)},
        "takes_work": True,
    }
    edit_engineer(engineer.pk, stated, **acting)
    count = count_of_facts()
    edit_engineer(engineer.pk, stated, **acting)
    edit_engineer(engineer.pk, {}, **acting)
    assert count_of_facts() == count


def test_that_somebody_is_preferred_for_vips_is_told_apart(engineer, acting):
    edit_engineer(engineer.pk, {"is_for_vips": True}, **acting)
    fact = last_fact()
    assert fact.name == "dispatch.EngineerPreferred"
    assert fact.payload["is_for_vips"] is True


def test_what_there_is_none_of_is_refused(engineer, acting, other_tenant):
    with fence.inside(other_tenant.pk):
        elsewhere = SkillFactory()
    with pytest.raises(Refused, match="no such skill"):
        edit_engineer(engineer.pk, {"skills": {elsewhere.pk: 2}}, **acting)
    assert not engineer.skills.exists()


def test_one_says_of_oneself_what_one_knows_up_to_a_level(engineer, tess, acting):
    cisco, linux = SkillFactory(name="Cisco"), SkillFactory(name="Linux")
    edit_engineer(engineer.pk, {"skills": {cisco.pk: 5}}, **acting)
    own = {"actor": tess, "now": NOW}
    edit_own_engineer(engineer.pk, languages=["de"], skills={cisco.pk: 5, linux.pk: 3}, **own)
    assert dict(engineer.skills.values_list("skill", "level")) == {cisco.pk: 5, linux.pk: 3}
    with pytest.raises(EngineerRefused, match="above 3 is for a lead to state: Linux"):
        edit_own_engineer(engineer.pk, skills={cisco.pk: 5, linux.pk: 4}, **own)
    edit_own_engineer(engineer.pk, skills={cisco.pk: 4}, **own)
    assert dict(engineer.skills.values_list("skill", "level")) == {cisco.pk: 4}


def test_a_week_is_stated_as_a_whole(engineer, acting):
    ShiftFactory(engineer=engineer)
    week = [Hours(1, *LATE), Hours(0, *EARLY), Hours(4, time(22), time(6))]
    set_week(engineer.pk, week, **acting)
    said = ["Monday 06:00-14:00", "Tuesday 14:00-22:00", "Friday 22:00-06:00"]
    assert [str(shift) for shift in engineer.shifts.all()] == said
    fact = last_fact()
    assert fact.name == "dispatch.RosterChanged"
    assert fact.payload["changes"] == {"week": [["Tuesday 08:00-16:00"], said]}
    set_week(engineer.pk, week, **acting)
    assert last_fact() == fact


def test_shifts_do_not_overlap(engineer, acting):
    week = [Hours(0, time(5), time(12)), Hours(6, time(22), time(6))]
    with pytest.raises(
        RosterRefused, match=r"Monday 05:00-12:00 and Sunday 22:00-06:00 overlap\."
    ):
        set_week(engineer.pk, week, **acting)
    assert not Shift.objects.exists()


FIRST = date(2026, 3, 9)
LEAVE = StatedChange(kind="leave", first=FIRST, last=FIRST + timedelta(days=4), reason="Sea")


def test_days_are_changed_and_the_reason_is_in_no_event(engineer, acting):
    change = add_change(engineer.pk, LEAVE, **acting)
    fact = last_fact()
    assert fact.payload["changes"] == {"days": [[], ["Leave 2026-03-09 - 2026-03-13"]]}
    assert "Sea" not in str(fact.payload)
    remove_change(change.pk, **acting)
    assert not RosterChange.objects.exists()
    assert last_fact().payload["changes"] == {"days": [["Leave 2026-03-09 - 2026-03-13"], []]}


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ({"first": FIRST + timedelta(days=9)}, "last day is before the first"),
        ({"kind": "hours"}, "a beginning and a later end"),
        ({"kind": "hours", "opens": time(9), "closes": time(9)}, "a beginning and a later end"),
        ({"opens": time(9), "closes": time(10)}, "a beginning and a later end"),
        ({"last": FIRST + timedelta(days=401)}, "At most 400 days"),
    ],
)
def test_days_and_hours_make_sense(engineer, acting, stated, why):
    with pytest.raises(RosterRefused, match=why):
        add_change(engineer.pk, StatedChange(**{**vars(LEAVE), **stated}), **acting)
    assert not RosterChange.objects.exists()


def test_a_day_is_changed_once(engineer, acting):
    add_change(engineer.pk, LEAVE, **acting)
    sick = StatedChange(kind="sick", first=LEAVE.last, last=LEAVE.last)
    with pytest.raises(RosterRefused, match=r"From 9 Mar 2026 to 13 Mar 2026 .* Leave\."):
        add_change(engineer.pk, sick, **acting)
    other = EngineerFactory()
    assert add_change(other.pk, sick, **acting).pk


def test_two_at_once_change_a_day_once(transactional_db):
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        engineer, boss = EngineerFactory(), PersonFactory(role="lead")

    def state(_number):
        try:
            with fence.inside(tenant.pk):
                add_change(engineer.pk, LEAVE, actor=boss, now=NOW)
            return "stated"
        except RosterRefused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(state, range(4)))
    assert answers == ["refused", "refused", "refused", "stated"]


def test_another_organisations_engineers_are_not_there(engineer, other_tenant):
    with fence.inside(other_tenant.pk):
        assert not Engineer.objects.exists()
