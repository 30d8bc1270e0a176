"""How far each reader of the sequence has come."""

from nova.events.models import ConsumerCursor


def claim(consumer: str, tenant_id: int) -> ConsumerCursor | None:
    """Lock a consumer's cursor until the transaction ends; None when another worker has it.

    SKIP LOCKED: a second worker has nothing to do here, and must not queue up for it.
    """
    cursors = ConsumerCursor.objects.filter(consumer=consumer, tenant_id=tenant_id)
    free = cursors.select_for_update(skip_locked=True)
    mine = free.first()
    if mine is None and not cursors.exists():
        fresh = ConsumerCursor(consumer=consumer, tenant_id=tenant_id)
        ConsumerCursor.objects.bulk_create([fresh], ignore_conflicts=True)
        mine = free.first()
    return mine
