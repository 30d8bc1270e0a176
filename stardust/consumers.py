"""What Stardust does after the commit, in the order of events. Wired in `nova.wiring`."""

from collections.abc import Sequence
from typing import Any

from nova.accounts.system import system_of
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
from stardust import services
from stardust.moments import is_to, moments_of
from stardust.reading import settled_in
from tickets.choices import Status


@takes_batches
def follow_moves(records: Sequence[EventRecord]) -> None:
    """Let people earn by what was resolved, and take back what was reopened.

    A moment that comes late, when its ticket is reopened already, is taken back with it: also
    where the reopening was read before, since a parked event is read again after others.
    What was earned before Stardust was switched off is taken back all the same.
    """
    resolved = [record for record in records if is_to(record, Status.RESOLVED)]
    reopened = [record for record in records if is_to(record, Status.REOPENED)]
    if not resolved and not reopened:
        return
    tenant_id, now = records[-1].tenant_id, records[-1].occurred_at
    acting: dict[str, Any] = {"actor": system_of(tenant_id), "now": now}
    settled = settled_in(tenant_id)
    services.take_back(reopened, **acting)
    if resolved and settled.is_on:
        moments = moments_of(resolved)
        services.earn(moments, settled.rules, **acting)
        since = [moment.reopened for moment in moments if moment.reopened]
        services.take_back(since, **acting)
