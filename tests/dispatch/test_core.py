"""Engineers, what there is to know and what work asks for in Nova Core."""

import pytest
from django.urls import reverse

from dispatch.models import Certificate, CertificateNeed, Engineer, RosterChange, Skill, SkillNeed
from nova.events.models import EventRecord
from tests.dispatch.making import CertificateFactory, EngineerFactory, ShiftFactory, SkillFactory
from tests.factories import PersonFactory, RoleFactory, ServiceFactory, SiteFactory
from tests.forgery import without_tokens
from tickets.models import Category

ADD = reverse("admin:dispatch_engineer_add")
PREFIXES = ("skills", "certificates", "shifts", "changes")


@pytest.fixture
def core(tenant, as_person):
    return as_person(PersonFactory(role="admin", name="Boss"))


@pytest.fixture
def blind(tenant, as_person):
    """Return Core as somebody who manages engineers and may not know of VIPs."""
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.enter_core", "dispatch.manage_engineers"])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    return as_person(person)


def form_of(**given):
    """Return a form; rows are lists, the rest is plain. A row with an id is one that there is."""
    form = {"takes_work": "on", "capacity": "800"}
    for prefix in PREFIXES:
        rows = given.pop(prefix, [])
        form[f"{prefix}-TOTAL_FORMS"] = len(rows)
        form[f"{prefix}-INITIAL_FORMS"] = sum("id" in row for row in rows)
        for at, row in enumerate(rows):
            form |= {f"{prefix}-{at}-{name}": value for name, value in row.items()}
    return {**form, **given}


def page_of(engineer):
    return reverse("admin:dispatch_engineer_change", args=[engineer.pk])


def facts():
    found = EventRecord.objects.exclude(name__startswith="accounts.").order_by("pk")
    return list(found.values_list("name", flat=True))


def test_an_engineer_is_added_with_all_rows_at_once(core):
    person, skill, held, site = (
        PersonFactory(),
        SkillFactory(),
        CertificateFactory(),
        SiteFactory(),
    )
    answer = core.post(
        ADD,
        form_of(
            person=person.pk,
            languages=["de", "en"],
            serves=[site.pk],
            is_for_vips="on",
            skills=[{"skill": skill.pk, "level": 4}],
            certificates=[{"certificate": held.pk, "expires_on": "2035-12-31"}],
            shifts=[{"weekday": 0, "opens": "08:00", "closes": "16:00"}],
            changes=[{"kind": "leave", "first": "2035-07-01", "last": "2035-07-09"}],
        ),
    )
    assert answer.status_code == 302
    made = Engineer.objects.get(person=person)
    assert (made.capacity, made.languages, made.is_for_vips) == (800, ["de", "en"], True)
    assert [str(row) for row in made.skills.all()] == [f"{skill.name} 4"]
    assert [str(row.expires_on) for row in made.certificates.all()] == ["2035-12-31"]
    assert [str(row) for row in made.shifts.all()] == ["Monday 08:00-16:00"]
    assert list(made.sites.all()) == [site]
    assert [str(row) for row in made.changes.all()] == ["Leave 2035-07-01 - 2035-07-09"]
    told = ["dispatch.EngineerAdded", "dispatch.EngineerPreferred"]
    assert facts() == [*told, *["dispatch.RosterChanged"] * 2]


def test_rows_are_changed_and_removed(core, tess):
    engineer = tess.engineer
    skill, shift = SkillFactory(), ShiftFactory(engineer=engineer)
    known = engineer.skills.create(tenant_id=tess.tenant_id, skill=skill, level=2)
    leave = engineer.changes.create(
        tenant_id=tess.tenant_id, first="2035-07-01", last="2035-07-09"
    )
    row = {"engineer": engineer.pk}
    core.post(
        page_of(engineer),
        form_of(
            skills=[{**row, "id": known.pk, "skill": skill.pk, "level": 3}],
            shifts=[{**row, "id": shift.pk, "weekday": 1, "opens": "09:00", "closes": "17:00"}],
            changes=[{**row, "id": leave.pk, "DELETE": "on"}],
        ),
    )
    assert [str(each) for each in engineer.skills.all()] == [f"{skill.name} 3"]
    assert [str(each) for each in engineer.shifts.all()] == ["Tuesday 09:00-17:00"]
    assert not engineer.changes.exists()
    history = core.get(reverse("admin:dispatch_engineer_history", args=[engineer.pk]))
    assert b"EngineerEdited" in history.content
    assert b"RosterChanged" in history.content


