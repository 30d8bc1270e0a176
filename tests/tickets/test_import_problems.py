"""Whatever is wrong with a log: it is said line by line, and what can be read is imported."""

import codecs
import gzip

import pytest
from django.core.management import CommandError

from tests.tickets.servicenow import event, life, log_of
from tickets.models import ImportRun, Ticket

TRAPS = [
    pytest.param({"incident_state": "-100"}, "incident_state", "is not a state", id="null state"),
    pytest.param({"incident_state": "?"}, "incident_state", "is missing", id="no state"),
    pytest.param({"caller_id": "?"}, "caller_id", "is missing", id="nobody called"),
    pytest.param({"category": "?"}, "category", "is missing", id="no category"),
    pytest.param({"impact": "huge"}, "impact", "is not a level", id="no level"),
    pytest.param(
        {"opened_at": "2/29/2016 01:16"}, "opened_at", "is not a day-first date", id="month first"
    ),
    pytest.param(
        {"opened_at": "29/2/2015 01:16"}, "opened_at", "is not a day-first date", id="no leap year"
    ),
    pytest.param({"opened_at": "28/2/3016 01:16"}, "opened_at", "lies in the future", id="future"),
    pytest.param(
        {"opened_at": "1/1/0016 01:16"}, "opened_at", "is not a day-first date", id="ancient"
    ),
    pytest.param(
        {"opened_at": "1/3/2016 01:16"}, "sys_updated_at", "is before opened_at", id="too early"
    ),
    pytest.param(
        {"contact_type": "Pigeon"}, "contact_type", "is not a known way of contact", id="pigeon"
    ),
    pytest.param({"reopen_count": "many"}, "reopen_count", "is not a count", id="no count"),
    pytest.param({"category": "C" * 101}, "category", "is too long", id="long name"),
]


@pytest.mark.parametrize(("values", "column", "problem"), TRAPS)
def test_a_value_that_cannot_be_read_is_reported_and_its_event_still_counts(
    imported, values, column, problem
):
    run = imported([event(**values)])

    assert ("2", column, problem) in run.said()
    assert run.events == "Events: 1 read = 1 applied + 0 here before + 0 refused."
    assert Ticket.objects.count() == 1


REFUSED = [
    pytest.param(event(sys_updated_at="?"), "is missing", id="no time"),
    pytest.param(event(sys_updated_at="29/02/16"), "is not a day-first date", id="no date"),
    pytest.param(event(number="?"), "is missing", id="no number"),
    pytest.param(event() + ",more", "has too many values", id="too many"),
    pytest.param("INC0000046,New", "has too few values", id="too few"),
    pytest.param(event(location='"open'), "opens a quote that never closes", id="open quote"),
    pytest.param(event(location='"a"b'), "is not CSV: ',' expected after '\"'", id="bad quote"),
    pytest.param(event(number="INC1"), "repeats another line", id="double"),
    pytest.param("x" * (1 << 20), "is longer than 1048576 bytes", id="endless"),
]


@pytest.mark.parametrize(("line", "problem"), REFUSED)
def test_an_event_that_cannot_be_placed_is_refused_and_the_others_are_not(imported, line, problem):
    run = imported([event(number="INC1"), line, event(number="INC2")])

    assert [(row["line"], row["problem"]) for row in run.report] == [("3", problem)]
    assert run.events == "Events: 3 read = 2 applied + 0 here before + 1 refused."
    assert set(Ticket.objects.values_list("external_ref", flat=True)) == {"INC1", "INC2"}


def test_a_refused_event_is_in_the_report_with_all_that_it_said(imported):
    run = imported([event(number="INC1"), event(sys_updated_at="soon")])

    assert "caller_id=Caller 2403" in run.report[0]["value"]


def test_text_with_a_line_break_in_quotes_is_one_event(imported):
    run = imported([event(location='"Floor 3,\nroom 12"'), event(number="INC2")])

    assert run.events == "Events: 2 read = 2 applied + 0 here before + 0 refused."
    assert Ticket.objects.get(external_ref="INC0000045").location == "Floor 3, room 12"


def test_broken_utf8_is_read_as_windows_1252_and_reported(imported, tmp_path):
    path = log_of(tmp_path, [event(location="Zürich")])
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xfc"))

    run = imported(path)

    assert Ticket.objects.get().location == "Zürich"
    assert [row["done"] for row in run.report] == ["read as Windows-1252"]


def test_a_nul_character_is_taken_out_and_reported(imported):
    run = imported([event(location="Zu\0rich")])

    assert Ticket.objects.get().location == "Zurich"
    assert [row["problem"] for row in run.report] == ["holds a NUL character"]


def test_a_byte_order_mark_and_foreign_line_ends_are_no_problem(imported, tmp_path):
    path = log_of(tmp_path, life())
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n"))

    assert imported(path).report == []


def test_a_gzipped_log_that_breaks_off_gives_what_it_holds(imported, tmp_path):
    lines = [event(number=f"INC{n}", location=f"Location {n * 7919}") for n in range(5000)]
    whole = gzip.compress(log_of(tmp_path, lines).read_bytes())
    path = tmp_path / "log.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])

    run = imported(path, batch=500)

    assert 0 < Ticket.objects.count() < len(lines)
    assert "the file breaks off" in run.report[-1]["problem"]


WRONG_FILES = [
    pytest.param(b"", "is empty", id="empty"),
    pytest.param(b"a,b,c\n1,2,3\n", "does not name these columns: number", id="other header"),
    pytest.param(
        b"number,number,incident_state,opened_at,sys_updated_at\n",
        "names a column twice",
        id="twice",
    ),
    pytest.param("number;incident_state".encode("utf-16"), "does not name", id="UTF-16"),
]


@pytest.mark.parametrize(("content", "message"), WRONG_FILES)
def test_a_file_that_is_no_log_is_refused_whole(imported, tmp_path, content, message):
    path = tmp_path / "other.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        imported(path)
    assert not ImportRun.objects.exists()


def test_a_file_that_is_not_there_is_said_plainly(imported, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        imported(tmp_path / "missing.csv")


def test_a_log_without_events_is_imported_as_nothing(imported):
    assert imported([]).events == "Events: 0 read = 0 applied + 0 here before + 0 refused."
