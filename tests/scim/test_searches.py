"""What may be searched for, how it is paged, and what a search costs."""

import threading

import pytest
from django.db import connection

from nova.accounts.models import Group, GroupMembership, User
from nova.tenancy import fence
from tests.factories import GroupFactory, PersonFactory, TenantFactory
from tests.scim.conftest import ENTERPRISE, NOVA, PATCH, Provider, key_of

pytestmark = pytest.mark.django_db
INJECTIONS = [
    "'; DROP TABLE accounts_user; --",
    "' OR '1'='1",
    '\\" or userName pr or userName eq \\"',
    "%",
    "_____",
    "x' UNION SELECT password FROM accounts_user --",
    "{{7*7}}",
    "ünïcödé",
]


@pytest.fixture
def mary(provider):
    """Return a person of whom the provider has said much."""
    return provider.post(
        "Users",
        userName="Mary@b.example",
        displayName="Mary Major",
        name={"givenName": "Mary", "familyName": "Major"},
        title="VP, Sales",
        externalId="Ext-1",
        nickName="Mimi",
        phoneNumbers=[{"value": "+1 555", "type": "work"}],
        **{
            ENTERPRISE: {"employeeNumber": "4711", "department": "Sales"},
            NOVA: {"isVIP": True, "vip_level": "gold"},
        },
    )


@pytest.mark.parametrize(
    "condition",
    [
        'userName eq "mary@B.EXAMPLE"',
        'USERNAME Eq "mary@b.example"',
        'userName sw "MARY"',
        'userName co "b.example" and displayName pr',
        'emails.value eq "MARY@b.example"',
        'emails[type eq "work"].value eq "mary@b.example"',
        'emails[type eq "work" and value co "mary"]',
        'emails eq "mary@b.example"',
        'externalId eq "Ext-1"',
        'displayName co "major"',
        'displayName ew "MAJOR" and not (title eq "Clerk")',
        'title sw "vp"',
        'nickName eq "mimi"',
        'name.familyName eq "MAJOR"',
        'phoneNumbers.value eq "+1 555"',
        f'{ENTERPRISE}:employeeNumber eq "4711"',
        f'{ENTERPRISE}:department eq "sales"',
        f"{NOVA}:isVIP eq true",
        f'{NOVA}:vip_level eq "gold"',
        f"{NOVA}:isVIP pr",
        'active eq true and externalId pr and title ne "Clerk"',
        'meta.created gt "2020-01-01T00:00:00Z" and externalId pr',
        '(title eq "nobody" or nickName eq "Mimi") and active eq true',
        'displayName ge "mary" and displayName lt "mb"',
    ],
    ids=str,
)
def test_mary_and_nobody_else_is_found(provider, mary, condition):
    assert provider.found("Users", condition) == [int(mary["id"])]


@pytest.mark.parametrize(
    "condition",
    [
        'userName eq "nobody@b.example"',
        'externalId eq "ext-1"',
        'externalId eq ""',
        "active eq false",
        f"{NOVA}:isVIP eq false and externalId pr",
        'meta.lastModified lt "2020-01-01T00:00:00+00:00"',
        'id eq "nobody"',
        "manager pr",
        "groups pr",
    ],
    ids=str,
)
def test_nobody_is_found(provider, mary, condition):
    found = provider.get("Users", filter=condition.replace("manager", f"{ENTERPRISE}:manager"))

    assert found["Resources"] == [] or condition.startswith(('externalId eq ""', f"{NOVA}"))
    assert int(mary["id"]) not in [int(row["id"]) for row in found["Resources"]]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("attribute", ["userName", "displayName", "nickName", "externalId", "id"])
@pytest.mark.parametrize("operator", ["eq", "co"])
def test_a_value_is_a_value_whatever_it_says(provider, mary, text, attribute, operator):
    people = User.objects.count()
    answer = provider.client.get(
        "/scim/v2/Users",
        {"filter": f'{attribute} {operator} "{text}"'},
        headers={"Authorization": f"Bearer {provider.key}"},
    )

    assert answer.status_code == (400 if (attribute, operator) == ("id", "co") else 200)
    assert answer.json().get("Resources", []) == []
    assert User.objects.count() == people


