"""Warn and note breaches when they are due. Right when late, twice, or in several workers."""

from datetime import datetime

from django.db import transaction

from nova.accounts.models import User
from sla import rules
from sla.models import Clock
from sla.services.writing import Writing

READ = [field.name for field in Clock._meta.concrete_fields]


@transaction.atomic
def sweep(tenant_id: int, *, actor: User, now: datetime, limit: int = 1000) -> int:
    """Act on the clocks of a tenant whose next action lies before `now`; return how many.

    A breach is dated at the instant that it happened; of several steps crossed at once only the
    highest is told. Both rows are claimed and a locked one is skipped: whoever holds the ticket
    is changing its clocks, and the next sweep comes in seconds.
    """
    clocks = (
        Clock.objects.filter(tenant_id=tenant_id)
        .due_for_action(now)
        .select_related("ticket")
        .only(*READ, "ticket__id")  # to lock a ticket, not to read it
        .select_for_update(of=["self", "ticket"], skip_locked=True, no_key=True)[:limit]
    )
    writing = Writing(actor, now)
    for clock in clocks:
        writing.put(clock, rules.note_breach(clock.cycle(), now))
    writing.write()
    return len(writing.changed)