def test_to_save_without_a_change_says_nothing(core, tess):
    shift = ShiftFactory(engineer=tess.engineer)
    rows = [{"id": shift.pk, "weekday": 1, "opens": "08:00", "closes": "16:00"}]
    core.post(page_of(tess.engineer), form_of(capacity="1000", shifts=rows))
    assert facts() == []


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        (
            {
                "shifts": [
                    {"weekday": 0, "opens": "08:00", "closes": "16:00"},
                    {"weekday": 0, "opens": "12:00", "closes": "20:00"},
                ]
            },
            "Monday 08:00-16:00 and Monday 12:00-20:00 overlap.",
        ),
        (
            {"changes": [{"kind": "leave", "first": "2035-07-09", "last": "2035-07-01"}]},
            "The last day is before the first.",
        ),
        (
            {"changes": [{"kind": "sick", "first": "2035-08-01", "last": "2035-08-01"}]},
            "it is changed already: Leave.",
        ),
        ({"skills": [{"skill": "", "level": 9}]}, "less than or equal to 5"),
    ],
)
def test_what_makes_no_sense_is_an_error_of_the_form(core, tess, rows, error):
    tess.engineer.changes.create(tenant_id=tess.tenant_id, first="2035-08-01", last="2035-08-01")
    answer = core.post(page_of(tess.engineer), form_of(**rows))
    assert answer.status_code == 200
    assert error in answer.content.decode()
    assert RosterChange.objects.count() == 1
    assert facts() == []


def test_who_is_preferred_for_vips_is_for_who_may_know_of_them(core, blind, tess):
    engineer = tess.engineer
    engineer.is_for_vips = True
    engineer.save()
    page, history = (
        page_of(engineer),
        reverse("admin:dispatch_engineer_history", args=[engineer.pk]),
    )
    assert b"VIP" in core.get(page).content
    core.post(page, form_of())
    assert "VIP" not in without_tokens(blind.get(page))
    blind.post(page, form_of(is_for_vips="on", capacity="700"))
    engineer.refresh_from_db()
    assert (engineer.capacity, engineer.is_for_vips) == (700, False)
    assert "vip" not in without_tokens(blind.get(history)).lower()
    assert (
        blind.get(reverse("admin:dispatch_engineer_changelist") + "?is_for_vips=1").status_code
        == 400
    )


def test_what_there_is_to_know_and_what_work_asks_for_is_arranged(core, tenant):
    core.post(reverse("admin:dispatch_skill_add"), {"name": "Cisco"})
    core.post(reverse("admin:dispatch_certificate_add"), {"name": "CCNA"})
    skill, held, service = Skill.objects.get(), Certificate.objects.get(), ServiceFactory()
    category = Category.objects.filter(tenant=tenant, parent=None).first()
    core.post(
        reverse("admin:dispatch_skillneed_add"),
        {"service": service.pk, "skill": skill.pk, "level": 3, "is_mandatory": "on"},
    )
    core.post(
        reverse("admin:dispatch_certificateneed_add"),
        {"category": category.pk, "certificate": held.pk},
    )
    need = SkillNeed.objects.get()
    assert (need.service, need.skill, need.level) == (service, skill, 3)
    assert CertificateNeed.objects.get().category == category
    for name in ("skill", "certificate", "skillneed", "certificateneed"):
        page = core.get(reverse(f"admin:dispatch_{name}_changelist"))
        assert page.status_code == 200
        assert facts() == []


@pytest.mark.parametrize("named", ["neither", "both"])
def test_work_is_of_a_service_or_of_a_category(core, tenant, named):
    category = Category.objects.filter(tenant=tenant).first()
    both = {"service": ServiceFactory().pk, "category": category.pk}
    given = {**(both if named == "both" else {}), "skill": SkillFactory().pk, "level": 1}
    answer = core.post(reverse("admin:dispatch_skillneed_add"), given)
    assert "Name a service or a category, one of them." in answer.content.decode()
    assert not SkillNeed.objects.exists()


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_for_few_and_many(
    count, core, tenant, django_assert_max_num_queries
):
    skill = SkillFactory()
    for engineer in EngineerFactory.create_batch(count):
        engineer.skills.create(tenant=tenant, skill=skill)
    with django_assert_max_num_queries(12):
        core.get(reverse("admin:dispatch_engineer_changelist"))


def test_the_pages_are_for_who_manages_engineers(tenant, as_person):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.enter_core"])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    assert as_person(person).get(ADD).status_code == 403
