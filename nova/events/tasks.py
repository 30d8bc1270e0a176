"""The rounds in which events are numbered, consumed and sealed."""

from celery import shared_task
from django.utils import timezone

from nova.events import consumers, nudge, seal
from nova.events.turns import IsOver, turn
from nova.tenancy.rounds import for_each_tenant

CONSUME = "events.consume"


@shared_task(name=CONSUME)
def consume(tenant_id: int) -> None:
    """After a commit, by a nudge: let the tenant's consumers read on."""
    nudge.begin(CONSUME, tenant_id)
    _read_on(tenant_id, turn())


@shared_task(name="events.catch_up")
def catch_up() -> None:
    """Every few seconds, from beat: read what a lost nudge or a crash left unread, and seal."""
    is_over = turn()

    @for_each_tenant
    def read_and_seal(tenant_id: int) -> None:
        _read_on(tenant_id, is_over)
        seal.seal(tenant_id, now=timezone.now(), is_over=is_over)

    read_and_seal()


def _read_on(tenant_id: int, is_over: IsOver) -> None:
    """Read until the turn is over; what is left then, if anything, is for a turn of its own."""

    def read() -> None:
        consumers.consume(tenant_id, now=timezone.now(), is_over=is_over)

    if not is_over():
        nudge.by_turns(CONSUME, tenant_id, read)
    if is_over():
        nudge.nudge(tenant_id)
