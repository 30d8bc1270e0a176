from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets import rules
from tickets.choices import Level, Priority, ScorePart, Status

HIGH, MEDIUM, LOW = Level.HIGH, Level.MEDIUM, Level.LOW


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (HIGH, HIGH, 1),
        (HIGH, MEDIUM, 2),
        (HIGH, LOW, 3),
        (MEDIUM, HIGH, 2),
        (MEDIUM, MEDIUM, 3),
        (MEDIUM, LOW, 4),
        (LOW, HIGH, 3),
        (LOW, MEDIUM, 4),
        (LOW, LOW, 5),
    ],
)
def test_priority_is_a_cell_of_the_matrix(impact, urgency, priority):
    assert rules.priority_of(impact, urgency) == priority


@pytest.mark.parametrize(
    ("now", "then", "may"),
    [
        pytest.param("new", "acknowledged", True, id="taken up"),
        pytest.param("new", "resolved", True, id="solved at once"),
        pytest.param("new", "closed", False, id="closed is agreed, so resolved comes first"),
        pytest.param("acknowledged", "new", False, id="never new again"),
        pytest.param("awaiting_customer", "awaiting_customer", False, id="already there"),
        pytest.param("awaiting_customer", "awaiting_dependency", True, id="waits for another"),
        pytest.param("resolved", "in_progress", False, id="reopened first"),
        pytest.param("resolved", "reopened", True, id="not solved after all"),
        pytest.param("closed", "reopened", True, id="back after closing"),
        pytest.param("reopened", "acknowledged", True, id="taken up again"),
        pytest.param("reopened", "closed", False, id="reopened is open"),
    ],
)
def test_stages_follow_each_other(now, then, may):
    assert rules.may_become(now, then) is may


def test_every_stage_leads_on():
    assert all(rules.TRANSITIONS[status] for status in Status)


def test_take_by_follows_the_priority():
    opened_at = datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert rules.take_by(opened_at, Priority.P1) == datetime(2026, 3, 3, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize("status", rules.AWAITING)
def test_what_waits_for_somebody_else_stands_behind_the_newest(status):
    old, now = datetime(2025, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC)

    waiting = rules.stands_at(status, old, old, Priority.P1)

    assert waiting > rules.stands_at(Status.NEW, now, now, Priority.P5)
    assert waiting < rules.stands_at(status, now, old, Priority.P1)


PARTS = st.lists(
    st.tuples(st.sampled_from(list(ScorePart)), st.integers(0, 300), st.just("why")), max_size=8
)


@given(PARTS)
def test_the_score_is_the_sum_of_its_parts_and_fairness_reaches_the_top(changes):
    parts: dict = {}
    for kind, points, reason in changes:
        parts = rules.with_part(parts, kind, points, reason)
    score = rules.score_of(parts)
    assert score == sum(part["points"] for part in parts.values())
    assert score <= rules.TOP_BAND
    assert (score == rules.TOP_BAND) is (ScorePart.FAIRNESS in parts)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=50), st.integers(0, 40))
def test_no_ticket_waits_for_ever_whatever_vips_arrive(arrivals, limit):
    """One is taken an hour while a VIP arrives each hour: the ordinary one still gets its turn."""
    ordinary = {"at": 0, "parts": {}}
    waiting = [ordinary]
    for hour, points in enumerate([*arrivals, *[300] * (limit + len(arrivals) + 2)], start=1):
        waiting.append({"at": hour, "parts": rules.with_part({}, ScorePart.VIP, points, "VIP")})
        late = [ticket for ticket in waiting if hour - ticket["at"] > limit]
        for ticket in late:
            ticket["parts"] = rules.with_part(ticket["parts"], ScorePart.FAIRNESS, 1, "waited")
        waiting.sort(key=lambda ticket: (-rules.score_of(ticket["parts"]), ticket["at"]))
        waiting.pop(0)
    assert ordinary not in waiting
