"""Ten thousand random lives of clocks, each compared to the second with a film of the wall clock.

`-s` shows how many were compared, and of what kinds.
"""

import sys
from collections import Counter
from typing import Any

import pytest

from sla.preview import calculate
from sla.rules import THRESHOLDS, measure, standing, step_at
from tests.sla.drawing import Drawer
from tests.sla.film import SHARES, Director, Film, in_utc, verdict
from tests.sla.ledgers import ledger_of
from tests.sla.test_searches import as_json

BLOCKS, SCENES, LIVES = 20, 10, 50
CASES = BLOCKS * SCENES * LIVES
CALENDARS = 4
TIMES = ("start_at", "stop_at", "due_at", "breach_at", *(f"{share} %" for share in SHARES))
AHEAD = ("due_at", *TIMES[4:])


def computed(life):
    """Return what each cycle says by the rules."""
    asked = calculate(as_json(life))
    return asked, [said(cycle, asked.as_of) for cycle in asked.cycles]


def said(cycle, as_of) -> dict[str, Any]:
    stand = standing(cycle, as_of)
    form = {
        "state": stand.state.value,
        "start_at": stand.start_at,
        "stop_at": stand.stop_at,
        "target": stand.target_seconds,
        "elapsed": stand.elapsed_seconds,
    }
    if form["state"] == "cancelled":
        return form
    form |= {"remaining": stand.remaining_seconds, "due_at": stand.due_at}
    form["breach_at"] = stand.breach_at
    if form["state"] == "running":
        form |= {f"{step.key} %": step_at(cycle, step) for step in THRESHOLDS}
    return form


def filmed(life, film_of):
    """Return what each cycle says by the film, and the end of what it shows."""
    director = Director(life, film_of)
    for event in life["events"]:
        director.meet(event)
    as_of = director.second(life["as_of"])
    told = [verdict(take, as_of) for take in director.takes]
    film = director.film
    dated = [
        {key: in_utc(film, value) if key in TIMES else value for key, value in form.items()}
        for form in told
    ]
    return dated, in_utc(film, 60 * len(film.frames))


def within(form, end):
    """Return `form` without what lies ahead of the film's end."""
    unseen = {key for key in AHEAD if form.get(key) and form[key] > end}
    return {key: None if key in unseen else value for key, value in form.items()}


def compared(seed: int, tally: Counter) -> None:
    drawer = Drawer(seed, CALENDARS)
    films = {str(calendar): Film(calendar, drawer.moment) for calendar in drawer.calendars}
    for number in range(LIVES):
        life = drawer.life()
        asked, clocks = computed(life)
        seen, end = filmed(life, lambda calendar: films[str(calendar)])
        assert [within(form, end) for form in clocks] == seen, (seed, number, as_json(life))
        assert measure(ledger_of(asked.cycles), asked.as_of) == tuple(
            standing(cycle, asked.as_of) for cycle in asked.cycles
        )
        tally.update(form["state"] for form in seen)
        tally.update(key for form in seen for key in ("due_at", "breach_at") if form.get(key))
        tally["lives"] += 1


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_field_of_a_life_is_as_filmed(block):
    tally: Counter[str] = Counter()

    for scene in range(SCENES):
        compared(1000 * block + scene, tally)

    sys.stdout.write(f"{tally['lives']} of {CASES} lives compared: {dict(tally)}\n")
    assert tally["lives"] == CASES // BLOCKS
    assert min(tally[state] for state in ("running", "paused", "stopped", "cancelled")) > 0
    assert min(tally["due_at"], tally["breach_at"]) > 0
