"""How long what was said holds, what goes before what, and in which words."""

from datetime import timedelta

import pytest

from dispatch.attendance.rules import OPEN_END, Said, presence_of, wait_after
from dispatch.attendance.words import source_words
from dispatch.engine.facts import Presence, Source
from nova.accounts.zones import zone_named
from nova.web.words import Reader, words_of
from tests.factories import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FIVE = NOW + 7 * HOUR
WORKS, FREE = Presence(until=FIVE, known_at=NOW), Presence(None, NOW, back_at=NOW + 22 * HOUR)
BERLIN = Reader(NOW, zone_named("Europe/Berlin"), words_of("en"))


def there(until=None, ago=timedelta()):
    return Said(True, until, None, NOW - ago)


def gone(back_at=None, ago=timedelta()):
    return Said(False, None, back_at, NOW - ago)


@pytest.mark.parametrize(
    ("said", "roster", "until", "back_at", "source"),
    [
        (there(NOW + HOUR), WORKS, NOW + HOUR, None, Source.ATTENDANCE),
        (there(NOW + HOUR), FREE, NOW + HOUR, None, Source.ATTENDANCE),
        (there(), WORKS, FIVE, None, Source.ATTENDANCE),
        (there(), FREE, NOW + OPEN_END, None, Source.ATTENDANCE),
        (there(ago=OPEN_END), FREE, None, FREE.back_at, Source.OUTDATED),
        (there(ago=11 * HOUR), WORKS, FIVE, None, Source.ATTENDANCE),
        (there(ago=12 * HOUR), WORKS, FIVE, None, Source.OUTDATED),
        (there(NOW, ago=MINUTE), WORKS, FIVE, None, Source.OUTDATED),
        (gone(), WORKS, None, None, Source.ATTENDANCE),
        (gone(), FREE, None, FREE.back_at, Source.ATTENDANCE),
        (gone(NOW + HOUR), WORKS, None, NOW + HOUR, Source.ATTENDANCE),
        (gone(NOW, ago=MINUTE), WORKS, FIVE, None, Source.OUTDATED),
        (None, WORKS, FIVE, None, Source.UNNAMED),
        (None, FREE, None, FREE.back_at, Source.UNNAMED),
    ],
)
def test_what_was_said_goes_before_the_roster_until_it_is_over(
    said, roster, until, back_at, source
):
    found = presence_of(said, NOW, roster, NOW)

    assert (found.until, found.back_at, found.source) == (until, back_at, source)


@pytest.mark.parametrize("said", [None, there(FIVE), gone()])
def test_who_has_stated_to_be_away_is_away_whatever_the_service_says(said):
    away = FREE._replace(source=Source.THEMSELVES)

    assert presence_of(said, NOW, away, NOW) == away
    assert source_words(away, BERLIN) == "as they have stated themselves"


@pytest.mark.parametrize(
    ("ago", "is_stale"), [(timedelta(), False), (3 * MINUTE, False), (4 * MINUTE, True)]
)
def test_what_is_minutes_old_is_stale_and_known_as_of_then(ago, is_stale):
    found = presence_of(there(ago=ago), NOW - ago, WORKS, NOW)

    assert (found.is_stale, found.known_at, found.said_at) == (is_stale, NOW - ago, NOW - ago)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (WORKS, "by the roster"),
        (presence_of(there(), NOW, WORKS, NOW), "as attendance said at 11:00"),
        (
            presence_of(there(ago=48 * MINUTE), NOW, WORKS, NOW),
            "as attendance said at 10:12 (it does not answer since)",
        ),
        (
            presence_of(there(ago=13 * HOUR), NOW, WORKS, NOW),
            "by the roster, since what attendance said at Mon 22:00 is over",
        ),
        (
            presence_of(None, NOW, WORKS, NOW),
            "by the roster, since attendance does not name them",
        ),
        (
            presence_of(None, NOW - 13 * HOUR, WORKS, NOW),
            "by the roster, since what attendance said at Mon 22:00 is over",
        ),
        (
            presence_of(None, None, WORKS, NOW),
            "by the roster, since attendance has not answered yet",
        ),
    ],
)
def test_a_card_can_say_by_what_somebody_is_held_to_be_there(found, words):
    assert source_words(found, BERLIN) == words


def test_who_does_not_answer_is_asked_ever_less_often():
    seconds = [wait_after(failures).total_seconds() for failures in (1, 2, 3, 4, 5, 6, 10_000)]

    assert seconds == [30, 60, 120, 240, 300, 300, 300]
