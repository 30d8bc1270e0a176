"""Each event has its effect once, whatever happens to the workers."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection

from nova.accounts.models import Region
from nova.events import consumers
from nova.events.models import ConsumerCursor, ParkedEvent
from nova.tenancy import fence
from tests.factories import NOW

HAPPENED = "tests.events.facts.Happened"
WRITE = "tests.events.facts.write"
CHOKE = "tests.events.facts.write_or_choke"
DIE = "tests.events.facts.write_and_die"
BATCHES = "tests.events.facts.write_all"
WORKER = """
import django; django.setup()
import sys
from django.conf import settings
from nova.events import consumers
from tests.factories import NOW
settings.EVENT_CONSUMERS = {"%s": ["*"]}
consumers.consume(int(sys.argv[1]), now=NOW)
"""


def effects(tenant_id):
    with fence.inside(tenant_id):
        return sorted(int(name) for name in Region.objects.values_list("name", flat=True))


def consume(actor):
    return consumers.consume(actor.tenant_id, now=NOW)


def test_concurrent_workers_give_each_event_once(actor, happen, at_once, settings, monkeypatch):
    settings.EVENT_CONSUMERS = {WRITE: ["*"]}
    monkeypatch.setattr(consumers, "BATCH", 5)
    happen(*range(60))
    read = at_once(lambda _: consume(actor), list(range(4)))

    assert sum(read) == 60
    assert effects(actor.tenant_id) == list(range(1, 61))


def test_an_event_that_comes_while_another_worker_reads_is_not_left_for_later(
    actor, happen, at_once, settings
):
    """Writers nudge; a worker that finds the cursor taken leaves, and the other looks again."""
    settings.EVENT_CONSUMERS = {WRITE: ["*"]}

    def write_and_consume(number):
        happen(number)
        consume(actor)

    for _ in range(5):
        at_once(write_and_consume, list(range(6)))

    assert effects(actor.tenant_id) == list(range(1, 31))


def test_a_worker_killed_between_effect_and_cursor_leaves_neither(actor, happen, settings):
    happen(1, 2, 3, 4)
    url = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    killed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WORKER % DIE, str(actor.tenant_id)],
        env={**os.environ, "DATABASE_URL": url},
        cwd=django_settings.BASE_DIR,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert effects(actor.tenant_id) == []
    with fence.inside(actor.tenant_id):
        assert not ConsumerCursor.objects.filter(sequence__gt=0).exists()

    settings.EVENT_CONSUMERS = {WRITE: ["*"]}
    consume(actor)

    assert effects(actor.tenant_id) == [1, 2, 3, 4]


@pytest.mark.parametrize("path", [CHOKE, BATCHES])
def test_a_poisoned_event_is_parked_without_its_effect_and_the_rest_goes_on(
    actor, happen, settings, path
):
    settings.EVENT_CONSUMERS = {path: ["*"], WRITE: ["nothing"]}
    happen(1, 2, 3, 4)
    consume(actor)

    assert effects(actor.tenant_id) == [1, 2, 4]
    with fence.inside(actor.tenant_id):
        parked = ParkedEvent.objects.get()
    assert (parked.consumer, parked.error) == (path, "ValueError: three is too much")


def test_a_parked_event_can_be_given_again(actor, happen, settings):
    settings.EVENT_CONSUMERS = {CHOKE: ["*"]}
    happen(3)
    consume(actor)
    with fence.inside(actor.tenant_id):
        parked = ParkedEvent.objects.get()
        assert not consumers.retry(parked, now=NOW)
        parked.refresh_from_db()
        assert parked.attempts == 2
        parked.consumer = WRITE
        parked.save()
        assert consumers.retry(parked, now=NOW)
        assert not ParkedEvent.objects.exists()

    assert effects(actor.tenant_id) == [1]


def test_a_consumer_may_ask_what_time_it_is_when_it_reads(actor, happen, settings):
    settings.EVENT_CONSUMERS = {"tests.events.facts.write_when": ["*"]}
    happen(1)
    later = NOW + timedelta(hours=2)
    consumers.consume(actor.tenant_id, now=later)

    assert effects(actor.tenant_id) == [int(f"{later:%Y%m%d%H}")]


def test_a_consumer_reads_only_what_it_is_wired_to(actor, happen, settings):
    settings.EVENT_CONSUMERS = {WRITE: ["other.Event"]}
    happen(1, 2)

    assert consume(actor) == 2
    assert effects(actor.tenant_id) == []


@pytest.mark.parametrize("idle", [1, 30])
def test_consumers_that_want_nothing_of_it_cost_nothing(
    actor, happen, settings, django_assert_num_queries, idle
):
    settings.EVENT_CONSUMERS = {
        WRITE: ["*"],
        **{f"tests.events.facts.idle_{n}": ["other.Event"] for n in range(idle)},
    }
    happen(1)
    consume(actor)
    happen(2, 3)
    with django_assert_num_queries(23):
        consume(actor)

    with fence.inside(actor.tenant_id):
        assert set(ConsumerCursor.objects.values_list("sequence", flat=True)) == {3}


def test_a_consumer_that_was_added_later_reads_from_the_beginning(actor, happen, settings):
    settings.EVENT_CONSUMERS = {WRITE: ["other.Event"]}
    happen(1, 2)
    consume(actor)
    settings.EVENT_CONSUMERS = {WRITE: ["other.Event"], CHOKE: ["*"]}
    happen(4)
    consume(actor)

    assert effects(actor.tenant_id) == [1, 2, 3]


class Turn:
    """A turn that is over once it was asked so many times."""

    def __init__(self, asked: int) -> None:
        self.left = asked

    def __call__(self) -> bool:
        self.left -= 1
        return self.left <= 0


@pytest.mark.parametrize("asked", [1, 2, 3, 5])
def test_a_turn_that_is_over_leaves_the_rest_for_the_next(actor, happen, settings, asked):
    settings.EVENT_CONSUMERS = {WRITE: ["*"]}
    happen(1, 2, 3, 4, 5, 6)
    turns = 0
    while consumers.consume(actor.tenant_id, now=NOW, is_over=Turn(asked)):
        turns += 1

    assert effects(actor.tenant_id) == [1, 2, 3, 4, 5, 6]
    assert turns >= 6 // asked


def test_a_poisoned_event_is_parked_in_the_turn_in_which_it_comes(actor, happen, settings):
    settings.EVENT_CONSUMERS = {CHOKE: ["*"]}
    happen(1, 2, 3, 4)
    while consumers.consume(actor.tenant_id, now=NOW, is_over=Turn(1)):
        pass

    assert effects(actor.tenant_id) == [1, 2, 4]
    with fence.inside(actor.tenant_id):
        assert ParkedEvent.objects.count() == 1


def test_whoever_had_to_wait_comes_first_in_the_next_turn(actor, happen, settings):
    settings.EVENT_CONSUMERS = {WRITE: ["*"], "tests.events.facts.write_again": ["*"]}
    happen(1, 2, 3)
    for number in range(2):
        turn = NOW + timedelta(seconds=number)
        consumers.consume(actor.tenant_id, now=turn, is_over=Turn(1))

    with fence.inside(actor.tenant_id):
        places = set(ConsumerCursor.objects.values_list("sequence", flat=True))
    assert places == {1}
