"""How far each reader of the sequence has come."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from nova.events.models import ConsumerCursor

POSITIONS = """
    SELECT coalesce(max(sequence), 0), (
        SELECT coalesce(json_object_agg(
            consumer, sequence ORDER BY moved_at NULLS FIRST, array_position(%s, consumer)
        ), '{}') FROM events_consumercursor WHERE tenant_id = %s AND consumer = ANY(%s)
    ) FROM events_eventrecord WHERE tenant_id = %s
"""
# SKIP LOCKED: a second worker has nothing to do here, and must not queue up for it.
FREE = """
    SELECT id FROM events_consumercursor
    WHERE tenant_id = %s AND consumer = ANY(%s) AND sequence = %s FOR UPDATE SKIP LOCKED
"""
MOVE = f"""
    UPDATE events_consumercursor SET sequence = %s, moved_at = %s
    WHERE id IN ({FREE}) RETURNING consumer
"""  # noqa: S608


def claim(consumer: str, tenant_id: int) -> ConsumerCursor | None:
    """Lock a consumer's cursor until the transaction ends; None when another worker has it."""
    cursors = ConsumerCursor.objects.filter(consumer=consumer, tenant_id=tenant_id)
    free = cursors.select_for_update(skip_locked=True)
    mine = free.first()
    if mine is None and not cursors.exists():
        _create([consumer], tenant_id)
        mine = free.first()
    return mine


def positions(consumers: Sequence[str], tenant_id: int) -> tuple[int, dict[str, int]]:
    """Return the last number of the sequence, and by consumer the one that it has read up to.

    Whoever has not moved for longest comes first, else they keep their order.
    """
    with connection.cursor() as cursor:
        cursor.execute(POSITIONS, [list(consumers), tenant_id, list(consumers), tenant_id])
        last, known = cursor.fetchone()
    missing = [consumer for consumer in consumers if consumer not in known]
    _create(missing, tenant_id)
    return last, {**dict.fromkeys(missing, 0), **known}


def claim_at(consumer: str, sequence: int, tenant_id: int) -> bool:
    """Lock a consumer's cursor where it stands at `sequence` and no other worker has it."""
    with connection.cursor() as cursor:
        cursor.execute(FREE, [tenant_id, [consumer], sequence])
        return cursor.fetchone() is not None


def move(
    consumers: Sequence[str], tenant_id: int, *, before: int, after: int, now: datetime
) -> set[str]:
    """Move the cursors that stand at `before` and no other worker has; return whose they are."""
    if not consumers:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [after, now, tenant_id, list(consumers), before])
        return {consumer for (consumer,) in cursor.fetchall()}


def _create(consumers: Sequence[str], tenant_id: int) -> None:
    fresh = [ConsumerCursor(consumer=consumer, tenant_id=tenant_id) for consumer in consumers]
    ConsumerCursor.objects.bulk_create(fresh, ignore_conflicts=True)
