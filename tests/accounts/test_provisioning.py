"""What an identity provider may do to people, and what is told of it."""

import threading

import pytest
from django.db import connection

from nova.accounts import services
from nova.accounts.models import RoleGrant, User
from nova.accounts.tokens import issue, read_access
from nova.errors import Refused
from nova.events import lens
from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.factories import NOW, PersonFactory, TenantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def provider(boss):
    """Return the account by which the identity provider acts."""
    return PersonFactory(role="integration", kind="service")


def came(provider, email="olive@b.example", **fields):
    return services.provision_person(email, "Olive", actor=provider, now=NOW, **fields)


def names():
    events = EventRecord.objects.order_by("pk").values_list("name", flat=True)
    return [name.removeprefix("accounts.") for name in events]


def test_a_person_comes_as_a_requester_without_a_password(provider):
    person = came(provider, external_id="00u1", attributes={"costCenter": "4711"})

    assert [role.key for role in person.roles.all()] == ["requester"]
    assert not person.has_usable_password()
    assert names() == ["PersonAdded"]


@pytest.mark.parametrize(
    "fields",
    [{"email": "OLIVE@b.example"}, {"external_id": "00u1"}, {"user_name": "olive"}],
    ids=["e-mail", "external id", "user name"],
)
def test_what_another_person_has_is_refused(provider, fields):
    came(provider, external_id="00u1", user_name="olive")

    with pytest.raises(services.Taken):
        came(provider, **{"email": "other@b.example", **fields})

    assert names() == ["PersonAdded"]


def test_an_email_of_another_tenant_is_refused_in_the_same_words(provider, outsider):
    came(provider)
    refusals = []

    for email in (outsider.email, "olive@b.example"):
        with pytest.raises(services.Taken) as refusal:
            came(provider, email=email)
        refusals.append(str(refusal.value))

    assert refusals[0] == refusals[1]


def test_nobody_is_called_by_the_address_of_another(provider):
    came(provider)

    with pytest.raises(services.Taken):
        came(provider, email="other@b.example", user_name="olive@b.example")


def test_a_change_tells_columns_and_attributes_apart(provider):
    person = came(provider, attributes={"isVIP": False, "costCenter": "4711"})
    fields = {"title": "VP, Sales", "attributes": {"isVIP": True, "costCenter": "4711"}}

    for _again in range(2):
        services.reprovision_person(person.pk, fields, actor=provider, now=NOW)

    assert names() == ["PersonAdded", "PersonEdited"]
    payload = EventRecord.objects.last().payload
    assert payload["changes"] == {"title": ["", "VP, Sales"]}
    assert payload["attributes"] == {"isVIP": [False, True]}
    person.refresh_from_db()
    assert person.version == 2


def test_attributes_are_told_only_to_who_may_see_the_flag():
    fact = {
        "name": "accounts.PersonEdited",
        "payload": {"changes": {}, "attributes": {"isVIP": [None, True]}},
    }

    told = lens.shown(fact, lambda permission: permission != "tickets.view_vip_flag")

    assert "attributes" not in told["payload"]


def test_the_provider_does_not_take_over_somebody_stronger(provider, boss):
    with pytest.raises(Refused, match="may do more than you"):
        services.reprovision_person(boss.pk, {"email": "me@b.example"}, actor=provider, now=NOW)

    services.reprovision_person(boss.pk, {"title": "CTO"}, actor=provider, now=NOW)
    boss.refresh_from_db()
    assert boss.title == "CTO"


def test_the_provider_deactivates_an_admin_but_not_the_last(provider, boss):
    second = PersonFactory(role="admin")
    services.deactivate_person(second.pk, actor=provider, now=NOW)

    with pytest.raises(Refused, match="must be left"):
        services.deactivate_person(boss.pk, actor=provider, now=NOW)


class TestDeparture:
    @pytest.fixture
    def person(self, provider):
        person = came(provider, external_id="00u1", attributes={"isVIP": True})
        group = services.create_group("Executives", actor=provider, now=NOW)
        services.change_members(group.pk, add=[person.pk], actor=provider, now=NOW)
        return person

    def test_who_departs_is_forgotten_by_the_provider_and_may_do_nothing(self, person, provider):
        token = str(issue(person).access_token)
        services.depart_person(person.pk, actor=provider, now=NOW)

        gone = User.objects.get(pk=person.pk)
        assert (gone.is_active, gone.external_id, gone.attributes) == (False, None, {})
        assert not RoleGrant.objects.filter(person=person).exists()
        assert not gone.member_of.exists()
        assert not User.objects.provisioned().filter(pk=person.pk).exists()
        assert names()[-3:] == ["GroupMembershipChanged", "PersonDeactivated", "PersonDeparted"]
        assert read_access(token) is None

    def test_who_comes_back_is_the_same_person_with_nothing_of_before(self, person, provider):
        token = str(issue(person).access_token)
        services.depart_person(person.pk, actor=provider, now=NOW)

        back = came(provider)

        assert back.pk == person.pk
        assert [role.key for role in back.roles.all()] == ["requester"]
        assert names()[-1] == "PersonAdded"
        assert read_access(token) is None

    def test_keys_end_with_a_departure(self, person, provider, boss):
        key, _text = services.create_api_key(
            person, "x", scopes=["*"], expires_at=None, actor=boss, now=NOW
        )
        services.depart_person(person.pk, actor=provider, now=NOW)

        key.refresh_from_db()
        assert key.revoked_at == NOW

    def test_the_last_admin_does_not_depart(self, provider, boss):
        with pytest.raises(Refused, match="must be left"):
            services.depart_person(boss.pk, actor=provider, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_are_let_go_at_the_same_time_do_not_both_go():
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        provider = PersonFactory(role="integration")
        admins = [PersonFactory(role="admin").pk for _each in range(2)]
    start, refusals = threading.Barrier(2), []

    def let_go(pk):
        try:
            with fence.inside(tenant.pk):
                start.wait()
                services.deactivate_person(pk, actor=provider, now=NOW)
        except Refused as refused:
            refusals.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=let_go, args=[pk]) for pk in admins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with fence.inside(tenant.pk):
        assert User.objects.filter(pk__in=admins, is_active=True).count() == 1
    assert len(refusals) == 1
