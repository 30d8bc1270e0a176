"""An independent tester of SCIM servers finds nothing to complain of."""

import pytest
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from tests.conftest import FencedClient
from tests.scim.conftest import NOVA

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CONTENT = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


def application(environ, start_response):
    """Pass a request of the tester to the whole of Nova, within the test's transaction."""
    answer = FencedClient().generic(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
        content_type=environ.get("CONTENT_TYPE", ""),
        QUERY_STRING=environ.get("QUERY_STRING", ""),
        **{name: value for name, value in environ.items() if name.startswith("HTTP_")},
    )
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


def test_the_tester_is_content(provider):
    client = WSGISCIMClient(
        application,
        base_url="http://localhost/scim/v2",
        headers={"Authorization": f"Bearer {provider.key}"},
    )
    client.discover()

    results = check_server(client)

    complaints = [
        f"{found.title}: {found.reason}"
        for found in results
        if found.status not in CONTENT and not stands_behind_another(found)
    ]
    assert not complaints, "\n".join(complaints)
    assert len(results) > 100


def stands_behind_another(found):
    """Say whether an addition was made as RFC 7644 wants it, behind what the list already held.

    The tester adds to the list of an extension twice, first within the whole extension, and then
    looks for its second value alone.
    """
    if not found.reason.startswith(f"Attribute '{NOVA}:assistants' was not added"):
        return False
    (added,), (_, last) = found.data["expected"], found.data["actual"]
    return added.value == last.value
