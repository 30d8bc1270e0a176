"""What is not listed is refused."""

import pytest

from nova.accounts.models import Site
from tests.factories import PersonFactory, SiteFactory

SITES = "/api/support/sites"


def test_nobody_gets_a_challenge(api, db):
    response = api.get(SITES)

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("role", "status"), [("requester", 403), ("admin", 201)])
def test_a_verb_asks_for_its_permission(tenant, api_as, role, status):
    program = api_as(PersonFactory(role=role))

    assert program.get(SITES).status_code == 200
    assert program.post(SITES, {"name": "HQ"}, format="json").status_code == status


def test_a_verb_that_lists_no_permission_is_refused(program):
    site = SiteFactory()

    from_router = program.delete(f"{SITES}/{site.pk}")

    assert from_router.status_code == 403
    assert Site.objects.filter(pk=site.pk).exists()
