"""Wake the tasks of a tenant soon after a commit. Losing a nudge is harmless."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

from nova import volatile

# A task that was lost on its way holds up the next nudge no longer than this.
PENDING_SECONDS = 10
log = structlog.get_logger(__name__)


def nudge(tenant_id: int) -> None:
    """Queue one round of the tenant's consumers, unless one is waiting to start already."""
    wake("events.consume", tenant_id)


def wake(task: str, tenant_id: int) -> None:
    """Queue a task for a tenant, unless one is waiting to start already.

    When Redis is down this does nothing, and beat will catch up.
    """
    mark = _mark(task, tenant_id)
    is_first = volatile.attempt(
        lambda redis: redis.set(mark, 1, nx=True, ex=PENDING_SECONDS), None
    )
    if not is_first:
        return
    try:
        current_app.send_task(task, args=[tenant_id], retry=False, ignore_result=True)
    except OperationalError:
        log.warning("nudge_lost", task=task, tenant_id=tenant_id)
        volatile.attempt(lambda redis: redis.delete(mark), None)


def begin(task: str, tenant_id: int) -> None:
    """Note that a task starts: a commit from now on asks for another one.

    Comes before the task's first look, so that no commit falls between the two.
    """
    volatile.attempt(lambda redis: redis.delete(_mark(task, tenant_id)), None)


def _mark(task: str, tenant_id: int) -> str:
    return f"nudge:{task}:{tenant_id}"
