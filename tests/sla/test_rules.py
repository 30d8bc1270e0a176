"""What verbs do to a clock, when the sweep must look at it, and what the ledger keeps."""

from datetime import UTC, datetime, timedelta

import pytest

from sla.calendars import hours_from_json
from sla.ledger import (
    Entry,
    HistoryMissing,
    Kind,
    ReopenMode,
    State,
    SwitchMode,
    Terms,
    fold,
)
from sla.rules import (
    THRESHOLDS,
    Step,
    crossed,
    due_at,
    elapsed_seconds,
    measure,
    next_action_at,
    note_breach,
    record,
    standing,
    start,
    step_at,
)

HOUR = 3_600
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
always = hours_from_json({"tz": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in DAYS}})
office = hours_from_json({"tz": "UTC", "weekly": {day: [["09:00", "17:00"]] for day in DAYS}})
four_hours = Terms(4 * HOUR, always)
SECOND = timedelta(seconds=1)


def at(hour: float) -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour)


def lived(*verbs: tuple[Kind, float], terms: Terms = four_hours):
    """Start a clock at nine o'clock and live through `verbs`."""
    cycle = start(terms, at(9)).cycle
    for kind, hour in verbs:
        cycle = record(cycle, Entry(at(hour), kind)).cycle
    return cycle


def bare(cycle):
    return cycle._replace(runs=(), entries=())


TWICE = [
    ([], Entry(at(10), Kind.STARTED, four_hours)),
    ([], Entry(at(10), Kind.RESUMED)),
    ([], Entry(at(10), Kind.REOPENED, mode=ReopenMode.CONTINUE)),
    ([(Kind.PAUSED, 10)], Entry(at(11), Kind.PAUSED)),
    ([(Kind.STOPPED, 10)], Entry(at(11), Kind.STOPPED)),
    ([(Kind.STOPPED, 10)], Entry(at(11), Kind.PAUSED)),
    ([(Kind.STOPPED, 10)], Entry(at(11), Kind.RESUMED)),
    ([(Kind.STOPPED, 10)], Entry(at(11), Kind.CANCELLED)),
    ([(Kind.STOPPED, 10)], Entry(at(11), Kind.POLICY_SWITCHED, four_hours)),
    ([(Kind.CANCELLED, 10)], Entry(at(11), Kind.REOPENED, mode=ReopenMode.CONTINUE)),
    ([(Kind.CANCELLED, 10)], Entry(at(11), Kind.RESUMED)),
]


@pytest.mark.parametrize(
    ("life", "entry"),
    TWICE,
    ids=[f"{entry.kind} after {life[-1][0] if life else 'start'}" for life, entry in TWICE],
)
def test_a_verb_that_cannot_count_changes_nothing(life, entry):
    cycle = lived(*life)

    change = record(cycle, entry)

    assert change.entries == ()
    assert change.cycle == cycle


def test_nothing_counts_before_the_start():
    assert record(None, Entry(at(9), Kind.PAUSED)).cycles == ()
    assert fold([Entry(at(8), Kind.PAUSED), Entry(at(9), Kind.STARTED, four_hours)]) == (lived(),)


def test_a_start_without_terms_is_refused():
    with pytest.raises(ValueError, match="no terms"):
        record(None, Entry(at(9), Kind.STARTED))


def test_a_switch_without_terms_is_refused():
    with pytest.raises(ValueError, match="no terms"):
        record(lived(), Entry(at(9), Kind.POLICY_SWITCHED, mode=SwitchMode.RETROACTIVE))


def test_a_clock_that_ended_may_start_a_new_cycle():
    change = record(lived((Kind.STOPPED, 10)), Entry(at(12), Kind.STARTED, four_hours))

    assert [(cycle.number, cycle.state) for cycle in change.cycles] == [
        (1, State.STOPPED),
        (2, State.RUNNING),
    ]
    assert due_at(change.cycle) == at(16)


def test_the_ledger_never_runs_backwards():
    change = record(lived((Kind.PAUSED, 11)), Entry(at(10), Kind.RESUMED))

    assert change.entries == (Entry(at(11), Kind.RESUMED),)


def test_parts_of_a_second_do_not_make_a_breach():
    almost = timedelta(microseconds=999_999)

    in_time = record(lived(), Entry(at(13) + almost, Kind.STOPPED)).cycle
    too_late = record(lived(), Entry(at(13) + SECOND, Kind.STOPPED)).cycle

    assert not standing(in_time, at(14)).is_breached
    assert standing(too_late, at(14)).breach_at == at(13)


