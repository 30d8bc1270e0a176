"""`bin/nova predict_log` on a small log."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.servicenow import event, log_of


def incident(number: int) -> list[str]:
    """Return an incident that is late if its caller is: found out when it is closed."""
    late, day = number % 2, 1 + number // 4
    clock = f"{number % 4 * 5:02}"
    same = {
        "number": f"INC{number:07}",
        "caller_id": f"Caller {late}",
        "opened_at": f"{day}/3/2016 {clock}:00",
        "resolved_at": f"{day}/3/2016 {clock}:{50 if late else 10}",
        "closed_at": f"{day + 1}/3/2016 09:00",
    }
    return [
        event(sys_updated_at=f"{day}/3/2016 {clock}:01", **same),
        event(
            sys_updated_at=f"{day + 1}/3/2016 09:00",
            **same,
            incident_state="Closed",
            made_sla="false" if late else "true",
        ),
    ]


@pytest.fixture
def log(tmp_path):
    return log_of(tmp_path, [line for number in range(100) for line in incident(number)])


def said(*args, **options) -> str:
    out = StringIO()
    call_command("predict_log", *args, stdout=out, trees=20, **options)
    return out.getvalue()


@pytest.mark.slow
def test_it_tells_the_split_the_figures_and_the_baselines(log):
    text = said(str(log))

    assert "80 opened before 2016-03-21 00:00. Judged: the 20" in text
    assert text.count("priority only") == text.count("the same for all") == 4
    model = next(line for line in text.splitlines() if line.startswith("  model"))
    assert float(model.split()[1]) == 1.0
    assert "P90 holds" in text


@pytest.mark.slow
def test_the_cut_and_the_end_can_be_named(log):
    text = said(str(log), cut="2016-03-15", until="2016-03-20", as_of=True)

    assert "76 incidents" in text
    assert "56 opened before 2016-03-15 00:00. Judged: the 20" in text


@pytest.mark.parametrize(
    ("options", "problem"),
    [({"share": 1.5}, "share between"), ({"cut": "soon"}, "is no instant")],
)
def test_what_cannot_be_is_refused(log, options, problem):
    with pytest.raises(CommandError, match=problem):
        said(str(log), **options)


def test_a_file_that_is_no_log_is_refused(tmp_path):
    with pytest.raises(CommandError, match="does not name"):
        said(str(log_of(tmp_path, [], header="a,b")))
