"""What sockets say, and to whom."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.cached_db import SessionStore

from nova.accounts.models import RoleGrant, User
from nova.accounts.sealing import seal
from nova.events.models import ConsumerCursor, ParkedEvent
from nova.live.pings import ping_async
from nova.tenancy import fence
from nova.web.since import mark_for
from tests.factories import PersonFactory, TenantFactory
from tests.live.wiring import Noted, Replied

QUIET = 0.35
A_TIME = 1_600_000_000_000  # numbers above are milliseconds, and not a place in the sequence


async def follow(line, *topics, since=None):
    """Subscribe, and return all that is answered up to where the sequence stands."""
    await line.say({"subscribe": list(topics), "since": since})
    said = [await line.hear()]
    while not ({"sequence", "reset"} & said[-1].keys() and "topic" not in said[-1]):
        said.append(await line.hear())
    return said


def mark_at(person, sequence, ago=timedelta()):
    """Return what a page of theirs carried that was made when the sequence stood there."""
    person.as_of = sequence
    with time_machine.travel(datetime.now(UTC) - ago):
        return mark_for(person)


async def test_a_change_is_told_as_topic_and_sequence(dial, people, happen, tenant):
    line = await dial(people["technician"])
    await follow(line, "queue", "thing:7")
    await happen(people["technician"], Noted(tenant_id=tenant.pk, thing=7))

    said = [await line.hear(), await line.hear()]
    assert {message["topic"]: message["sequence"] for message in said} == {
        "queue": 1,
        "thing:7": 1,
    }
    assert all(message.keys() == {"topic", "sequence"} for message in said)


async def test_many_changes_at_once_are_one_ping(dial, people, happen, tenant):
    line = await dial(people["technician"])
    await follow(line, "queue")
    await happen(people["technician"], *(Noted(tenant_id=tenant.pk, thing=n) for n in range(20)))

    assert await line.hear() == {"topic": "queue", "sequence": 20}
    assert await line.receive_nothing(QUIET)


async def test_a_requester_is_refused_the_queue_as_if_there_were_none(dial, people):
    line = await dial(people["requester"])
    said = await follow(line, "queue", "nonsense")

    refused = {message["topic"] for message in said if message.get("refused")}
    assert refused == {"queue", "nonsense"}


async def test_a_requester_hears_of_public_events_only_and_no_sequence(
    dial, people, happen, tenant
):
    line = await dial(people["requester"])
    await follow(line, "thing:7")
    await happen(people["technician"], *[Noted(tenant_id=tenant.pk, thing=7)] * 3)
    assert await line.receive_nothing(QUIET)

    await happen(people["technician"], Replied(tenant_id=tenant.pk, thing=7))
    said = await line.hear()
    assert said["topic"] == "thing:7"
    assert said["sequence"] > A_TIME


async def test_another_tenant_hears_nothing(dial, people, happen, tenant, in_database):
    def make_stranger():
        other = TenantFactory()
        with fence.inside(other.pk):
            return PersonFactory(role="admin")

    line = await dial(await in_database(make_stranger))
    await follow(line, "queue", "thing:7")
    await happen(people["technician"], Replied(tenant_id=tenant.pk, thing=7))

    assert await line.receive_nothing(QUIET)


@pytest.mark.parametrize(("since", "topics"), [(0, {"queue", "thing:7"}), (1, {"queue"})])
async def test_who_comes_back_is_told_what_changed_since(
    dial, people, happen, tenant, since, topics
):
    events = [Noted(tenant_id=tenant.pk, thing=thing) for thing in (7, 8)]
    await happen(people["technician"], *events)
    line = await dial(people["technician"])
    said = await follow(line, "queue", "thing:7", "thing:9", since=since)

    assert {message["topic"] for message in said if "topic" in message} == topics
    assert said[-1] == {"sequence": 2}


async def test_who_was_away_too_long_asks_everything_again(
    dial, people, happen, monkeypatch, tenant
):
    monkeypatch.setattr("nova.live.replay.FARTHEST", 2)
    await happen(people["technician"], *[Noted(tenant_id=tenant.pk, thing=7)] * 4)
    line = await dial(people["technician"])

    assert {"reset": True} in await follow(line, "queue", since=1)


async def test_a_requester_who_comes_back_asks_everything_again(dial, people):
    line = await dial(people["requester"])

    assert await follow(line, "thing:7", since=5) == [{"reset": True}]


async def test_a_page_of_a_requester_is_told_what_came_since_it_was_made(
    dial, people, happen, tenant, in_database
):
    events = [
        Replied(tenant_id=tenant.pk, thing=7),
        Noted(tenant_id=tenant.pk, thing=8),
        Replied(tenant_id=tenant.pk, thing=9),
    ]
    mark = await in_database(mark_at, people["requester"], 1)
    await happen(people["technician"], *events)
    line = await dial(people["requester"])
    said = await follow(line, "thing:7", "thing:8", "thing:9", since=mark)

    assert [message.get("topic") for message in said] == ["thing:9", None]
    assert all(message["sequence"] > A_TIME for message in said)


@pytest.mark.parametrize("taken_by", ["nobody", "technician", "a minute ago"])
async def test_a_mark_that_does_not_hold_lets_a_requester_ask_everything_again(
    dial, people, happen, tenant, in_database, taken_by
):
    await happen(people["technician"], Replied(tenant_id=tenant.pk, thing=7))
    marks = {
        "nobody": "gAAAAA",
        "technician": seal(f"since {people['technician'].pk}: 0"),
        "a minute ago": await in_database(mark_at, people["requester"], 0, timedelta(seconds=61)),
    }
    line = await dial(people["requester"])

    assert {"reset": True} in await follow(line, "thing:7", since=marks[taken_by])


async def test_nobody_gets_no_socket(dial, transactional_db):
    line = await dial(None)

    assert await line.close_code() == 4401


async def test_a_page_of_another_site_gets_no_socket(dial, people):
    line = await dial(people["technician"], origin=b"https://evil.example")

    assert not line.is_connected


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "[]",
        '{"subscribe": "queue"}',
        '{"subscribe": [1]}',
        json.dumps({"subscribe": [], "since": "x" * 301}),
        '{"subscribe": [], "since": [1]}',
        '{"subscribe": [], "since": true}',
        '{"subscribe": ["a\\u0000"]}',
        '{"presence": {"topic": 1, "state": "here"}}',
        json.dumps({"subscribe": ["x" * 9000]}),
        json.dumps({"subscribe": ["x"] * 61}),
    ],
)
async def test_nonsense_ends_the_socket(dial, people, text):
    line = await dial(people["technician"])
    await line.send_text(text)

    assert await line.close_code() == 4400


async def test_a_ping_is_answered(dial, people):
    line = await dial(people["technician"])
    await line.say({"ping": 1})

    assert await line.hear() == {"pong": 1}


def sign_out(person, key):
    SessionStore(key).delete()


def deactivate(person, key):
    with fence.inside(person.tenant_id):
        User.objects.filter(pk=person.pk).update(is_active=False)


def change_password(person, key):
    with fence.inside(person.tenant_id):
        person.set_password("another one")
        person.save()


@pytest.mark.parametrize("end", [sign_out, deactivate, change_password])
async def test_a_session_that_ends_ends_its_sockets(dial, people, settings, in_database, end):
    settings.LIVE_RECHECK_SECONDS = 0.1
    line = await dial(people["technician"])
    await follow(line, "queue")
    await in_database(end, people["technician"], line.session_key)

    assert await line.close_code() == 4401


async def test_a_right_that_is_taken_ends_what_it_allowed(
    dial, people, settings, in_database, happen, tenant
):
    settings.LIVE_RECHECK_SECONDS = 0.1
    line = await dial(people["technician"])
    await follow(line, "queue")

    def take():
        with fence.inside(tenant.pk):
            RoleGrant.objects.filter(person=people["technician"]).delete()

    await in_database(take)
    await asyncio.sleep(0.5)
    await happen(people["requester"], Noted(tenant_id=tenant.pk, thing=7))

    assert await line.receive_nothing(QUIET)


@pytest.mark.slow
async def test_an_idle_socket_lives_for_twelve_seconds(dial, people, tenant):
    """redis-py 8 gives up a connection after five seconds of silence unless told otherwise."""
    line = await dial(people["technician"])
    await follow(line, "queue")
    assert await line.receive_nothing(12)
    await ping_async(tenant.pk, {"queue": 3})

    assert await line.hear() == {"topic": "queue", "sequence": 3}


async def test_a_layer_without_redis_loses_pings_and_nothing_else(
    people, happen, settings, tenant, in_database
):
    layer = settings.CHANNEL_LAYERS["default"]
    config = {"hosts": [{"address": "redis://127.0.0.1:1/0"}]}
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": config}}
    await happen(people["technician"], Noted(tenant_id=tenant.pk, thing=7))

    def left():
        with fence.inside(tenant.pk):
            return ConsumerCursor.objects.get().sequence, ParkedEvent.objects.count()

    assert await in_database(left) == (1, 0)
