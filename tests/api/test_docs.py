"""What the API says of itself."""

import pytest

from tests.factories import PersonFactory


@pytest.fixture
def document(program):
    return program.get("/api/schema").json()


def test_each_operation_documents_its_problems(document):
    operation = document["paths"]["/api/support/sites"]["post"]

    assert {"400", "401", "403", "404", "409", "412", "415", "429"} <= set(operation["responses"])
    refusal = operation["responses"]["409"]["content"]["application/problem+json"]["schema"]
    assert refusal == {"$ref": "#/components/schemas/Problem"}


def test_a_post_documents_the_idempotency_key(document):
    names = [p["name"] for p in document["paths"]["/api/support/sites"]["post"]["parameters"]]

    assert "Idempotency-Key" in names


def test_an_operation_names_its_permission(document):
    description = document["paths"]["/api/support/sites"]["post"]["description"]

    assert "`accounts.manage_organisation`" in description


def test_a_list_documents_its_pages(document):
    parameters = document["paths"]["/api/support/sites"]["get"]["parameters"]

    assert {"cursor", "page_size", "count"} <= {p["name"] for p in parameters}


@pytest.mark.parametrize(("role", "status"), [("requester", 403), ("technician", 200)])
@pytest.mark.parametrize("path", ["/api/schema", "/api/docs"])
def test_the_documents_are_for_those_who_work_here(tenant, as_person, role, status, path):
    assert as_person(PersonFactory(role=role)).get(path).status_code == status


def test_the_page_loads_nothing_from_elsewhere(admin, as_person):
    response = as_person(admin).get("/api/docs")

    assert b"//" not in response.content.replace(b"<!doctype", b"")
    assert b"<style" not in response.content
    assert "unsafe" not in response["Content-Security-Policy"]
