"""What may be done to people and keys, and what is refused."""

from datetime import timedelta

import pytest

from nova.accounts import services, totp
from nova.accounts.models import Role, SecondFactor
from nova.accounts.system import system_of
from nova.errors import Refused
from nova.events.models import EventRecord
from tests.factories import NOW, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def clerk(tenant):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.manage_people", "accounts.manage_keys"])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    return person


def key_for(person, actor, expires_at=None):
    return services.create_api_key(
        person, "x", scopes=["*"], expires_at=expires_at, actor=actor, now=NOW
    )


@pytest.mark.parametrize(
    "act",
    [
        lambda boss, clerk: services.edit_person(
            boss.pk, {"email": "mine@example.com"}, actor=clerk, now=NOW
        ),
        lambda boss, clerk: services.deactivate_person(boss.pk, actor=clerk, now=NOW),
        lambda boss, clerk: services.remove_second_factor(boss, actor=clerk, now=NOW),
        lambda boss, clerk: key_for(boss, actor=clerk),
    ],
    ids=["edit", "deactivate", "remove second factor", "make a key"],
)
def test_nobody_does_it_to_somebody_stronger(boss, clerk, act):
    with pytest.raises(Refused, match="may do more than you"):
        act(boss, clerk)

    assert not EventRecord.objects.exists()


def test_an_inactive_admin_is_no_weaker_for_that(boss, clerk):
    second = PersonFactory(role="admin")
    services.deactivate_person(boss.pk, actor=second, now=NOW)

    with pytest.raises(Refused, match="may do more than you"):
        services.reactivate_person(boss.pk, actor=clerk, now=NOW)


def test_nobody_deactivates_themselves(boss):
    with pytest.raises(Refused, match="themselves"):
        services.deactivate_person(boss.pk, actor=boss, now=NOW)


def test_the_last_who_manages_roles_stays(boss):
    with pytest.raises(Refused, match="Somebody must be left"):
        services.revoke_role(boss, Role.objects.get(key="admin"), actor=boss, now=NOW)

    assert boss.roles.count() == 1


def test_the_last_one_cannot_be_deactivated_by_another_way(boss):
    second = PersonFactory(role="admin")
    services.deactivate_person(boss.pk, actor=second, now=NOW)

    with pytest.raises(Refused):
        services.revoke_role(second, Role.objects.get(key="admin"), actor=second, now=NOW)


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_key_that_would_never_be_valid_is_refused(boss, seconds):
    with pytest.raises(Refused, match="future"):
        key_for(boss, actor=boss, expires_at=NOW + timedelta(seconds=seconds))


def test_no_key_acts_as_nova_itself(boss):
    with pytest.raises(Refused, match="nobody who signs in"):
        key_for(system_of(boss.tenant_id), actor=boss)


def test_a_role_granted_twice_is_told_once(boss):
    person, role = PersonFactory(role=""), Role.objects.get(key="lead")

    for _ in range(2):
        services.grant_role(person, role, actor=boss, now=NOW)

    assert EventRecord.objects.filter(name="accounts.RoleGranted").count() == 1


def test_an_edit_that_changes_nothing_is_not_told(boss):
    person = PersonFactory(name="Ada")

    services.edit_person(person.pk, {"name": "Ada"}, actor=boss, now=NOW)

    assert not EventRecord.objects.exists()


def test_an_admin_takes_a_lost_app_away(boss):
    person = PersonFactory()
    secret = services.begin_second_factor(person)
    code = totp.code_at(secret, int(NOW.timestamp()) // 30)
    services.confirm_second_factor(person, code, now=NOW)

    services.remove_second_factor(person, actor=boss, now=NOW)

    assert not SecondFactor.objects.exists()
    assert EventRecord.objects.last().actor == boss
