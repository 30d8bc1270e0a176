"""One waiting task per tenant, none lost, and nothing lost without Redis."""

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from nova import volatile
from nova.accounts.models import Region
from nova.events import nudge, tasks, turns
from nova.events.models import EventRecord
from nova.tenancy import fence

WRITE = "tests.events.facts.write"


@pytest.fixture
def sent(monkeypatch):
    """Return the tenants whose tasks were sent to the broker, which leaves the process."""
    tenants = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args, **options: tenants.append(args[0])
    )
    return tenants


def test_many_commits_before_a_round_ask_for_one(happen, actor, sent):
    happen(1, 2, 3)

    assert sent == [actor.tenant_id]


def test_a_commit_after_a_round_began_asks_for_another(happen, actor, sent):
    happen(1)
    tasks.consume(actor.tenant_id)
    happen(2)

    assert sent == [actor.tenant_id, actor.tenant_id]


def test_a_nudge_that_the_broker_refused_is_asked_for_again(happen, actor, monkeypatch):
    tries = []

    def refuse(name, args, **options):
        tries.append(args)
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", refuse)
    happen(1, 2)

    assert len(tries) == 2


@pytest.fixture
def no_redis(settings):
    settings.VOLATILE_URL = "redis://127.0.0.1:1/0"
    volatile.client.cache_clear()
    yield
    volatile.client.cache_clear()
    volatile.Breaker.until = 0.0


def test_without_redis_writes_succeed_and_beat_catches_up(happen, actor, sent, settings, no_redis):
    settings.EVENT_CONSUMERS = {WRITE: ["*"]}
    happen(1, 2)

    assert sent == []
    tasks.catch_up()
    with fence.inside(actor.tenant_id):
        assert Region.objects.count() == 2
        assert EventRecord.objects.exclude(hash="").count() == 2


def test_a_redis_that_is_down_is_asked_once_and_then_left_alone(no_redis, monkeypatch):
    asked = []
    nudge.nudge(1)
    volatile.attempt(asked.append, None)

    assert asked == []


@pytest.mark.parametrize(("seconds", "asked"), [(-1, 1), (60, 0)])
def test_a_round_asks_for_another_one_unless_it_came_to_the_end(
    happen, actor, sent, settings, monkeypatch, seconds, asked
):
    """Reading is never done in one go while other tasks wait for a worker."""
    settings.EVENT_CONSUMERS = {WRITE: ["*"]}
    happen(1, 2)
    sent.clear()
    monkeypatch.setattr(turns, "TURN_SECONDS", seconds)
    tasks.consume(actor.tenant_id)

    assert len(sent) == asked


def test_whoever_finds_another_at_it_has_them_look_again(actor, sent):
    """Long reading of one tenant takes one worker process, never all."""
    done = []

    def act():
        nudge.by_turns("events.consume", actor.tenant_id, lambda: done.append("another"))
        done.append("first")

    nudge.by_turns("events.consume", actor.tenant_id, act)
    assert (done, sent) == (["first"], [actor.tenant_id])

    nudge.by_turns("events.consume", actor.tenant_id, lambda: done.append("later"))
    assert (done[1:], sent) == (["later"], [actor.tenant_id])


def test_a_turn_that_failed_is_free_again(actor, sent):
    with pytest.raises(ZeroDivisionError):
        nudge.by_turns("events.consume", actor.tenant_id, lambda: 1 / 0)
    done = []
    nudge.by_turns("events.consume", actor.tenant_id, lambda: done.append(1))

    assert done == [1]


def test_without_redis_everybody_has_their_turn(no_redis):
    done = []
    nudge.by_turns("events.consume", 1, lambda: done.append(1))

    assert done == [1]
