"""Wake the tasks of a tenant soon after a commit. Losing a nudge is harmless."""

from collections.abc import Callable

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis import Redis

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


def by_turns(task: str, tenant_id: int, act: Callable[[], None]) -> None:
    """Do `act` unless another process is at it: then it looks again instead.

    So long work of a tenant has one worker process, and what must not wait has the others. A mark
    that a killed process left is gone after a moment; two at it are harmless.
    """
    turn, again = f"turn:{task}:{tenant_id}", f"again:{task}:{tenant_id}"
    volatile.attempt(lambda redis: redis.set(again, 1, ex=PENDING_SECONDS), None)
    mine = volatile.attempt(
        lambda redis: bool(redis.set(turn, 1, nx=True, ex=PENDING_SECONDS)), True
    )
    if not mine:
        return
    volatile.attempt(lambda redis: redis.delete(again), None)
    try:
        act()
    finally:
        volatile.attempt(lambda redis: redis.delete(turn), None)
    if volatile.attempt(lambda redis: redis.getdel(again), None):
        wake(task, tenant_id)


def _take(redis: Redis, mark: str) -> bool:
    return bool(redis.set(mark, 1, nx=True, ex=PENDING_SECONDS))


def _mark(task: str, tenant_id: int) -> str:
    return f"nudge:{task}:{tenant_id}"
