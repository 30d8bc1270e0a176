"""Input made to break things: refused in words, or taken as it is, and never a 500."""

import json

import pytest

from tests.factories import PersonFactory
from tests.tickets.making import opened_for

URL = "/api/support/tickets"
JSON = "application/json"
DEEP = b'{"title": "x", "custom_fields": ' + b'{"a": ' * 60 + b"1" + b"}" * 61
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_whole_of_nova(settings):
    settings.ROOT_URLCONF = "nova.urls"


@pytest.fixture
def desk(tenant, api_as):
    return api_as(PersonFactory(role="lead"))


def stating(**fields):
    return json.dumps({"title": "Printer jams", **fields}).encode()


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        pytest.param(b"", 400, None, id="empty"),
        pytest.param(b"[]", 400, None, id="a list"),
        pytest.param(b"null", 400, None, id="null"),
        pytest.param(b'{"title": ', 400, None, id="cut off"),
        pytest.param(b'{"title": "\xff\xfe"}', 400, None, id="broken UTF-8"),
        pytest.param(rb'{"title": "\ud800"}', 400, None, id="a lone surrogate"),
        pytest.param(rb'{"title": "a\u0000b"}', 400, None, id="NUL"),
        pytest.param(DEEP, 400, None, id="deeply nested"),
        pytest.param(b'{"title": "' + b"x" * (1 << 20) + b'"}', 413, None, id="too large"),
        pytest.param(b'{"title": NaN}', 400, None, id="not a number"),
        pytest.param(stating(title=""), 400, "title", id="no title"),
        pytest.param(stating(title=["x"]), 400, "title", id="a list for text"),
        pytest.param(stating(title="x" * 251), 400, "title", id="too long"),
        pytest.param(stating(colour="red"), 400, "colour", id="unknown field"),
        pytest.param(stating(impact="huge"), 400, "impact", id="unknown choice"),
        pytest.param(stating(impact={"a": 1}), 400, "impact", id="an object for a choice"),
        pytest.param(stating(requester=10**30), 400, None, id="huge integer"),
        pytest.param(stating(requester=-1), 400, "requester", id="negative id"),
        pytest.param(stating(requester=1.5), 400, "requester", id="half an id"),
        pytest.param(stating(requester=True), 400, "requester", id="a truth for an id"),
        pytest.param(stating(category="Nothing"), 400, "category", id="unknown category"),
        pytest.param(stating(tags=["x"] * 21), 400, "tags", id="too many tags"),
        pytest.param(stating(tags="x"), 400, "tags", id="text for a list"),
        pytest.param(stating(custom_fields={"x": 1}), 400, None, id="unknown own field"),
    ],
)
def test_a_body_that_is_wrong_is_refused_and_says_where(desk, body, status, where):
    answer = desk.generic("POST", URL, body, JSON)

    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert where is None or any(name.startswith(where) for name in answer.json()["errors"])


def test_another_tenants_people_and_things_do_not_exist(desk, outsider):
    answer = desk.post(URL, {"title": "Printer jams", "requester": outsider.email})

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"requester": ["There is no such person."]}


def test_a_body_of_another_type_is_refused(desk):
    assert desk.generic("POST", URL, b"<a/>", "application/xml").status_code == 415


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("<script>alert(1)</script>", id="HTML"),
        pytest.param('=HYPERLINK("http://x")', id="a formula"),
        pytest.param("'; DROP TABLE tickets_ticket; --", id="SQL"),
        pytest.param("{{ 7 * 7 }} {% debug %}", id="a template"),
        pytest.param("\u202egnp.exe", id="reversed text"),
        pytest.param("🖨️ brûle ﷽", id="any script"),
    ],
)
def test_text_is_kept_as_it_was_written(desk, title):
    assert desk.post(URL, {"title": title}).json()["title"] == title