class TestBreach:
    def test_it_is_noted_once_and_dated_when_it_happened(self):
        change = note_breach(lived(), at(20))

        assert change.entries == (Entry(at(13), Kind.BREACHED),)
        assert note_breach(change.cycle, at(21)).entries == ()

    def test_it_does_not_exist_in_the_due_second(self):
        assert note_breach(lived(), at(13)).entries == ()

    def test_a_verb_notes_it_first_if_the_sweep_was_late(self):
        change = record(lived(), Entry(at(14), Kind.PAUSED))

        assert [entry.kind for entry in change.entries] == [Kind.BREACHED, Kind.PAUSED]

    def test_a_switch_notes_the_breach_that_it_causes(self):
        switch = Entry(at(12), Kind.POLICY_SWITCHED, Terms(HOUR, always), SwitchMode.RETROACTIVE)

        change = record(lived(), switch)

        assert change.entries == (switch, Entry(at(10), Kind.BREACHED))
        assert fold((*lived().entries, *change.entries)) == change.cycles

    def test_relief_lifts_it_but_the_ledger_keeps_it(self):
        relief = Entry(at(14), Kind.POLICY_SWITCHED, Terms(8 * HOUR, always), "retroactive")

        change = record(lived(), relief)

        assert not standing(change.cycle, at(14)).is_breached
        assert change.cycle.breaches_noted == {at(13)}
        assert next_action_at(change.cycle, ()) == at(17)

    @pytest.mark.parametrize("kind", [Kind.PAUSED, Kind.STOPPED])
    def test_a_clock_that_ends_in_its_due_second_is_in_time(self, kind):
        assert not standing(lived((kind, 13)), at(20)).is_breached

    def test_a_resumption_taken_back_at_once_does_not_make_one(self):
        cycle = lived((Kind.PAUSED, 13), (Kind.RESUMED, 14), (Kind.PAUSED, 14))

        assert not standing(cycle, at(20)).is_breached

    def test_a_pause_in_closed_hours_after_the_due_time_keeps_it(self):
        cycle = lived((Kind.PAUSED, 20), (Kind.STOPPED, 21), terms=Terms(8 * HOUR, office))

        assert standing(cycle, at(22)).breach_at == at(17)

    def test_cancelled_clocks_have_none(self):
        assert not standing(lived((Kind.CANCELLED, 20)), at(21)).is_breached


class TestSwitch:
    def test_a_restart_goes_on_waiting_if_the_clock_waited(self):
        restart = Entry(at(11), Kind.POLICY_SWITCHED, Terms(HOUR, always), SwitchMode.RESTART)

        ended, fresh = record(lived((Kind.PAUSED, 10)), restart).cycles

        assert (ended.state, fresh.state) == (State.CANCELLED, State.PAUSED)
        assert due_at(record(fresh, Entry(at(15), Kind.RESUMED)).cycle) == at(16)

    def test_other_hours_count_from_the_switch_on(self):
        switch = Entry(at(20), Kind.POLICY_SWITCHED, Terms(10 * HOUR, always), "retroactive")

        cycle = record(lived(terms=Terms(10 * HOUR, office)), switch).cycle

        assert elapsed_seconds(cycle, at(20)) == 8 * HOUR
        assert due_at(cycle) == at(22)

    def test_one_that_changes_nothing_is_still_a_fact(self):
        switch = Entry(at(10), Kind.POLICY_SWITCHED, four_hours, SwitchMode.RETROACTIVE)

        change = record(lived(), switch)

        assert change.entries == (switch,)
        assert standing(change.cycle, at(11)) == standing(lived(), at(11))

    @pytest.mark.parametrize("kind", [Kind.POLICY_SWITCHED, Kind.RECALCULATED])
    def test_rewriting_the_past_needs_the_history(self, kind):
        snapshot = bare(lived((Kind.PAUSED, 10)))

        with pytest.raises(HistoryMissing):
            record(snapshot, Entry(at(11), kind, Terms(HOUR, always), SwitchMode.RETROACTIVE))

    def test_a_reopening_may_meet_another_policy(self):
        reopened = Entry(at(12), Kind.REOPENED, Terms(HOUR, always), ReopenMode.CONTINUE)

        change = record(lived((Kind.STOPPED, 11)), reopened)

        assert standing(change.cycle, at(12)).breach_at == at(10)


corrected = hours_from_json(
    {"tz": "UTC", "weekly": {"mon": [["09:00", "10:00"]], "tue": [["09:00", "17:00"]]}}
)


