"""A POST sent twice has one effect and one answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from rest_framework.test import APIClient

from nova.accounts.models import Site
from nova.accounts.services import create_api_key
from nova.accounts.tokens import issue
from nova.api import idempotency
from nova.api.models import IdempotentAnswer
from nova.tenancy import fence
from tests.conftest import FencedApiClient
from tests.factories import NOW, PersonFactory, TenantFactory

SITES = "/api/support/sites"
KEY = {"HTTP_IDEMPOTENCY_KEY": "k-1"}


def test_the_same_request_gets_the_same_answer_and_has_one_effect(program):
    first = program.post(SITES, {"name": "HQ"}, format="json", **KEY)
    second = program.post(SITES, {"name": "HQ"}, format="json", **KEY)

    assert (second.status_code, second.content) == (201, first.content)
    assert second["Location"] == first["Location"]
    assert second["Content-Type"] == "application/json"
    assert second["Idempotency-Replayed"] == "true"
    assert Site.objects.count() == 1


def test_another_body_under_the_same_key_is_422(program):
    program.post(SITES, {"name": "HQ"}, format="json", **KEY)
    response = program.post(SITES, {"name": "Annex"}, format="json", **KEY)

    assert response.status_code == 422
    assert Site.objects.count() == 1


def test_a_refused_request_leaves_its_key_free(program):
    assert program.post(SITES, {"name": "refused"}, format="json", **KEY).status_code == 409
    assert program.post(SITES, {"nmae": "x"}, format="json", **KEY).status_code == 400
    assert program.post(SITES, {"name": "HQ"}, format="json", **KEY).status_code == 201


def test_a_key_is_its_persons_own(program, api_as):
    other = api_as(PersonFactory(role="admin"))
    program.post(SITES, {"name": "HQ"}, format="json", **KEY)

    assert other.post(SITES, {"name": "Annex"}, format="json", **KEY).status_code == 201


def test_an_answer_is_given_again_only_to_the_same_rights(program, admin):
    """A narrower key of the same person may not see what a wider one was shown."""
    program.post(SITES, {"name": "HQ"}, format="json", **KEY)
    _key, text = create_api_key(
        admin,
        "Narrow",
        scopes=["accounts.manage_organisation"],
        expires_at=None,
        actor=admin,
        now=NOW,
    )
    narrow = FencedApiClient()
    narrow.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")

    assert narrow.post(SITES, {"name": "HQ"}, format="json", **KEY).status_code == 422


@pytest.mark.parametrize("key", ["", "  ", "x" * 201, "a\tb"])
def test_a_key_that_is_none_is_refused(program, key):
    response = program.post(SITES, {"name": "HQ"}, format="json", HTTP_IDEMPOTENCY_KEY=key)

    assert response.status_code == 400


def test_answers_are_forgotten_after_a_day(program, tenant):
    program.post(SITES, {"name": "HQ"}, format="json", **KEY)
    IdempotentAnswer.objects.update(created_at=NOW)

    assert idempotency.prune(now=NOW + timedelta(hours=24)) == 0
    assert idempotency.prune(now=NOW + timedelta(hours=25)) == 1


def test_another_tenant_sees_no_answers(program, other_tenant):
    program.post(SITES, {"name": "HQ"}, format="json", **KEY)
    with fence.inside(other_tenant.pk):
        assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_has_the_effect_and_both_get_its_answer(settings):
    settings.ROOT_URLCONF = "tests.api.endpoints"
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        token = issue(PersonFactory(role="admin")).access_token
    start = threading.Barrier(4)

    def send(name):
        program = APIClient(headers={"Authorization": f"Bearer {token}"})
        start.wait()
        try:
            return program.post(SITES, {"name": name}, format="json", **KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(send, ["HQ", "HQ", "HQ", "HQ"]))

    assert [response.status_code for response in responses] == [201] * 4
    assert len({response.content for response in responses}) == 1
    with fence.inside(tenant.pk):
        assert Site.objects.count() == 1
