"""People as Entra ID and Okta provision them, in the words that each of them uses."""

import pytest

from nova.accounts.models import Department, User
from nova.events.models import EventRecord
from tests.factories import DepartmentFactory, PersonFactory
from tests.scim.conftest import ENTERPRISE, NOVA, USER

pytestmark = pytest.mark.django_db


def stored(said):
    return User.objects.select_related("department", "manager").get(pk=said["id"])


def told():
    names = EventRecord.objects.filter(name__startswith="accounts.Person").order_by("pk")
    return [name.removeprefix("accounts.") for name in names.values_list("name", flat=True)]


class TestCreation:
    def test_a_person_is_made_as_okta_sends_them_and_without_the_password(self, provider):
        said = provider.post(
            "Users",
            userName="Olive@B.example",
            name={"givenName": "Olive", "familyName": "Okta"},
            emails=[{"primary": True, "value": "olive@b.example", "type": "work"}],
            displayName="Olive Okta",
            locale="en-US",
            externalId="00u1abcd",
            groups=[],
            password="x",
            active=True,
        )

        person = stored(said)
        assert (person.email, person.name, person.external_id) == (
            "olive@b.example",
            "Olive Okta",
            "00u1abcd",
        )
        assert not person.has_usable_password()
        assert said["userName"] == "Olive@B.example"
        assert "password" not in said
        assert person.attributes["locale"] == "en-US"
        assert told() == ["PersonAdded"]

    def test_the_answer_says_where_the_person_is(self, provider):
        answer = provider.ask("POST", "Users", {"schemas": [USER], "userName": "a@b.example"})

        assert answer["Location"] == answer.json()["meta"]["location"]
        assert answer["Location"].startswith("http://testserver/scim/v2/Users/")
        assert answer["ETag"] == answer.json()["meta"]["version"] == 'W/"1"'

    @pytest.mark.parametrize(
        "again",
        [
            {"userName": "OLIVE@b.example"},
            {"userName": "other", "emails": [{"value": "olive@b.example"}]},
            {"userName": "other@b.example", "externalId": "00u1abcd"},
        ],
        ids=["user name", "e-mail", "external id"],
    )
    def test_who_is_there_already_is_refused_as_scim_says(self, provider, olive, again):
        refusal = provider.post("Users", status=409, **again)

        assert refusal["scimType"] == "uniqueness"
        assert refusal["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert refusal["status"] == "409"

    def test_a_stranger_of_another_tenant_is_refused_in_the_same_words(
        self, provider, olive, outsider
    ):
        ours = provider.post("Users", status=409, userName="olive@b.example")
        theirs = provider.post("Users", status=409, userName=outsider.email)

        assert ours == theirs

    def test_a_user_name_need_be_no_address(self, provider):
        said = provider.post("Users", userName="olive")

        assert stored(said).email.endswith(".invalid")
        assert "emails" not in said

    def test_who_is_inactive_from_the_start_is_made_so(self, provider):
        assert not stored(provider.post("Users", userName="a@b.example", active="False")).is_active
        assert stored(provider.post("Users", userName="c@b.example", Active=None)).is_active

    @pytest.mark.parametrize(
        "said",
        [
            {"title": "x" * 151},
            {"externalId": "x" * 201},
            {"nickName": "x" * 5000},
            {"emails": [{"value": "no address"}]},
            {"active": "perhaps"},
            {"title": "a\0b"},
            {ENTERPRISE: {"manager": {"value": "999999"}}},
            {NOVA: {"assistants": [{"value": "nobody"}]}},
        ],
        ids=lambda said: str(next(iter(said)))[:20],
    )
    def test_what_cannot_be_kept_is_refused(self, provider, said):
        refusal = provider.post("Users", status=400, userName="a@b.example", **said)

        assert refusal["status"] == "400"
        assert not User.objects.filter(email="a@b.example").exists()

    def test_a_department_is_found_by_its_name(self, provider):
        sales = DepartmentFactory(name="Sales")

        said = provider.post(
            "Users", userName="a@b.example", **{ENTERPRISE: {"department": "SALES"}}
        )

        assert stored(said).department == sales
        assert said[ENTERPRISE]["department"] == "Sales"

    def test_a_department_that_nova_does_not_know_is_kept_as_a_word(self, provider):
        said = provider.post(
            "Users", userName="a@b.example", **{ENTERPRISE: {"department": "Warp drives"}}
        )

        assert stored(said).department is None
        assert said[ENTERPRISE]["department"] == "Warp drives"
        assert not Department.objects.exists()


class TestEntra:
    """What Entra ID sends, by default and with `aadOptscim062020`."""

    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "Replace", "path": "active", "value": "False"},
            {"op": "replace", "path": "active", "value": False},
            {"op": "replace", "value": {"active": False}},
        ],
        ids=["default", "flag", "okta"],
    )
    def test_a_person_is_deactivated(self, provider, olive, operation):
        provider.patch(f"Users/{olive['id']}", operation)

        assert not stored(olive).is_active
        assert told()[-1] == "PersonDeactivated"

    @pytest.mark.parametrize("op", ["Add", "add", "Replace"])
    def test_a_nickname_is_added(self, provider, olive, op):
        provider.patch(f"Users/{olive['id']}", {"op": op, "path": "nickName", "value": "Ollie"})

        assert stored(olive).attributes["nickName"] == "Ollie"

    def test_many_attributes_are_replaced_one_by_one(self, provider, olive):
        provider.patch(
            f"Users/{olive['id']}",
            {"op": "Replace", "path": "displayName", "value": "Oli"},
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "O@b.example"},
            {"op": "Replace", "path": "name.givenName", "value": "Olivia"},
            {"op": "Replace", "path": "externalId", "value": "77"},
            {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "4711"},
        )

        person = stored(olive)
        assert (person.name, person.email, person.external_id) == ("Oli", "o@b.example", "77")
        assert person.attributes["name.givenName"] == "Olivia"
        assert person.attributes["name.familyName"] == "Okta"
        assert person.attributes["employeeNumber"] == "4711"

    def test_dotted_and_urn_keys_are_paths(self, provider, olive):
        provider.patch(
            f"Users/{olive['id']}",
            {
                "op": "replace",
                "value": {
                    "displayName": "Oli",
                    "name.givenName": "Olivia",
                    "name.familyName": "O.",
                    f"{ENTERPRISE}:employeeNumber": "4712",
                },
            },
        )

        attributes = stored(olive).attributes
        assert attributes["name.familyName"] == "O."
        assert attributes["employeeNumber"] == "4712"
        assert not [name for name in attributes if name.startswith("urn:")]

    def test_a_manager_comes_as_a_bare_id(self, provider, olive):
        boss = provider.post("Users", userName="boss@b.example")

        provider.patch(
            f"Users/{olive['id']}",
            {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": boss["id"]},
        )

        assert stored(olive).manager_id == int(boss["id"])
        provider.patch(f"Users/{olive['id']}", {"op": "Remove", "path": f"{ENTERPRISE}:manager"})
        assert stored(olive).manager is None

    def test_an_email_that_is_not_there_yet_is_added_by_its_kind(self, provider):
        said = provider.post("Users", userName="olive")

        provider.patch(
            f"Users/{said['id']}",
            {"op": "Add", "path": 'emails[type eq "work"].value', "value": "olive@b.example"},
            {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+1 2"},
            {"op": "Add", "path": 'addresses[type eq "work"].locality', "value": "Berlin"},
        )

        person = stored(said)
        assert (person.email, person.phone) == ("olive@b.example", "+1 2")
        assert person.attributes["addresses.work.locality"] == "Berlin"

    def test_what_nova_does_not_know_is_passed_over(self, provider, olive):
        provider.patch(
            f"Users/{olive['id']}",
            {"op": "Add", "path": "favouriteColour", "value": "blue"},
            {"op": "Add", "path": "title", "value": "VP, Sales"},
        )

        assert stored(olive).title == "VP, Sales"

    def test_a_broken_operation_changes_nothing(self, provider, olive):
        provider.patch(
            f"Users/{olive['id']}",
            {"op": "Replace", "path": "title", "value": "VP"},
            {"op": "Replace", "path": "active", "value": "perhaps"},
            status=400,
        )

        assert stored(olive).title == ""

    def test_somebody_is_active_or_not(self, provider, olive):
        provider.patch(f"Users/{olive['id']}", {"op": "remove", "path": "active"}, status=400)

        assert stored(olive).is_active


class TestVip:
    """What makes somebody a VIP by rule; the rules themselves are of the app `vip`."""

    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "Add", "path": f"{NOVA}:isVIP", "value": "True"},
            {"op": "replace", "value": {NOVA: {"isVIP": True}}},
            {"op": "replace", "value": {f"{NOVA}:isVIP": True}},
        ],
        ids=["entra", "okta", "urn key"],
    )
    def test_the_flag_is_a_boolean_whoever_sends_it(self, provider, olive, operation):
        provider.patch(f"Users/{olive['id']}", operation)

        assert stored(olive).attributes["isVIP"] is True
        event = EventRecord.objects.order_by("pk").last()
        assert event.payload["attributes"] == {"isVIP": [None, True]}
        assert event.payload["changes"] == {}

    def test_a_level_is_one_of_three_in_lower_case(self, provider, olive):
        provider.patch(
            f"Users/{olive['id']}",
            {"op": "replace", "value": {NOVA: {"isVIP": True, "vip_level": "Gold"}}},
        )

        assert stored(olive).attributes["vip_level"] == "gold"
        assert provider.get(f"Users/{olive['id']}")[NOVA] == {"isVIP": True, "vip_level": "gold"}

    def test_a_title_is_a_column(self, provider, olive):
        provider.patch(
            f"Users/{olive['id']}", {"op": "Replace", "path": "title", "value": "VP, Sales"}
        )

        assert EventRecord.objects.order_by("pk").last().payload["changes"] == {
            "title": ["", "VP, Sales"]
        }

    def test_assistants_are_kept_by_their_ids(self, provider, olive):
        helper = provider.post("Users", userName="helper@b.example")

        provider.patch(
            f"Users/{olive['id']}",
            {"op": "add", "path": f"{NOVA}:assistants", "value": [{"value": helper["id"]}]},
        )

        assert stored(olive).attributes["assistants"] == [helper["id"]]
        [shown] = provider.get(f"Users/{olive['id']}")[NOVA]["assistants"]
        assert shown["$ref"].endswith(f"/scim/v2/Users/{helper['id']}")

    def test_extensions_that_nova_does_not_know_are_kept_for_rules(self, provider):
        ours = "urn:acme:scim:1.0:User"
        said = provider.post("Users", userName="a@b.example", **{ours: {"badge": "7"}})
        provider.patch(
            f"Users/{said['id']}",
            {"op": "Add", "path": f"{ours}:grade", "value": 12},
            {"op": "replace", "value": {ours: {"tags": [{"value": "a"}, "b"]}}},
        )

        attributes = stored(said).attributes
        assert attributes[f"{ours}:badge"] == "7"
        assert attributes[f"{ours}:grade"] == 12
        assert attributes[f"{ours}:tags"] == ["a", "b"]

        provider.patch(f"Users/{said['id']}", {"op": "Remove", "path": f"{ours}:badge"})
        assert f"{ours}:badge" not in stored(said).attributes

        provider.put(f"Users/{said['id']}", userName="a@b.example", **{ours: {"badge": "8"}})
        assert {name for name in stored(said).attributes if name.startswith(ours)} == {
            f"{ours}:badge"
        }


