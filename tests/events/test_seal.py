"""The hash chain holds, and shows each way of breaking it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from nova.events import seal
from nova.events.models import EventRecord
from nova.events.sequence import advance
from nova.tenancy import fence
from tests.factories import NOW


@pytest.fixture
def sealed(actor, happen, monkeypatch):
    """Return the tenant of five sealed events."""
    monkeypatch.setattr(seal, "BATCH", 2)
    happen(1, 2, 3, 4, 5)
    with fence.inside(actor.tenant_id):
        advance(actor.tenant_id)
    assert seal.seal(actor.tenant_id, now=NOW) == 5
    return actor.tenant


def test_a_chain_that_nobody_touched_holds(sealed):
    with fence.inside(sealed.pk):
        assert list(seal.verify(sealed.pk)) == [5]


def test_sealing_goes_on_where_it_stopped(sealed, happen):
    happen(6, 7)
    with fence.inside(sealed.pk):
        advance(sealed.pk)
    seal.seal(sealed.pk, now=NOW)

    with fence.inside(sealed.pk):
        assert list(seal.verify(sealed.pk)) == [7]


@pytest.mark.parametrize(
    ("forgery", "sequence", "reason"),
    [
        ("UPDATE {} SET payload = '{{}}' WHERE sequence = 3", 3, "altered"),
        ("UPDATE {} SET actor_id = actor_id, name = 'x' WHERE sequence = 5", 5, "altered"),
        ("UPDATE {} SET hash = repeat('a', 64) WHERE sequence = 2", 2, "altered"),
        ("UPDATE {} SET hash = '' WHERE sequence = 5", 5, "altered"),
        ("UPDATE {} SET previous_hash = repeat('a', 64) WHERE sequence = 4", 4, "follow"),
        ("DELETE FROM {} WHERE sequence = 3", 3, "missing"),
        ("DELETE FROM {} WHERE sequence = 1", 1, "missing"),
        ("UPDATE {} SET sequence = 99 WHERE sequence = 2", 2, "missing"),
        ("DELETE FROM {} WHERE sequence = 5", 5, "missing"),
    ],
)
def test_whoever_passes_the_database_guard_breaks_the_chain(sealed, forgery, sequence, reason):
    table = EventRecord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        with fence.inside(sealed.pk):
            cursor.execute(forgery.format(table))
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")
    with fence.inside(sealed.pk):
        faults = [found for found in seal.verify(sealed.pk) if isinstance(found, seal.Fault)]

    assert (faults[0].sequence, reason in faults[0].reason) == (sequence, True)


def test_the_command_tells_and_fails(sealed):
    out, err = StringIO(), StringIO()
    call_command("verify_events", tenant=sealed.slug, stdout=out)
    with fence.inside(sealed.pk):
        EventRecord.objects.filter(sequence=2).update(hash="")
    with pytest.raises(CommandError, match="faults found"):
        call_command("verify_events", stdout=out, stderr=err)

    assert f"{sealed.slug}: 5 sealed events, 0 faults" in out.getvalue()
    assert f"{sealed.slug}: event 2 was altered" in err.getvalue()
