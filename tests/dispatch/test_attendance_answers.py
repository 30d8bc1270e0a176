"""What an attendance service may answer, and what is told of every mistake."""

import json
from datetime import UTC, datetime

import pytest

from dispatch.attendance.answers import MOST_ROWS, NotAsAgreed, Who, findings_in
from tests.factories import NOW

ANN, BEN = 1, 2
ENGINEERS = {ANN: Who("ann@acme.example", "4711"), BEN: Who("ben@acme.example", "")}
GOOD = {"email": "ben@acme.example", "on_duty": True}
FIVE = datetime(2026, 3, 3, 17, tzinfo=UTC)


def found(*people):
    return findings_in(json.dumps(people).encode(), ENGINEERS, NOW)


def ann(**said):
    return {"email": "ann@acme.example", "on_duty": True, **said}


@pytest.mark.parametrize(
    "named",
    [
        {"email": "ann@acme.example"},
        {"email": " Ann@ACME.example"},
        {"external_id": "4711"},
        {"email": "ann@acme.example", "external_id": "4711"},
        {"email": "ann@acme.example", "external_id": "unknown"},
        {"email": None, "external_id": "4711"},
    ],
)
def test_somebody_is_named_by_email_or_external_id(named):
    findings = found({**named, "on_duty": True})

    assert set(findings.rows) == {ANN}
    assert not findings.remarks


@pytest.mark.parametrize(
    ("said", "since", "until", "back_at"),
    [
        ({"until": "2026-03-03T17:00:00Z"}, None, FIVE, None),
        ({"until": "2026-03-03T18:00:00.25+01:00"}, None, FIVE.replace(microsecond=250_000), None),
        ({"since": "2026-03-03T10:04:00Z"}, NOW.replace(minute=4), None, None),
        # who is still there has no end that is known, and who was to be back has not come
        ({"until": "2026-03-03T09:00:00Z"}, None, None, None),
        ({"on_duty": False, "back_at": "2026-03-03T09:00:00Z"}, None, None, None),
        ({"on_duty": False, "back_at": "2026-03-03T17:00:00Z"}, None, None, FIVE),
        ({"on_duty": False, "until": "2026-03-03T17:00:00Z"}, None, None, None),
        ({"back_at": "2026-03-03T17:00:00Z", "until": None}, None, None, None),
    ],
)
def test_instants_say_what_comes(said, since, until, back_at):
    row = found(ann(**said)).rows[ANN]

    assert (row.on_duty, row.since) == (said.get("on_duty", True), since)
    assert (row.until, row.back_at) == (until, back_at)


WRONG_ROWS = {
    "no object": ("ann@acme.example", "is not an object"),
    "no name": ({"on_duty": True}, "names nobody"),
    "a number for a name": (ann(external_id=4711), "external_id: is not a text"),
    "a long name": ({"email": "a" * 255, "on_duty": True}, "email: is not a text"),
    "an empty name": ({"email": " ", "on_duty": True}, "email: is not a text"),
    "no on_duty": ({"email": "ann@acme.example"}, "on_duty: is not true or false"),
    "on_duty in words": (ann(on_duty="yes"), "on_duty: is not true or false"),
    "on_duty a number": (ann(on_duty=1), "on_duty: is not true or false"),
    "a date": (ann(until="2026-03-03"), "until: is not an instant"),
    "without a zone": (ann(until="2026-03-03T17:00:00"), "until: is not an instant"),
    "no such day": (ann(until="2026-02-30T17:00:00Z"), "until: is not an instant"),
    "a number": (ann(until=1772557200), "until: is not an instant"),
    "before all time": (ann(until="0001-01-01T00:00:00+14:00"), "until: is "),
    "after all time": (ann(until="9999-12-31T23:59:59-14:00"), "until: is "),
    "years away": (ann(on_duty=False, back_at="2036-01-01T00:00:00Z"), "back_at: is years away"),
    "of another zone": (ann(since="2026-03-03T11:00:00Z"), "since: has not come yet"),
}


@pytest.mark.parametrize(("wrong", "words"), WRONG_ROWS.values(), ids=WRONG_ROWS)
def test_a_row_that_is_wrong_is_told_and_the_others_are_used(wrong, words):
    findings = found(wrong, GOOD)

    assert set(findings.rows) == {BEN}
    assert len(findings.remarks) == 1
    assert findings.remarks[0].startswith(f"row 1: {words}")


def test_of_whom_a_row_is_wrong_nothing_is_known_anew():
    assert found(ann(until="soon"), GOOD).unclear == {ANN}


def test_two_rows_about_one_person_are_not_used_whatever_they_are_called_by():
    findings = found(ann(), GOOD, {"external_id": "4711", "on_duty": False})

    assert (set(findings.rows), findings.unclear) == ({BEN}, {ANN})
    assert findings.remarks == ["rows 1 and 3: are about one person, and none of them is used"]


def test_a_row_about_two_people_is_used_for_none():
    findings = found({"email": "ben@acme.example", "external_id": "4711", "on_duty": True}, ann())

    assert (set(findings.rows), findings.unclear) == (set(), {ANN, BEN})
    assert "row 1: email and external_id are of two people" in findings.remarks


def test_others_than_engineers_are_counted_and_no_mistake():
    findings = found(GOOD, {"email": "boss@acme.example", "on_duty": True})

    assert (set(findings.rows), findings.strangers, findings.remarks) == ({BEN}, 1, [])


def test_fields_that_nobody_reads_are_told_once():
    findings = found(ann(untill="2026-03-03T17:00:00Z"), {**GOOD, "untill": None, "x y": 1})

    assert set(findings.rows) == {ANN, BEN}
    assert findings.remarks == ["not read: untill"]


WRONG_ANSWERS = {
    "empty": (b"", "not JSON"),
    "a page": (b"<html>Sign in</html>", "not JSON"),
    "cut off": (b'[{"email": "a', "not JSON"),
    "no text": (b"\xff\xfe\xfd", "not JSON"),
    "very deep": (b"[" * 100_000, "not JSON"),
    "an object": (b'{"people": []}', "not a list"),
    "nothing": (b"null", "not a list"),
    "too many": (b"[" + b"1," * MOST_ROWS + b"1]", "more than 20000 rows"),
    "nothing right in it": (
        b'[{"on_duty": true}, 7]',
        "No row is as agreed. The first one: names",
    ),
}


@pytest.mark.parametrize(("content", "words"), WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_an_answer_of_which_nothing_can_be_used_is_an_error(content, words):
    with pytest.raises(NotAsAgreed, match=words):
        findings_in(content, ENGINEERS, NOW)


def test_an_empty_list_says_nothing_of_anybody():
    findings = found()

    assert (findings.rows, findings.unclear, findings.remarks) == ({}, frozenset(), [])
