"""Every error is problem+json that says what is wrong where, and leaves nothing behind."""

import pytest

from nova.accounts.models import Region, Site

SITES = "/api/support/sites"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b'{"name": "x"', "line 1, column 13", id="cut off"),
        pytest.param(b'{"name": "\xff"}', "byte 10 is 0xff", id="broken UTF-8"),
        pytest.param(b'["name"]', "JSON object", id="a list"),
        pytest.param(b'{"name": "a\\u0000"}', "name holds a NUL", id="NUL"),
        pytest.param(
            b'{"extra": [{"a": "\\u0000"}]}', "extra.0.a holds a NUL", id="NUL deep down"
        ),
        pytest.param(b'{"a\\u0000": 1}', "A name holds a NUL", id="NUL in a name"),
        pytest.param(b'{"name": "\\ud800"}', "surrogate", id="lone surrogate"),
        pytest.param(b'{"extra": NaN}', "column", id="not a number"),
        pytest.param(b'{"extra": %s}' % (b"[" * 60 + b"]" * 60), "deeper than 40", id="too deep"),
        pytest.param(b'{"extra": %s}' % (b"[" * 5000 + b"]" * 5000), "column", id="far too deep"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_where_it_breaks(program, body, words):
    response = program.post(SITES, body, content_type="application/json")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert words in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"name": ["This field is required."]}),
        ({"name": "x", "nmae": 1}, {"nmae": ["There is no such field."]}),
        ({"nmae": 1}, {"name": ["This field is required."], "nmae": ["There is no such field."]}),
        (
            {"name": "x", "spans": [{"opens": 1}, {"opens": 25, "closes": 1}]},
            {
                "spans.1.opens": ["Ensure this value is less than or equal to 24."],
                "spans.1.closes": ["There is no such field."],
            },
        ),
        ({"name": "x", "spans": {}}, {"spans": ['Expected a list of items but got type "dict".']}),
    ],
)
def test_wrong_fields_are_named_by_their_path(program, body, errors):
    response = program.post(SITES, body, format="json")

    assert response.status_code == 400
    assert response.json()["errors"] == errors


@pytest.mark.parametrize(
    ("way", "status", "detail"),
    [
        ("refused", 409, "The ticket is closed."),
        ("stale", 412, "Somebody was faster."),
        ("missing", 404, "There is nothing here that you may see."),
        ("denied", 403, "You may not do this."),
        ("range", 400, "A value cannot be stored or compared."),
        ("nul", 400, "A value cannot be stored or compared."),
        ("twice", 409, "This clashes with what is stored already."),
        ("ours", 500, "This is our fault, and it was logged."),
    ],
)
def test_each_failure_has_its_status_and_undoes_what_was_written(program, way, status, detail):
    program.raise_request_exception = False
    response = program.get(f"/api/support/fail/{way}")

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == detail
    assert response.json()["status"] == status
    assert not Region.objects.exists()


def test_a_body_beyond_the_limit_is_413(program, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = program.post(SITES, {"name": "x" * 200}, format="json")

    assert response.status_code == 413


def test_a_body_of_another_type_is_415(program):
    assert program.post(SITES, "name=x", content_type="text/csv").status_code == 415


def test_a_refusal_undoes_what_was_written(program):
    response = program.post(SITES, {"name": "refused"}, format="json")

    assert response.status_code == 409
    assert not Site.objects.exists()


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/support/sites/1/2"])
def test_an_unknown_address_of_the_api_is_a_problem(api, db, path):
    response = api.get(path)

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_a_verb_that_is_not_there_is_405(program):
    assert program.put(SITES, {}, format="json").status_code == 405
    assert program.options(SITES).status_code == 405