def test_a_recalculation_recounts_what_the_present_calendar_counted():
    cycle = lived((Kind.PAUSED, 12), (Kind.RESUMED, 14), terms=Terms(4 * HOUR, office))

    recounted = record(cycle, Entry(at(15), Kind.RECALCULATED, Terms(4 * HOUR, corrected))).cycle

    assert elapsed_seconds(cycle, at(15)) == 4 * HOUR
    assert elapsed_seconds(recounted, at(15)) == HOUR
    assert due_at(recounted) == at(24 + 12)


def test_a_recalculation_leaves_what_other_hours_counted():
    switch = Entry(at(20), Kind.POLICY_SWITCHED, Terms(20 * HOUR, always), "retroactive")
    switched = record(lived(terms=Terms(20 * HOUR, office)), switch).cycle
    recalculated = Entry(at(22), Kind.RECALCULATED, Terms(20 * HOUR, corrected))

    recounted = record(switched, recalculated).cycle

    assert elapsed_seconds(switched, at(22)) == 10 * HOUR
    assert elapsed_seconds(recounted, at(22)) == 8 * HOUR


class TestSteps:
    def test_each_is_dated_by_its_share(self):
        assert [step_at(lived(), step) for step in THRESHOLDS] == [
            at(11),
            at(12),
            at(12.6),
            at(13),
        ]

    @pytest.mark.parametrize(
        ("step", "due"),
        [
            pytest.param(Step("warn", offset_seconds=-HOUR), at(16), id="working time before"),
            pytest.param(Step("head", offset_seconds=HOUR), at(24 + 10), id="working time after"),
            pytest.param(
                Step("call", offset_seconds=HOUR, is_working_time=False), at(18), id="real time"
            ),
            pytest.param(Step("half again", 150), at(24 + 13), id="beyond the target"),
            pytest.param(Step("early", offset_seconds=-9 * HOUR), at(9), id="before the start"),
        ],
    )
    def test_offsets_are_working_time_unless_said(self, step, due):
        assert step_at(lived(terms=Terms(8 * HOUR, office)), step) == due

    def test_those_of_a_clock_in_minutes_fall_on_whole_minutes(self):
        cycle = start(Terms(300, always, grain_seconds=60), at(9)).cycle

        assert step_at(cycle, Step("half", 50)) == at(9) + timedelta(minutes=3)
        assert step_at(lived(terms=Terms(300, always)), Step("half", 50)) == at(9) + timedelta(
            seconds=150
        )

    def test_a_pause_keeps_what_was_reached_and_hides_what_was_not(self):
        paused = lived((Kind.PAUSED, 12))

        assert [step_at(paused, step) for step in THRESHOLDS] == [at(11), at(12), None, None]

    def test_the_next_action_is_the_earliest_that_has_not_fired(self):
        assert next_action_at(lived()) == at(11)
        assert next_action_at(lived(), THRESHOLDS, {"50", "75"}) == at(12.6)
        assert next_action_at(lived(), THRESHOLDS, {"50", "75", "90", "100"}) == at(13)

    def test_a_noted_breach_leaves_nothing_to_do(self):
        cycle = note_breach(lived(), at(14)).cycle

        assert next_action_at(cycle, THRESHOLDS, {"50", "75", "90", "100"}) is None

    @pytest.mark.parametrize("kind", [Kind.STOPPED, Kind.CANCELLED])
    def test_an_ended_clock_has_nothing_to_do(self, kind):
        cycle = lived((kind, 12))

        assert next_action_at(cycle) is None
        assert crossed(cycle, THRESHOLDS, (), at(20)) == ()

    def test_a_waiting_clock_has_nothing_ahead(self):
        assert next_action_at(lived((Kind.PAUSED, 10))) is None

    def test_a_late_sweep_sees_what_was_crossed_earliest_first(self):
        keys = [step.key for step in crossed(lived(), reversed(THRESHOLDS), {"75"}, at(13))]

        assert keys == ["50", "90"]

    def test_hours_that_never_open_reach_no_step(self):
        never = hours_from_json({"tz": "UTC", "weekly": {}})

        assert next_action_at(start(Terms(HOUR, never), at(9)).cycle) is None


def test_entries_after_the_instant_are_not_yet_known():
    entries = [Entry(at(9), Kind.STARTED, four_hours), Entry(at(11), Kind.STOPPED)]

    [early], [late] = measure(entries, at(10)), measure(entries, at(11))

    assert (early.state, early.elapsed_seconds) == (State.RUNNING, HOUR)
    assert (late.state, late.stop_at) == (State.STOPPED, at(11))
