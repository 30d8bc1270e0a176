"""A provider's key, and a client that speaks SCIM as that provider."""

import json

import pytest

from nova.accounts import services
from tests.conftest import FencedClient
from tests.factories import NOW, PersonFactory

ROOT = "/scim/v2/"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
NOVA = "urn:ietf:params:scim:schemas:extension:nova:2.0:User"


class Provider:
    """An identity provider, as much of it as a test needs."""

    def __init__(self, key, client=None):
        self.key, self.client = key, client or FencedClient()

    def ask(self, method, path, body=None, *, status=None, **headers):
        """Ask, and return the answer; its status must be the one named."""
        answer = self.client.generic(
            method,
            f"{ROOT}{path}",
            "" if body is None else json.dumps(body),
            content_type="application/scim+json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )
        assert status in (None, answer.status_code), answer.content
        return answer

    def get(self, path, **query):
        answer = self.client.get(
            f"{ROOT}{path}", query, headers={"Authorization": f"Bearer {self.key}"}
        )
        assert answer.status_code == 200, answer.content
        return answer.json()

    def found(self, what, condition, **query):
        """Return the ids of what a filter finds."""
        rows = self.get(what, filter=condition, **query)["Resources"]
        return [int(row["id"]) for row in rows]

    def post(self, what, status=201, **said):
        schema = {"Users": USER, "Groups": GROUP}[what]
        return self.ask("POST", what, {"schemas": [schema], **said}, status=status).json()

    def put(self, path, status=200, **said):
        schema = USER if path.startswith("Users") else GROUP
        return self.ask("PUT", path, {"schemas": [schema], **said}, status=status).json()

    def patch(self, path, *operations, status=204, **headers):
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.ask("PATCH", path, body, status=status, **headers)


def key_of(person, scopes=("accounts.provision_people",)):
    _key, text = services.create_api_key(
        person, "Provider", scopes=scopes, expires_at=None, actor=person, now=NOW
    )
    return text


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", name="Boss")


@pytest.fixture
def account(boss):
    """Return the account by which the provider acts."""
    return PersonFactory(role="integration", kind="service", name="Provider")


@pytest.fixture
def provider(account):
    return Provider(key_of(account))


@pytest.fixture
def olive(provider):
    """Return Olive, as the provider made her."""
    return provider.post(
        "Users",
        userName="olive@b.example",
        name={"givenName": "Olive", "familyName": "Okta"},
        emails=[{"value": "olive@b.example", "type": "work", "primary": True}],
        displayName="Olive Okta",
        externalId="00u1abcd",
        active=True,
    )