class TestOkta:
    def test_a_put_replaces_the_profile_and_lets_nobody_out(self, provider, olive):
        provider.put(
            f"Users/{olive['id']}",
            userName="olive@b.example",
            name={"givenName": "Olive", "familyName": "Other"},
            emails=[{"value": "olive@b.example", "primary": True}],
        )

        person = stored(olive)
        assert (person.name, person.external_id) == ("Olive Other", None)
        assert person.is_active

    def test_nor_does_it_let_anybody_in(self, provider, olive):
        provider.patch(f"Users/{olive['id']}", {"op": "replace", "path": "active", "value": False})

        provider.put(f"Users/{olive['id']}", userName="olive@b.example")
        provider.put(f"Users/{olive['id']}", userName="olive@b.example", active=None)

        assert not stored(olive).is_active

    def test_who_was_made_by_hand_is_found_and_taken_over(self, provider):
        person = PersonFactory(email="hand@b.example", name="Made by hand")

        [row] = provider.get("Users", filter='userName eq "HAND@b.example"')["Resources"]
        provider.patch(f"Users/{row['id']}", {"op": "Add", "path": "externalId", "value": "00u9"})

        person.refresh_from_db()
        assert person.external_id == "00u9"
        assert person.name == "Made by hand"


class TestTwice:
    OPERATIONS = (
        {"op": "Replace", "path": "title", "value": "VP, Sales"},
        {"op": "Add", "path": f"{NOVA}:isVIP", "value": "True"},
        {"op": "Add", "path": "urn:acme:1:User:grade", "value": "7"},
        {"op": "Replace", "path": "active", "value": "False"},
    )

    def test_the_same_patch_changes_nothing_and_tells_nothing(self, provider, olive):
        provider.patch(f"Users/{olive['id']}", *self.OPERATIONS)
        before, version = told(), stored(olive).version

        provider.patch(f"Users/{olive['id']}", *self.OPERATIONS)

        assert told() == before == ["PersonAdded", "PersonEdited", "PersonDeactivated"]
        assert stored(olive).version == version

    def test_nor_does_the_same_put(self, provider, olive):
        said = provider.get(f"Users/{olive['id']}")

        for _again in range(2):
            provider.put(f"Users/{olive['id']}", **said)

        assert told() == ["PersonAdded"]


