"""Whatever comes in, the API answers in its own words: never a 500, and as its schema says."""

from collections import Counter
from contextlib import suppress

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from nova.accounts.tokens import issue
from tests.conftest import FencePutAside
from tests.factories import PersonFactory
from tests.tickets.making import opened_for

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCHEMA = "/api/schema?format=json"
EXAMPLES = 3
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
quietly = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _the_whole_of_nova(settings):
    """Serve what Nova serves, not the small API that the other tests of this folder try."""
    settings.ROOT_URLCONF = "nova.urls"
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, (10**9, 60))


@pytest.fixture
def served(db):
    """Return Nova as a WSGI application whose requests begin outside of every fence.

    The handler is that of Django's own client: it leaves the test's connection open.
    """
    handler = ClientHandler()

    def application(environ, start_response):
        with FencePutAside():
            answer = handler(environ)
            body = answer.getvalue()
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [body]

    return application


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("role", ["admin", "technician", "requester"])
def test_what_the_schema_allows_and_what_it_does_not_is_answered(role, mode, tenant, served):
    opened_for(PersonFactory())
    person = PersonFactory(role=role)
    headers = {"Authorization": f"Bearer {issue(person).access_token}"}
    reader = {"Authorization": f"Bearer {issue(PersonFactory(role='admin')).access_token}"}
    schema = schemathesis.openapi.from_wsgi(SCHEMA, served, headers=reader)
    asked = Counter()

    def ask(operation):
        @quietly
        @given(case=operation.as_strategy(generation_mode=mode))
        def once(case):
            asked[operation.label] += 1
            case.call_and_validate(headers=headers, checks=PROMISES)

        with suppress(Unsatisfiable):  # nothing that goes into it would be wrong
            once()

    for found in schema.get_all_operations():
        ask(found.ok())

    assert sum(asked.values()) > len(asked) > 30
