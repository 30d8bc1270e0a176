"""Nova Core: who may open which page, and what its pages do."""

import pytest
from django.contrib import admin
from django.urls import reverse

from nova.accounts.core import CoreAdmin
from nova.accounts.models import ApiKey, Department, Role, Site, User
from nova.accounts.roles import ROLES
from nova.events.models import EventRecord
from tests.factories import (
    DepartmentFactory,
    PersonFactory,
    RegionFactory,
    RoleFactory,
    SiteFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
OURS = [model for model, page in admin.site._registry.items() if isinstance(page, CoreAdmin)]


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", name="Boss")


@pytest.fixture
def core(boss, as_person):
    return as_person(boss)


def person_with(*permissions):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.enter_core", *permissions])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    return person


def told(name):
    return list(EventRecord.objects.filter(name=name).values_list("payload", flat=True))


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_every_page_lists_opens_and_stays_in_the_fence(core, outsider, model):
    response = core.get(address(model))

    assert response.status_code == 200
    assert b"Globex" not in response.content
    assert b"Outsider" not in response.content


def test_the_index_shows_nothing_of_the_libraries(core):
    shown = core.get(reverse("admin:index")).context["app_list"]

    assert {"accounts", "tenancy"} <= {app["app_label"] for app in shown}
    assert not {"auth", "django_celery_beat"} & {app["app_label"] for app in shown}


def test_a_technician_is_turned_away(tenant, as_person):
    assert as_person(PersonFactory(role="technician")).get("/core/").status_code in (302, 403)
    assert as_person(PersonFactory(role="technician")).get("/core/login/").status_code == 403


def test_a_stranger_is_led_to_sign_in(client, db):
    answer = client.get("/core/", follow=True)

    assert answer.redirect_chain[-1] == ("/accounts/sign-in?next=/core/", 302)


def test_scripts_come_from_here_alone(core):
    policy = core.get("/core/").headers["Content-Security-Policy"]
    elsewhere = core.get(reverse("accounts:profile")).headers["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "unsafe" not in elsewhere


def test_a_page_needs_its_own_permission(tenant, as_person):
    browser = as_person(person_with("accounts.manage_organisation"))

    assert browser.get(address(Site)).status_code == 200
    assert browser.get(address(User)).status_code == 403
    assert browser.get(address(Role)).status_code == 403


class TestOrganisation:
    def test_a_record_is_added_to_the_tenant_and_told_with_its_rows(self, core, tenant):
        form = {
            "name": "HQ",
            "zone": "UTC",
            "floors-TOTAL_FORMS": 1,
            "floors-INITIAL_FORMS": 0,
            "floors-0-name": "11",
        }

        core.post(address(Site, "add"), form)

        site = Site.objects.get()
        assert (site.tenant, site.floors.get().name) == (tenant, "11")
        (payload,) = told("accounts.RecordChanged")
        assert payload["action"] == "added"
        assert payload["changes"]["name"] == [None, "HQ"]

    def test_a_change_is_told_before_and_after(self, core):
        department = DepartmentFactory(name="Ops")

        core.post(address(Department, "change", department.pk), {"name": "Operations"})

        (payload,) = told("accounts.RecordChanged")
        assert payload["changes"] == {"name": ["Ops", "Operations"]}
        assert b"Operations" in core.get(address(Department, "history", department.pk)).content

    def test_saving_without_a_change_tells_nothing(self, core):
        department = DepartmentFactory(name="Ops")

        core.post(address(Department, "change", department.pk), {"name": "Ops"})

        assert told("accounts.RecordChanged") == []

    def test_a_name_given_twice_is_an_error_of_the_form(self, core):
        DepartmentFactory(name="Ops")

        assert core.post(address(Department, "add"), {"name": "Ops"}).status_code == 200
        assert Department.objects.count() == 1

    def test_a_record_is_deleted_and_told(self, core):
        region = RegionFactory(name="North")

        core.post(address(type(region), "delete", region.pk), {"post": "yes"})

        assert [payload["action"] for payload in told("accounts.RecordChanged")] == ["deleted"]

    def test_what_belongs_to_another_tenant_is_not_there(self, core, other_tenant):
        alien = SiteFactory.build(tenant_id=other_tenant.pk, name="Area 51")

        assert core.get(address(Site, "change", 999_999)).status_code == 302
        assert not Site.objects.filter(name=alien.name).exists()

    def test_somebody_of_another_tenant_leads_no_team(self, core, outsider):
        team = TeamFactory()
        form = {
            "name": team.name,
            "lead": outsider.pk,
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        }

        core.post(address(type(team), "change", team.pk), form)

        team.refresh_from_db()
        assert team.lead is None


class TestPeople:
    def form(self, person, **changes):
        fields = {
            "email": person.email,
            "name": person.name,
            "kind": person.kind,
            "zone": person.zone,
            "granted": [role.pk for role in person.roles.all()],
        }
        return {**fields, **changes}

    def test_a_person_is_added_with_roles_and_without_a_password(self, core, tenant):
        role = Role.objects.get(key="technician")
        form = {
            "email": "Ada@Example.com",
            "name": "Ada",
            "kind": "person",
            "zone": "UTC",
            "granted": [role.pk],
        }

        core.post(address(User, "add"), form)

        ada = User.objects.get(email="ada@example.com")
        assert (ada.tenant, ada.has_usable_password()) == (tenant, False)
        assert ada.has_perm("tickets.move_ticket")
        assert len(told("accounts.PersonAdded")) == len(told("accounts.RoleGranted")) == 1

    def test_a_change_is_told(self, core):
        person = PersonFactory(name="Ada")

        core.post(address(User, "change", person.pk), self.form(person, name="Ada Lovelace"))

        (payload,) = told("accounts.PersonEdited")
        assert payload["changes"] == {"name": ["Ada", "Ada Lovelace"]}

    def test_roles_are_granted_and_revoked(self, core):
        person = PersonFactory(role="requester")
        role = Role.objects.get(key="lead")

        core.post(address(User, "change", person.pk), self.form(person, granted=[role.pk]))

        assert list(person.roles.all()) == [role]
        assert len(told("accounts.RoleGranted")) == len(told("accounts.RoleRevoked")) == 1

    def test_the_last_who_manages_roles_keeps_that(self, core, boss):
        response = core.post(address(User, "change", boss.pk), self.form(boss, granted=[]))

        assert response.status_code == 409
        assert boss.roles.get().key == "admin"

    def test_whoever_manages_people_only_changes_nobody_stronger(self, boss, as_person):
        clerk = as_person(person_with("accounts.manage_people"))
        User.objects.filter(pk=boss.pk).update(is_active=False)

        clerk.post(address(User, "change", boss.pk), self.form(boss, email="mine@example.com"))

        boss.refresh_from_db()
        assert boss.email != "mine@example.com"

    def test_deactivation_is_an_act(self, core):
        person = PersonFactory()
        act = {"action": "deactivate", "_selected_action": [person.pk]}

        core.post(address(User), act)

        person.refresh_from_db()
        assert not person.is_active
        assert len(told("accounts.PersonDeactivated")) == 1

    def test_an_invitation_leads_to_a_password(self, core, client, mailoutbox):
        person = PersonFactory(password=None)

        core.post(address(User), {"action": "invite", "_selected_action": [person.pk]})

        link = next(line for line in mailoutbox[0].body.splitlines() if "http" in line)
        assert client.get(link.partition("8000")[2], follow=True).context["validlink"]


class TestRolesAndKeys:
    def test_a_role_is_made_of_declared_permissions(self, core):
        form = {"name": "Auditor", "permissions": ["events.read_feed", "tickets.view_ticket"]}

        core.post(address(Role, "add"), form)

        role = Role.objects.get(name="Auditor")
        assert role.permissions == ["events.read_feed", "tickets.view_ticket"]

    @pytest.mark.parametrize("name", ["*", "tickets.do_magic", "auth.view_group"])
    def test_and_of_no_others(self, core, name):
        core.post(address(Role, "add"), {"name": "Auditor", "permissions": [name]})

        assert not Role.objects.filter(name="Auditor").exists()

    def test_the_admins_cannot_lock_themselves_out(self, core, boss):
        role = boss.roles.get()
        form = {"name": role.name, "permissions": ["tickets.view_ticket"]}

        assert core.post(address(Role, "change", role.pk), form).status_code == 409

    def test_a_role_of_before_is_offered_what_novas_own_may_also_do(self, core, tenant):
        lead = Role.objects.get(key="lead")
        lead.permissions = ["accounts.look_up_people", "api.read_docs", "x.of_ones_own"]
        lead.save()
        own = Role.objects.create(tenant=tenant, name="Auditor", permissions=[])
        assert "Can read how satisfied requesters are" in core.get(address(Role)).content.decode()

        core.post(address(Role), {"action": "complete", "_selected_action": [lead.pk, own.pk]})

        lead.refresh_from_db()
        own.refresh_from_db()
        assert set(lead.permissions) == {*ROLES["lead"], "x.of_ones_own"}
        assert own.permissions == []
        told = EventRecord.objects.filter(name="accounts.RecordChanged", subject_id=lead.pk)
        assert told.get().payload["changes"]["permissions"][0][0] == "accounts.look_up_people"

    def test_a_key_is_shown_once(self, core, boss):
        form = {"person": boss.pk, "name": "ERP", "scopes": ["tickets.open_ticket"]}

        first = core.post(address(ApiKey, "add"), form, follow=True)
        second = core.get(address(ApiKey))

        mark = f"nova_{boss.tenant_id}_{ApiKey.objects.get().prefix}_".encode()
        assert mark in first.content
        assert mark not in second.content

    def test_a_key_is_revoked(self, core, boss):
        form = {"person": boss.pk, "name": "ERP", "scopes": ["*"]}
        core.post(address(ApiKey, "add"), form)
        key = ApiKey.objects.get()

        core.post(address(ApiKey), {"action": "revoke", "_selected_action": [key.pk]})

        key.refresh_from_db()
        assert key.revoked_at
        assert len(told("accounts.ApiKeyRevoked")) == 1
