"""Ways to dispatch are compared on the same people and work, and a desk loses no ticket."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from nova.demo.comparison.comparing import Matter, figures_of, floor_of
from nova.demo.comparison.figures import is_late
from nova.demo.comparison.floor import Task
from nova.demo.comparison.ways import WAYS
from nova.demo.comparison.world import FACTORS, SPECIAL, people_of, work_of
from nova.demo.simulation.measures import jain
from nova.demo.simulation.rhythm import built_in
from nova.demo.simulation.services import MONDAY

MATTER = Matter(
    rhythm=built_in(),
    began=MONDAY,
    days=4,
    per_day=60,
    vip_share=0.1,
    technicians=12,
    seeds=(3,),
)
WORK = work_of(built_in(), MONDAY, 4, 60, 0.1, 3)


def test_the_same_seed_gives_the_same_people_and_work():
    assert work_of(built_in(), MONDAY, 4, 60, 0.1, 3) == WORK
    assert people_of(12, MONDAY, 4, 3) == people_of(12, MONDAY, 4, 3)
    assert people_of(12, MONDAY, 4, 3) != people_of(12, MONDAY, 4, 4)


def test_people_differ_and_each_field_is_known_by_somebody():
    people = people_of(12, MONDAY, 14, 1)
    assert set().union(*(person.levels for person in people)) >= SPECIAL
    assert len({person.speed for person in people}) == 12
    assert any(
        list(person.windows) != list(person.roster.windows(MONDAY, MONDAY + timedelta(days=14)))
        for person in people
    )  # somebody fell ill


def test_what_work_takes_hangs_on_who_does_it_alone():
    [person, *_] = people_of(1, MONDAY, 1, 1)
    [known, *_] = [work for work in WORK if work.field in person.levels]
    [unknown, *_] = [work for work in WORK if work.field not in {*person.levels, *SPECIAL}]
    hour = timedelta(hours=1)
    assert person.needs(unknown, hour) == hour * FACTORS[0] / person.speed
    assert person.needs(known, hour) < person.needs(unknown, hour)


@pytest.mark.parametrize("name", WAYS)
def test_a_desk_loses_no_ticket_and_nobody_does_two_things(name):
    floor = floor_of(name, MATTER, 3)
    lying = [*floor.waiting, *(pk for seat in floor.seats.values() for pk in seat.has)]
    open_ = [task.work.pk for task in floor.tasks if task.settled_at is None]
    arrived = [pk for pk in open_ if floor.tasks[pk - 1].work.opened_at < floor.ends]
    assert sorted(lying) == arrived
    worked = [(seat.worked, seat.person.windows) for seat in floor.seats.values()]
    for spent, windows in worked:
        assert spent <= sum((closes - opens for opens, closes in windows), timedelta())


@pytest.mark.parametrize("name", ["engine", "engine_balanced"])
def test_novas_own_ways_give_nobody_what_they_do_not_know(name):
    assert not any(task.tried for task in floor_of(name, MATTER, 3).tasks)


def test_the_engine_is_late_less_often_than_what_everybody_knows_and_the_balancer_less_still():
    late = {name: figures_of(name, MATTER).late["resolution"] for name in WAYS}
    assert late["engine_balanced"] <= late["engine"] < late["least_loaded"]
    assert late["engine"] < late["round_robin"]


def test_lateness_counts_the_hours_of_the_promise_without_pauses():
    [work, *_] = [work for work in WORK if work.is_for_vip]
    at = work.opened_at
    task = Task(work, taken_at=at + timedelta(minutes=5), settled_at=at + timedelta(minutes=80))
    assert is_late(task, task.settled_at) == (False, True)
    task.pauses.append((at + timedelta(minutes=10), at + timedelta(minutes=30)))
    assert is_late(task, task.settled_at) == (False, False)


def test_jains_index_is_one_where_all_have_the_same():
    assert jain([0.4, 0.4, 0.4]) == pytest.approx(1)
    assert jain([1, 0, 0, 0]) == pytest.approx(0.25)


def test_the_command_prints_a_column_for_each_way(capsys):
    call_command("simulate", compare=True, days=2, arrivals_per_day=20, technicians=6, seeds=1)
    out = capsys.readouterr().out
    assert all(name in out for name in (*WAYS, "moves per ticket", "VIPs answered too late"))