@pytest.mark.parametrize(
    "condition",
    [
        "userName",
        'userName eq "a',
        r'userName eq "\ud800"',
        "userName like 1",
        'favouriteColour eq "blue"',
        'addresses.locality eq "Berlin"',
        "active gt true",
        'meta.created gt "yesterday"',
        "((((",
        "userName pr; drop",
    ],
)
def test_what_is_no_filter_is_refused(provider, condition):
    answer = provider.client.get(
        "/scim/v2/Users",
        {"filter": condition},
        headers={"Authorization": f"Bearer {provider.key}"},
    )

    assert answer.status_code == 400
    assert answer.json()["scimType"] == "invalidFilter"


class TestGroups:
    @pytest.fixture
    def group(self, provider):
        ana = PersonFactory(name="Ana")
        return provider.post(
            "Groups", displayName="Executives", externalId="g", members=[{"value": str(ana.pk)}]
        )

    @pytest.mark.parametrize(
        "condition",
        [
            'displayName eq "EXECUTIVES"',
            'externalId eq "g"',
            'id eq "{id}" and members eq "{member}"',
            'members[value eq "{member}"]',
            'members.value eq "{member}" and displayName sw "exec"',
            "members pr",
        ],
    )
    def test_a_group_is_found(self, provider, group, condition):
        GroupFactory(name="Others")
        member = group["members"][0]["value"]
        asked = condition.replace("{id}", group["id"]).replace("{member}", member)

        assert provider.found("Groups", asked) == [int(group["id"])]

    def test_people_and_groups_are_found_together(self, provider, group):
        rows = provider.get("", filter='displayName eq "executives" or displayName eq "Ana"')

        kinds = [row["meta"]["resourceType"] for row in rows["Resources"]]
        assert kinds == ["User", "Group"]


