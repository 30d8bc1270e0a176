"""Readers of the sequence never skip, double or wait."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from nova.events.bus import publish
from nova.events.models import EventRecord
from nova.events.sequence import advance
from nova.tenancy import fence
from tests.events.facts import Happened
from tests.factories import NOW
from tests.locks import closing

WRITERS, EACH = 6, 25


def numbers(tenant_id):
    with fence.inside(tenant_id):
        return list(EventRecord.objects.numbered_after(0).values_list("sequence", flat=True))


def test_racing_writers_that_commit_out_of_order_are_read_in_full_and_once(actor, at_once):
    done = threading.Event()
    seen = []

    def write(seed):
        chance = random.Random(seed)  # noqa: S311
        for number in range(EACH):
            with fence.inside(actor.tenant_id):
                publish(Happened(tenant_id=actor.tenant_id, number=number), actor=actor, now=NOW)
                sleep(chance.random() / 200)  # so that later ids commit before earlier ones

    def read():
        after = 0
        while True:
            is_last = done.is_set()
            with fence.inside(actor.tenant_id):
                advance(actor.tenant_id, limit=7)
                rows = EventRecord.objects.numbered_after(after)
                found = list(rows.values_list("sequence", "pk")[:11])
            seen.extend(found)
            after = found[-1][0] if found else after
            if is_last and not found:
                break

    with ThreadPoolExecutor(2) as pool:
        reader = pool.submit(closing, read)
        rival = pool.submit(closing, lambda: [advance_in(actor.tenant_id) for _ in range(60)])
        at_once(write, list(range(WRITERS)))
        rival.result()
        done.set()
        reader.result()

    assert [sequence for sequence, _ in seen] == list(range(1, WRITERS * EACH + 1))
    assert len({pk for _, pk in seen}) == WRITERS * EACH


def advance_in(tenant_id):
    with fence.inside(tenant_id):
        advance(tenant_id)


def test_a_long_transaction_holds_nobody_up_and_is_read_when_it_commits(actor, happen, at_once):
    written, may_commit = threading.Event(), threading.Event()

    def slow():
        with fence.inside(actor.tenant_id):
            publish(Happened(tenant_id=actor.tenant_id, number=1), actor=actor, now=NOW)
            written.set()
            may_commit.wait(20)

    with ThreadPoolExecutor(1) as pool:
        import_run = pool.submit(closing, slow)
        assert written.wait(20)
        happen(2, 3)
        advance_in(actor.tenant_id)
        meanwhile = facts(actor.tenant_id)
        may_commit.set()
        import_run.result()
    advance_in(actor.tenant_id)

    assert meanwhile == [(1, 2), (2, 3)]
    assert facts(actor.tenant_id) == [(1, 2), (2, 3), (3, 1)]


def facts(tenant_id):
    with fence.inside(tenant_id):
        rows = EventRecord.objects.numbered_after(0)
        return [(record.sequence, record.payload["number"]) for record in rows]


def test_each_tenant_counts_for_itself(actor, happen):
    happen(1, 2)
    with fence.inside(actor.tenant_id):
        assert advance(actor.tenant_id) == 2
        assert advance(actor.tenant_id) == 0

    assert numbers(actor.tenant_id) == [1, 2]


@pytest.mark.parametrize("change", [{"payload": {}}, {"name": "x"}, {"actor_id": None}])
def test_what_happened_cannot_be_changed(actor, happen, change):
    happen(1)
    with pytest.raises(Exception, match="append-only"), fence.inside(actor.tenant_id):
        EventRecord.objects.update(**change)
    with pytest.raises(Exception, match="append-only"), fence.inside(actor.tenant_id):
        EventRecord.objects.all().delete()
