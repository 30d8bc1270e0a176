"""Ways in which one tenant might reach another's rows, and that none of them leads there."""

import pytest
from django.core.management import call_command
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from nova.accounts import services, tokens
from nova.accounts.identity import person_by_id
from nova.accounts.models import (
    ApiKey,
    Department,
    Role,
    RoleGrant,
    SecondFactor,
    TeamMembership,
    User,
)
from nova.events.models import EventRecord
from nova.tenancy import fence
from nova.tenancy.checks import check_role, check_tables, owned_tables
from nova.tenancy.models import Tenant
from tests.factories import (
    NOW,
    DepartmentFactory,
    PersonFactory,
    SiteFactory,
    TeamFactory,
    TenantFactory,
)

pytestmark = pytest.mark.django_db
ME = "/api/support/me"


@pytest.fixture
def theirs(other_tenant, outsider):
    """Return a department of the other organisation."""
    with fence.inside(other_tenant.pk):
        return DepartmentFactory(name="Theirs")


class TestWithoutATenant:
    @pytest.mark.parametrize("table", sorted(owned_tables()))
    def test_no_table_shows_a_row(self, tenant, outsider, table):
        fence.leave()

        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert cursor.fetchone() == (0,)

    def test_nothing_can_be_written(self, tenant):
        fence.leave()

        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Department.objects.create(tenant=tenant, name="Nowhere")

    def test_a_setting_that_is_no_number_is_an_error_and_no_way_in(self, tenant):
        fence._set(fence.TENANT, "1 OR true")

        with pytest.raises(DataError, match="bigint"), transaction.atomic():
            User.objects.first()


