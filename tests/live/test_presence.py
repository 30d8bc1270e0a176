"""Who else is here: told to staff, faded by itself, and hidden from requesters."""

from datetime import timedelta

import pytest

from nova.live import presence
from tests.factories import NOW
from tests.live.test_sockets import QUIET, follow

GROUP = "presence.thing.7"


def names(tenant, now=NOW):
    return [(p.name, p.is_typing) for p in presence.present(tenant.pk, GROUP, now=now)]


def test_presence_fades(people, tenant):
    presence.note(GROUP, people["technician"], "here", now=NOW)

    assert names(tenant) == [("Technician", False)]
    assert names(tenant, NOW + timedelta(seconds=39)) == [("Technician", False)]
    assert names(tenant, NOW + timedelta(seconds=40)) == []


def test_only_what_changes_is_news(people, tenant):
    person = people["technician"]
    news = [presence.note(GROUP, person, state, now=NOW) for state in ("here", "here", "typing")]

    assert news == [True, False, True]
    assert names(tenant) == [("Technician", True)]
    assert presence.leave(GROUP, person)
    assert not presence.leave(GROUP, person)


async def test_who_comes_and_goes_is_told_as_a_topic(dial, people, tenant):
    first, second = await dial(people["technician"]), await dial(people["technician"])
    await follow(first, "thing:7", "presence:thing:7")
    await follow(second, "presence:thing:7")
    await second.say({"presence": {"topic": "thing:7", "state": "typing"}})

    assert (await first.hear())["topic"] == "presence:thing:7"
    await second.hang_up()
    assert (await first.hear())["topic"] == "presence:thing:7"
    assert names(tenant) == []


async def test_a_requester_neither_sees_nor_shows_presence(dial, people, tenant):
    line = await dial(people["requester"])
    said = await follow(line, "thing:7", "presence:thing:7")
    await line.say({"presence": {"topic": "thing:7", "state": "here"}})

    assert {"topic": "presence:thing:7", "refused": True} in said
    assert await line.receive_nothing(QUIET)
    assert names(tenant) == []


@pytest.mark.parametrize(("role", "status"), [("technician", 200), ("requester", 404)])
def test_the_fragment_is_for_who_may_follow(people, as_person, role, status):
    assert as_person(people[role]).get("/live/presence/thing:7").status_code == status