class TestVersions:
    def test_a_change_of_what_was_changed_meanwhile_is_refused(self, provider, olive):
        before = olive["meta"]["version"]
        provider.patch(f"Users/{olive['id']}", {"op": "add", "path": "title", "value": "CTO"})

        refusal = provider.patch(
            f"Users/{olive['id']}",
            {"op": "add", "path": "title", "value": "CEO"},
            status=412,
            **{"If-Match": before},
        )

        assert refusal.json()["status"] == "412"
        assert stored(olive).title == "CTO"

    def test_what_is_known_is_not_sent_again(self, provider, olive):
        version = olive["meta"]["version"]

        provider.ask("GET", f"Users/{olive['id']}", status=304, **{"If-None-Match": version})


class TestGoing:
    def test_who_is_deleted_is_gone_for_the_provider_and_stays_in_nova(self, provider, olive):
        provider.ask("DELETE", f"Users/{olive['id']}", status=204)

        provider.ask("GET", f"Users/{olive['id']}", status=404)
        provider.ask("DELETE", f"Users/{olive['id']}", status=404)
        assert provider.found("Users", 'userName eq "olive@b.example"') == []
        assert not stored(olive).is_active

    def test_who_comes_back_is_the_same_person(self, provider, olive):
        provider.ask("DELETE", f"Users/{olive['id']}", status=204)

        again = provider.post("Users", userName="olive@b.example", active=True)

        assert again["id"] == olive["id"]
        assert stored(again).is_active

    def test_sessions_and_tokens_end_with_a_deactivation(self, provider, olive, as_person, api_as):
        person = stored(olive)
        browser, program = as_person(person), api_as(person)
        assert program.get("/api/support/me").status_code == 200

        provider.patch(
            f"Users/{olive['id']}", {"op": "Replace", "path": "active", "value": "False"}
        )

        assert program.get("/api/support/me").status_code == 401
        assert browser.get("/portal/").status_code == 302

    def test_the_last_admin_stays(self, provider, boss):
        refusal = provider.patch(
            f"Users/{boss.pk}", {"op": "Replace", "path": "active", "value": "False"}, status=409
        )
        provider.ask("DELETE", f"Users/{boss.pk}", status=409)

        assert "must be left" in refusal.json()["detail"]
        boss.refresh_from_db()
        assert boss.is_active

    def test_an_admin_is_let_go_when_there_is_another(self, provider, boss):
        PersonFactory(role="admin")

        provider.patch(f"Users/{boss.pk}", {"op": "replace", "value": {"active": False}})

        boss.refresh_from_db()
        assert not boss.is_active


@pytest.mark.parametrize("number", [2**64, -(2**64), 10**400])
def test_a_number_that_is_too_large_is_refused(provider, olive, number):
    said = {"urn:acme:2.0:User": {"badge": number}}
    answer = provider.put(f"Users/{olive['id']}", status=400, userName="olive@b.example", **said)
    assert answer["detail"] == "urn:acme:2.0:User:badge is too large a number"