class TestInsideOfAnother:
    def test_the_orm_finds_nothing(self, tenant, theirs):
        assert not Department.objects.filter(pk=theirs.pk).exists()
        assert not User.objects.filter(name="Outsider").exists()

    def test_raw_sql_finds_nothing(self, tenant, theirs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_department WHERE true")
            assert cursor.fetchone() == (0,)

    def test_nothing_there_can_be_changed_or_deleted(self, tenant, theirs):
        assert Department.objects.filter(pk=theirs.pk).update(name="Ours") == 0
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_department")
            assert cursor.rowcount == 0

    def test_nothing_can_be_written_there(self, tenant, other_tenant):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Department.objects.create(tenant=other_tenant, name="Smuggled")

    def test_nothing_of_ours_can_be_moved_there(self, tenant, other_tenant):
        ours = DepartmentFactory()

        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Department.objects.filter(pk=ours.pk).update(tenant=other_tenant)

    def test_an_upsert_does_not_tell_what_is_there(self, tenant, outsider):
        taken = User(tenant=tenant, email=outsider.email, name="Copy")

        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            User.objects.bulk_create(
                [taken], update_conflicts=True, update_fields=["name"], unique_fields=["email"]
            )


class TestForeignKeys:
    def test_a_person_cannot_be_put_into_their_department(self, tenant, theirs):
        with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
            PersonFactory(department_id=theirs.pk)

    def test_their_people_cannot_hold_our_roles(self, tenant, outsider):
        role = Role.objects.get(key="admin")

        with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
            RoleGrant.objects.create(tenant=tenant, person_id=outsider.pk, role=role)

    def test_our_people_cannot_hold_their_roles(self, tenant, other_tenant):
        with fence.inside(other_tenant.pk):
            role_id = Role.objects.get(key="admin").pk

        with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
            RoleGrant.objects.create(tenant=tenant, person=PersonFactory(), role_id=role_id)

    def test_a_key_of_ours_cannot_act_as_one_of_theirs(self, tenant, outsider):
        with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
            ApiKey.objects.create(
                tenant=tenant,
                person_id=outsider.pk,
                prefix="abcdefgh",
                created_by=PersonFactory(),
                created_at=NOW,
            )

    @pytest.mark.parametrize("model", [TeamMembership, SecondFactor])
    def test_no_row_of_ours_points_at_their_people(self, tenant, outsider, model):
        team = {"team": TeamFactory()} if model is TeamMembership else {}

        with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
            model.objects.create(tenant=tenant, person_id=outsider.pk, **team)

    def test_a_column_that_is_empty_is_fine(self, tenant):
        assert PersonFactory(site=SiteFactory(), department=None).pk


class TestSwitching:
    def test_nested_fences_switch_and_switch_back(self, tenant, other_tenant):
        with fence.inside(other_tenant.pk):
            assert fence.current() == str(other_tenant.pk)

        assert fence.current() == str(tenant.pk)

    def test_an_error_inside_restores_the_fence_too(self, tenant, other_tenant):
        with pytest.raises(ValueError, match="boom"), fence.inside(other_tenant.pk):
            raise ValueError("boom")

        assert fence.current() == str(tenant.pk)

    def test_sweeps_pass_by_tenants_that_are_not_active(self, tenant):
        asleep = TenantFactory(slug="asleep")
        Tenant.objects.filter(pk=asleep.pk).update(is_active=False)

        assert asleep.pk not in fence.every_tenant()


class TestTheApi:
    def test_a_key_opens_its_own_tenant_only(self, api, tenant, outsider):
        with fence.inside(outsider.tenant_id):
            _key, text = services.create_api_key(
                outsider, "x", scopes=["*"], expires_at=None, actor=outsider, now=NOW
            )
        _mark, _tenant_id, prefix, secret = text.split("_")
        forged = f"nova_{tenant.pk}_{prefix}_{secret}"

        statuses = {}
        for credential in (text, forged):
            api.credentials(HTTP_AUTHORIZATION=f"Api-Key {credential}")
            statuses[credential] = api.get(ME).status_code

        assert statuses == {text: 200, forged: 401}

    def test_a_token_that_names_another_tenant_opens_nothing(self, api, tenant, outsider):
        forged = tokens.issue(outsider)
        forged[tokens.TENANT] = tenant.pk
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {forged.access_token}")

        assert api.get(ME).status_code == 401

    def test_a_person_of_theirs_sees_their_people_only(self, api_as, tenant, outsider):
        PersonFactory(name="Insider")

        rows = api_as(outsider).get("/api/support/people").json()["results"]

        assert [row["name"] for row in rows] == ["Outsider"]

    def test_a_key_is_not_made_for_a_person_of_theirs(self, api_as, tenant, outsider):
        body = {"name": "x", "scopes": ["*"], "person": outsider.pk}

        answer = api_as(PersonFactory(role="admin")).post("/api/support/api-keys", body)

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["person"]


class TestCore:
    @pytest.mark.parametrize("view", ["change", "delete", "history"])
    def test_pages_of_their_records_are_not_there(self, as_person, tenant, theirs, view):
        browser = as_person(PersonFactory(role="admin"))

        answer = browser.get(f"/core/accounts/department/{theirs.pk}/{view}/")

        assert answer.status_code == 302
        assert "Theirs" not in str(list(answer.wsgi_request._messages))

    def test_pickers_offer_nobody_of_theirs(self, as_person, tenant, outsider):
        browser = as_person(PersonFactory(role="admin"))
        field = {"app_label": "accounts", "model_name": "team", "field_name": "lead"}

        answer = browser.get("/core/autocomplete/", {**field, "term": "Outsider"})

        assert answer.json()["results"] == []


class TestBetweenRequests:
    """With real commits on one connection that is kept, as in a thread of the web server."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def lead(self, transactional_db):
        tenant = TenantFactory()
        with fence.inside(tenant.pk):
            return PersonFactory(role="lead")

    @pytest.fixture
    def signed_in(self, lead):
        signed_in = Client()
        with fence.inside(lead.tenant_id):
            signed_in.force_login(lead)
        return signed_in

    def test_a_kept_connection_carries_nothing_over(self, signed_in, lead):
        before = connection.connection
        assert signed_in.get(ME).status_code == 200

        with transaction.atomic():
            assert (fence.current(), User.objects.count()) == ("", 0)
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('nova.sign_in', true)")
                assert not cursor.fetchone()[0]
        assert connection.connection is before

    def test_nor_after_a_request_that_failed(self, signed_in, lead):
        assert signed_in.get("/api/support/api-keys/999").status_code == 404

        with transaction.atomic():
            assert fence.current() == ""

    def test_nobody_is_found_outside_of_a_transaction(self, lead):
        with pytest.raises(transaction.TransactionManagementError):
            person_by_id(lead.pk)
        with pytest.raises(transaction.TransactionManagementError):
            fence.enter(lead.tenant_id)

    def test_a_refused_sign_in_stays_on_record(self, lead):
        Client().post("/accounts/sign-in", {"email": lead.email, "password": "guess"})

        with fence.inside(lead.tenant_id):
            assert EventRecord.objects.get().name == "accounts.SignInFailed"


class TestChecks:
    def test_this_database_passes(self, db):
        assert check_role(["default"]) == check_tables(["default"]) == []

    def test_a_table_without_a_fence_is_refused(self, db):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_region NO FORCE ROW LEVEL SECURITY")

        assert [error.id for error in check_tables(["default"])] == ["nova.E011"]

    def test_the_models_and_migrations_agree(self, db):
        call_command("makemigrations", "tenancy", "accounts", check=True, dry_run=True)