class TestPages:
    def test_the_probe_of_okta(self, provider, mary):
        page = provider.get("Users", startIndex=1, count=2)

        assert page["startIndex"] == 1
        assert page["itemsPerPage"] == len(page["Resources"]) == 2
        assert page["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]

    def test_nobody_is_an_empty_list(self, provider):
        page = provider.get("Users", filter='userName eq "x@b.example"', startIndex=1, count=100)

        assert (page["totalResults"], page["Resources"]) == (0, [])

    def test_pages_follow_each_other_to_the_end(self, provider, boss):
        PersonFactory.create_batch(5)
        pages = [provider.get("Users", startIndex=start, count=2) for start in (1, 3, 5, 7)]

        ids = [row["id"] for page in pages for row in page["Resources"]]
        assert {page["totalResults"] for page in pages} == {6}
        assert len(ids) == len(set(ids)) == 6

    def test_a_count_of_none_only_counts(self, provider, boss):
        page = provider.get("Users", count=0)

        assert (page["totalResults"], page["Resources"]) == (1, [])

    def test_what_is_beyond_is_empty_and_still_counted(self, provider, boss):
        assert provider.get("Users", startIndex=10**6)["totalResults"] == 1

    def test_service_accounts_and_nova_itself_are_not_shown(self, provider, boss, account):
        ids = [row["id"] for row in provider.get("Users")["Resources"]]

        assert ids == [str(boss.pk)]
        provider.ask("GET", f"Users/{account.pk}", status=404)


class TestCost:
    CONDITIONS = {
        'userName eq "mary@b.example"': {"user_user_name_unique", "accounts_user_email_"},
        'externalId eq "Ext-1"': {"user_external_id_unique"},
    }

    @pytest.mark.parametrize("count", [3, 30])
    @pytest.mark.parametrize("what", ["Users", "Groups"])
    def test_a_page_costs_the_same_for_few_and_many(
        self, provider, boss, what, count, django_assert_num_queries
    ):
        people = PersonFactory.create_batch(count)
        for person, group in zip(people, GroupFactory.create_batch(count), strict=True):
            GroupMembership.objects.create(tenant_id=group.tenant_id, group=group, person=person)

        with django_assert_num_queries(PAGE):
            page = provider.get(what, count=100)

        assert len(page["Resources"]) >= count

    @pytest.mark.slow
    @pytest.mark.parametrize("condition", CONDITIONS)
    def test_a_name_is_found_by_an_index(
        self, provider, mary, tenant, condition, django_capture_queries
    ):
        User.objects.bulk_create(
            User(tenant=tenant, email=f"p{n}@many.example", external_id=f"many-{n}")
            for n in range(5000)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE accounts_user")

        with django_capture_queries as queries:
            assert provider.found("Users", condition) == [int(mary["id"])]

        [search] = [
            q["sql"] for q in queries if '"accounts_user"."departed_at" IS NULL' in q["sql"]
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {search}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on accounts_user" not in plan
        for index in self.CONDITIONS[condition]:
            assert index in plan, plan

    @pytest.mark.parametrize("count", [3, 30])
    def test_a_person_costs_the_same_among_few_and_many(
        self, provider, boss, count, django_assert_num_queries
    ):
        PersonFactory.create_batch(count)
        said = {"userName": "new@b.example", "externalId": "n", "title": "VP"}

        with django_assert_num_queries(CREATION):
            made = provider.post("Users", **said)
        with django_assert_num_queries(CHANGE):
            provider.patch(f"Users/{made['id']}", {"op": "add", "path": "title", "value": "x"})


PAGE, CREATION, CHANGE = 10, 22, 21


@pytest.fixture
def django_capture_queries():
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    return CaptureQueriesContext(connection)


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_both_count():
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        account = PersonFactory(role="integration", kind="service")
        person, other = PersonFactory.create_batch(2)
        group = GroupFactory()
        key = key_of(account)
    start, statuses = threading.Barrier(4), []

    def change(path, operation):
        from django.test import Client  # noqa: PLC0415

        try:
            start.wait()
            answer = Provider(key, Client()).patch(path, operation, status=None)
            statuses.append(answer.status_code)
        finally:
            connection.close()

    people, groups = f"Users/{person.pk}", f"Groups/{group.pk}"
    changes = [
        (people, {"op": "replace", "path": "title", "value": "VP"}),
        (people, {"op": "replace", "path": "nickName", "value": "Ollie"}),
        (groups, {"op": "add", "path": "members", "value": [{"value": str(person.pk)}]}),
        (groups, {"op": "add", "path": "members", "value": [{"value": str(other.pk)}]}),
    ]
    threads = [threading.Thread(target=change, args=each) for each in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with fence.inside(tenant.pk):
        person.refresh_from_db()
        assert (person.title, person.attributes["nickName"]) == ("VP", "Ollie")
        assert person.version == 3
        assert set(Group.objects.get().members.all()) == {person, other}
    assert statuses == [204] * 4


class TestWhoMayAsk:
    @pytest.mark.parametrize(
        "credential",
        [
            "",
            "Bearer",
            "Bearer x",
            "Bearer nova_1_abcdefgh_x",
            "Bearer nova_99999999999999999999_abcdefgh_x",
            "Bearer nova_\u0661_abcdefgh_x",
            "Basic dXNlcjpwYXNz",
        ],
    )
    def test_not_without_a_valid_key(self, client, provider, credential):
        answer = client.get("/scim/v2/Users", headers={"Authorization": credential})

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]

    def test_not_with_the_token_of_a_person(self, api_as, boss):
        assert api_as(boss).get("/scim/v2/Users").status_code == 401

    def test_not_with_a_session(self, as_person, boss):
        assert as_person(boss).get("/scim/v2/Users").status_code == 401

    @pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
    def test_not_with_a_key_that_has_another_scope(self, account, method):
        provider = Provider(key_of(account, scopes=["tickets.view_ticket"]))

        provider.ask(method, "Users", {} if method == "POST" else None, status=403)

    def test_not_for_an_account_that_may_not(self, boss):
        lead = PersonFactory(role="lead")

        Provider(key_of(lead, scopes=["*"])).ask("GET", "Users", status=403)

    def test_one_tenant_sees_nothing_of_another(self, provider, boss, outsider):
        rows = provider.get("Users", filter=f'userName eq "{outsider.email}"')

        assert rows["totalResults"] == 0
        provider.ask("GET", f"Users/{outsider.pk}", status=404)
        provider.ask("DELETE", f"Users/{outsider.pk}", status=404)
        provider.patch(
            f"Users/{outsider.pk}", {"op": "replace", "path": "title", "value": "x"}, status=404
        )
        assert [row["id"] for row in provider.get("Users")["Resources"]] == [str(boss.pk)]

    def test_too_much_is_too_much(self, provider):
        body = {"userName": "a@b.example", "nickName": "x" * (1 << 20)}

        assert provider.ask("POST", "Users", body, status=413).json()["status"] == "413"

    def test_too_often_is_refused_with_the_time_to_wait(self, provider, settings):
        settings.API_LIMITS = {"person": (2, 60), "key": (2, 60)}
        answers = [provider.ask("GET", "Users") for _each in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert '"key";r=0' in answers[-1]["RateLimit"]

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "Nothing", 404),
            ("GET", "Users/none", 404),
            ("GET", "Users/1/2", 404),
            ("DELETE", "Users", 405),
            ("POST", "Schemas", 405),
            ("GET", "Me", 501),
        ],
    )
    def test_what_is_not_there_is_said_in_scim(self, provider, method, path, status):
        answer = provider.ask(method, path, status=status)

        assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert answer["Content-Type"] == "application/scim+json"

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b'{"Operations": 1}'])
    @pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
    def test_a_body_that_is_none_is_refused(self, provider, olive, method, body):
        path = "Users" if method == "POST" else f"Users/{olive['id']}"

        answer = provider.client.generic(
            method,
            f"/scim/v2/{path}",
            body,
            content_type="application/scim+json",
            headers={"Authorization": f"Bearer {provider.key}"},
        )

        assert answer.status_code == 400


