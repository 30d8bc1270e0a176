"""`bin/nova route_log` on a small log."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.servicenow import event, log_of


def incident(number: int) -> list[str]:
    """Return an incident of one of two categories, each of a team of its own.

    Every third is first given to the other team; every tenth is over only in May.
    """
    kind, day = number % 2, 1 + number // 4
    over = f"{day}/5/2016 09:00" if number % 10 == 0 else f"{day}/3/2016 23:00"
    same = {
        "number": f"INC{number:07}",
        "category": f"Category {kind}",
        "opened_at": f"{day}/3/2016 0{number % 4}:00",
    }
    first = f"Group {1 - kind if number % 3 == 0 else kind}"
    return [
        event(**same, sys_updated_at=f"{day}/3/2016 04:00", assignment_group=first),
        event(
            **same,
            sys_updated_at=over,
            assignment_group=f"Group {kind}",
            incident_state="Closed",
            resolved_at=over,
            closed_at=over,
        ),
    ]


@pytest.fixture
def log(tmp_path):
    return log_of(tmp_path, [line for number in range(100) for line in incident(number)])


def said(*args, **options) -> str:
    out = StringIO()
    call_command("route_log", *args, stdout=out, **options)
    return out.getvalue()


@pytest.mark.slow
def test_it_tells_both_splits_with_figures_baselines_and_what_is_saved(log):
    text = said(str(log))

    assert "Learned from 72 incidents that were over by then; judged 20, of 2 teams." in text
    assert "Learned from 80 incidents opened before, whenever they were over; judged 20" in text
    for who in ("model", "humans", "lookup", "majority"):
        assert text.count(f"\n{who}") == 2
    model = [line.split() for line in text.splitlines() if line.startswith("model")]
    assert [words[1] for words in model] == ["100.0%"] * 2
    assert "it rights 7, wrongs 0, and saves 7 of 7 reassignments (100.0%)" in text


@pytest.mark.slow
def test_the_end_can_be_named(log):
    assert "76 incidents, opened" in said(str(log), until="2016-03-20")


@pytest.mark.parametrize(
    ("options", "problem"),
    [({"share": 1.5}, "share between"), ({"until": "soon"}, "is no day")],
)
def test_what_cannot_be_is_refused(log, options, problem):
    with pytest.raises(CommandError, match=problem):
        said(str(log), **options)


def test_a_file_that_is_no_log_is_refused(tmp_path):
    with pytest.raises(CommandError, match="does not name"):
        said(str(log_of(tmp_path, [], header="a,b")))
