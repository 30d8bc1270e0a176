"""What a ticket's clocks say of it as a whole."""

from datetime import timedelta

import pytest

from sla.services.projecting import Said, projection_of
from tests.factories import NOW

LATER = NOW + timedelta(hours=1)


def one(metric, state, *, breached=False, fired=()):
    due_at = NOW if metric == "response" else LATER
    return Said(
        ticket_id=1,
        metric=metric,
        state=state,
        due_at=None if state == "paused" and not breached else due_at,
        breached_at=due_at if breached else None,
        fired=list(fired),
    )


RISKY = ("50", "75")


@pytest.mark.parametrize(
    ("response", "resolution", "state"),
    [
        pytest.param(("running", {}), ("running", {}), "running", id="as opened"),
        pytest.param(("running", {"fired": ["50"]}), ("running", {}), "running", id="half used"),
        pytest.param(("running", {"fired": RISKY}), ("running", {}), "at_risk", id="answer soon"),
        pytest.param(("stopped", {}), ("running", {"fired": RISKY}), "at_risk", id="solve soon"),
        pytest.param(
            ("running", {"breached": True}), ("running", {}), "breached", id="unanswered"
        ),
        pytest.param(
            ("stopped", {"breached": True}),
            ("running", {}),
            "running",
            id="answered late, still to be resolved in time",
        ),
        pytest.param(
            ("stopped", {"fired": RISKY}), ("running", {}), "running", id="answered just in time"
        ),
        pytest.param(("stopped", {"breached": True}), ("paused", {}), "paused", id="late, waits"),
        pytest.param(("paused", {}), ("paused", {}), "paused", id="waits"),
        pytest.param(("stopped", {}), ("paused", {"fired": RISKY}), "paused", id="risky, waits"),
        pytest.param(
            ("stopped", {}), ("paused", {"breached": True}), "breached", id="late for good"
        ),
        pytest.param(("running", {}), ("paused", {}), "running", id="one waits"),
        pytest.param(("stopped", {}), ("running", {"breached": True}), "breached", id="overdue"),
        pytest.param(("stopped", {}), ("stopped", {}), "met", id="both met"),
        pytest.param(
            ("stopped", {"breached": True}), ("stopped", {}), "breached", id="answered late"
        ),
        pytest.param(
            ("stopped", {}), ("stopped", {"breached": True}), "breached", id="resolved late"
        ),
        pytest.param(("cancelled", {}), ("cancelled", {}), "", id="nothing counts"),
        pytest.param(
            ("cancelled", {"breached": True}), ("stopped", {}), "met", id="only one counts"
        ),
    ],
)
def test_the_most_pressing_clock_decides(response, resolution, state):
    clocks = [one("response", response[0], **response[1])]
    clocks.append(one("resolution", resolution[0], **resolution[1]))

    assert projection_of(1, clocks).state == state


def test_without_clocks_there_is_no_state():
    assert projection_of(1, []).state == ""
    assert projection_of(1, []).next_due_at is None


def test_only_the_latest_cycle_speaks():
    first = one("resolution", "stopped", breached=True)
    second = one("resolution", "running")

    assert projection_of(1, [first, second]).state == "running"


@pytest.mark.parametrize(
    ("response", "resolution", "due"),
    [
        ("running", "running", NOW),
        ("stopped", "running", LATER),
        ("paused", "running", LATER),
        ("stopped", "paused", None),
        ("stopped", "stopped", None),
    ],
)
def test_the_earliest_due_time_of_what_runs_is_the_tickets(response, resolution, due):
    clocks = [one("response", response), one("resolution", resolution)]

    assert projection_of(1, clocks).next_due_at == due