class TestBulk:
    def test_one_that_fails_leaves_the_others(self, provider, olive):
        operations = [
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": self.person("a")},
            {"method": "POST", "path": "/Users", "bulkId": "b", "data": self.person("olive")},
            {
                "method": "PATCH",
                "path": f"/Users/{olive['id']}",
                "data": {
                    "schemas": [PATCH],
                    "Operations": [{"op": "Add", "path": "title", "value": "VP"}],
                },
            },
        ]

        answer = provider.ask("POST", "Bulk", self.bulk(operations), status=200).json()

        assert [each["status"] for each in answer["Operations"]] == ["201", "409", "200"]
        assert User.objects.filter(email="a@b.example").exists()
        assert User.objects.get(pk=olive["id"]).title == "VP"

    def test_more_than_a_hundred_are_refused(self, provider):
        operations = [{"method": "DELETE", "path": "/Users/1"}] * 101

        provider.ask("POST", "Bulk", self.bulk(operations), status=413)

    def person(self, name):
        return {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": f"{name}@b.example",
        }

    def bulk(self, operations):
        return {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": operations,
        }


def test_it_describes_itself(provider):
    config = provider.get("ServiceProviderConfig")
    types = provider.get("ResourceTypes")
    schemas = provider.get("Schemas")

    assert config["patch"]["supported"]
    assert [row["endpoint"] for row in types["Resources"]] == ["/Users", "/Groups"]
    assert {ENTERPRISE, NOVA} <= {row["id"] for row in schemas["Resources"]}
