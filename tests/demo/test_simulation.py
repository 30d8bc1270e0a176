"""Days of a simulated desk leave every clock right, and whatever is tampered with is found."""

from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import F

from nova.demo.simulation.rhythm import built_in, learn
from nova.demo.simulation.services import MONDAY, SLUG, Wish, arrivals, simulate
from nova.demo.simulation.strategies import STRATEGIES, Still, Waiting, Worker, engineer_of
from nova.events.models import EventRecord
from nova.tenancy.models import Tenant
from sla.ledger import Kind
from sla.models import Clock, LedgerEntry

SMALL = Wish(rhythm=built_in(), days=2, per_day=30, technicians=5, vip_share=0.2)
TINY = Wish(rhythm=built_in(), days=1, per_day=12, technicians=2, vip_share=0.2)
ALL_WEEK = frozenset(range(7))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_two_days_of_a_desk_leave_every_clock_right_and_nothing_behind(db, strategy):
    outcome = simulate(Wish(**{**vars(SMALL), "strategy": strategy}))

    assert outcome.broken == []
    assert any("Breached" in line for line in outcome.lines)
    assert not Tenant.objects.filter(slug=SLUG).exists()


def later_due(desk):
    clock = Clock.objects.filter(state="running").exclude(due_at=None).first()
    Clock.objects.filter(pk=clock.pk).update(due_at=F("due_at") + timedelta(seconds=1))


def lost_pause(desk):
    clock = Clock.objects.filter(metric="resolution", state="stopped").first()
    Clock.objects.filter(pk=clock.pk).update(counted_seconds=F("counted_seconds") + 1)


def doubled_breach(desk):
    entry = LedgerEntry.objects.filter(kind=Kind.BREACHED).first()
    entry.pk = None
    entry.save()


def told_twice(desk):
    record = EventRecord.objects.filter(name="sla.ClockWarned").first()
    record.pk, record.sequence = None, None
    record.save()


def forgotten_breach(desk):
    clock = Clock.objects.exclude(breached_at=None).first()
    Clock.objects.filter(pk=clock.pk).update(breached_at=None)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (later_due, "is due"),
        (lost_pause, "its stages make"),
        (doubled_breach, "written 2 times"),
        (told_twice, "ClockWarned was told"),
        (forgotten_breach, "breached None"),
    ],
)
def test_what_is_tampered_with_is_found(db, spoil, found):
    outcome = simulate(TINY, spoil=spoil)

    assert [sentence for sentence in outcome.broken if found in sentence]


def test_the_command_ends_well_and_tells_what_it_examined(db, capsys):
    call_command("simulate", days=1, arrivals_per_day=6, technicians=2)

    assert "Every invariant holds." in capsys.readouterr().out


def test_a_rhythm_is_quiet_at_night_and_as_dense_as_asked():
    dice = Random(1)  # noqa: S311

    found = list(built_in().arrivals(MONDAY, 28, 100, dice))

    assert found == sorted(found)
    assert 2500 < len(found) < 3100
    assert sum(at.hour < 6 for at in found) < len(found) / 15
    assert sum(at.weekday() > 4 for at in found) < len(found) / 12


def test_a_rhythm_is_learnt_from_the_openings_of_a_log(tmp_path):
    rows = [f"INC{n},New,2/3/2026 0{n % 3 + 7}:15,2/3/2026 09:30" for n in range(9)]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(["number,incident_state,opened_at,sys_updated_at", *rows]))

    weights = learn(log).weights

    assert {hour for hour, weight in enumerate(weights) if weight} == {7, 8, 9}
    assert sum(weights) == pytest.approx(168)


def test_every_strategy_is_asked_to_dispatch_the_same_arrivals():
    assert list(arrivals(SMALL, MONDAY)) == list(arrivals(SMALL, MONDAY))


@pytest.mark.parametrize(
    ("strategy", "chosen"),
    [("least_loaded", [1, 1, 1]), ("round_robin", [0, 1, 2]), ("engine", [1, 1, 1])],
)
def test_a_strategy_chooses_its_own_way(strategy, chosen):
    workers = [Worker(n, n, 0, 23, ALL_WEEK, load=set(range(abs(n - 1)))) for n in range(3)]
    present = [engineer_of(worker, worker.presence(MONDAY, 0)) for worker in workers]
    strategy, ticket = STRATEGIES[strategy](), Waiting(1, 3, False, MONDAY)

    assert [strategy.choose(present, ticket, MONDAY) for _ in range(3)] == chosen


def test_a_night_shift_is_present_on_both_sides_of_midnight():
    worker = Worker(0, 1, 22, 7, ALL_WEEK, absent_on=frozenset({3}))
    hours = [hour for hour in range(24) if worker.is_present(MONDAY.replace(hour=hour), 0)]

    assert hours == [*range(7), 22, 23]
    assert not worker.is_present(MONDAY, 3)


@pytest.mark.parametrize(
    ("hour", "day", "until", "back_at"),
    [
        (23, 0, 31, None),
        (2, 0, 7, None),
        (7, 0, None, 22),
        (12, 2, None, 22),
        (2, 3, None, 24),
    ],
)
def test_a_night_shift_is_there_until_the_morning_or_back_at_night(hour, day, until, back_at):
    worker = Worker(0, 1, 22, 7, ALL_WEEK, absent_on=frozenset({3}))
    found = worker.presence(MONDAY.replace(hour=hour), day)

    assert found.until == (until and MONDAY + timedelta(hours=until))
    assert found.back_at == (back_at and MONDAY + timedelta(hours=back_at))


def test_the_balancer_takes_work_back_from_who_went_home(db):
    outcome = simulate(Wish(**{**vars(SMALL), "strategy": "engine_balanced"}))

    assert outcome.broken == []
    [line] = [line for line in outcome.lines if line.startswith("moved")]
    assert int(line.rsplit(" ", 1)[1]) > 0


def test_several_strategies_stand_side_by_side(db, capsys):
    call_command("simulate", "--quick", "--technicians=3", "--strategy=round_robin,engine")

    table = capsys.readouterr().out.rpartition("round_robin")[2]
    shown = {line[:34].strip(): line[34:].split() for line in table.splitlines()[1:]}
    wanted = {"settled too late", "VIPs answered too late", "moves per ticket", "open at the end"}
    assert wanted <= shown.keys()
    assert all(len(row) == 2 for row in shown.values())
    assert 0 < float(shown["Jain's index, by shift"][0]) <= 1


def test_what_waits_is_dispatched_in_the_order_of_the_queue(db, monkeypatch):
    rounds = {}

    class Full(Still):
        def choose(self, present, ticket, now):
            rounds.setdefault(now, []).append(ticket)

    monkeypatch.setitem(STRATEGIES, "full", Full)
    simulate(Wish(**{**vars(TINY), "strategy": "full"}))

    last = [ticket.is_for_vip for ticket in rounds[max(rounds)]]
    assert last == sorted(last, reverse=True)
    assert set(last) == {True, False}