def test_a_formula_leaves_as_text(desk):
    desk.post(URL, {"title": "=1+1"})
    lines = desk.get(f"{URL}/export").getvalue().decode()

    assert "'=1+1" in lines
    assert ",=1+1" not in lines


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("created_after=0001-01-01T00:00:00Z", id="the first day"),
        pytest.param("created_after=9999-12-31T23:59:59%2B14:00", id="the last day"),
        pytest.param("created_after=99999-01-01", id="beyond the calendar"),
        pytest.param("created_before=0001-01-01T00:00:00%2B14:00", id="before the calendar"),
        pytest.param("assignee=99999999999999999999999", id="a huge id"),
        pytest.param(f"assignee={'9' * 5000}", id="an endless id"),
        pytest.param("assignee=%C2%B2", id="a digit that is no number"),
        pytest.param("team=1e400", id="an endless number"),
        pytest.param("team=nan", id="no number"),
        pytest.param("requester=-1", id="a negative id"),
        pytest.param("tag=a%00b", id="NUL"),
        pytest.param("q=a%00b", id="NUL in words"),
        pytest.param("q=%22%22%20%26%20%7C!%3A*()", id="only operators"),
        pytest.param("status=,,,", id="empty choices"),
        pytest.param("priority=1,99999999999999999999", id="a huge choice"),
        pytest.param("cursor=AAAA", id="a made-up cursor"),
        pytest.param("page_size=0", id="no page"),
        pytest.param("page_size=99999999999999999999", id="a huge page"),
        pytest.param("order=title%3BDROP", id="an unknown order"),
        pytest.param("%FF=%FF", id="broken UTF-8"),
    ],
)
@pytest.mark.parametrize("path", [URL, f"{URL}/search", f"{URL}/analytics"])
def test_no_filter_breaks_a_list(desk, path, query):
    opened_for(PersonFactory())
    answer = desk.get(f"{path}?{query}")

    assert answer.status_code in (200, 400, 404), answer.content


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("PATCH", "T-1001", {"title": None}, id="no title"),
        pytest.param("PATCH", "T-1001", {"custom_fields": {"a": {"b": []}}}, id="own fields"),
        pytest.param("POST", "T-1001/transitions", {"to": "gone"}, id="unknown stage"),
        pytest.param("POST", "T-1001/transitions", {"to": ["new"]}, id="a list of stages"),
        pytest.param("POST", "T-1001/assign", {"engineer": {"id": 1}}, id="an object"),
        pytest.param("POST", "T-1001/assign", {"team": 2**63}, id="beyond bigint"),
        pytest.param("POST", "T-1001/comments", {"body": "  "}, id="blank words"),
        pytest.param(
            "POST", "T-1001/comments", {"body": "a", "seen_version": 10**40}, id="version"
        ),
        pytest.param("POST", "T-1001/time-tracking", {"minutes": 10**12}, id="endless work"),
        pytest.param(
            "POST", "T-1001/time-tracking", {"minutes": 5, "worked_on": "0000-00-00"}, id="no day"
        ),
        pytest.param("POST", "bulk-update", {"references": []}, id="nothing"),
        pytest.param("POST", "bulk-update", {"references": ["T-1"] * 1001}, id="too many"),
        pytest.param("POST", "bulk-update", {"references": ["T-" + "9" * 18]}, id="a high number"),
    ],
)
def test_no_verb_breaks(desk, method, path, body):
    opened_for(PersonFactory())
    answer = desk.generic(method, f"{URL}/{path}", json.dumps(body), JSON)

    assert answer.status_code in (200, 400, 412), answer.content


@pytest.mark.parametrize("version", ["abc", "²", "9" * 40, "9" * 5000, "", '"', "-1"])
def test_no_version_breaks_an_edit(desk, version):
    opened_for(PersonFactory())
    answer = desk.patch(f"{URL}/T-1001", {"title": "x"}, headers={"If-Match": version})

    assert answer.status_code in (200, 400, 412), answer.content


@pytest.mark.parametrize("person", ["9" * 30, "9" * 5000, "²", "a@b", ""])
def test_nobody_is_looked_up_by_a_name_that_is_none(tenant, api_as, person):
    lead = api_as(PersonFactory(role="lead"))

    assert lead.get("/api/support/vip/lookup", {"person": person}).status_code == 400
