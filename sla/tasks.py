from celery import shared_task
from django.utils import timezone

from nova.accounts.system import system_of
from nova.events import nudge
from nova.tenancy.fence import inside
from nova.tenancy.rounds import for_each_tenant
from sla import services
from sla.services.feeds import FETCH

BATCH = 1000
MOST_FEEDS = 10


@shared_task(name="sla.sweep", ignore_result=True)
@for_each_tenant
def sweep(tenant_id: int) -> None:
    """Every two seconds, from beat: warn and note breaches. Late or twice is harmless."""
    done = BATCH
    while done == BATCH:
        with inside(tenant_id):
            now = timezone.now()
            done = services.sweep(tenant_id, actor=system_of(tenant_id), now=now, limit=BATCH)


@shared_task(name=FETCH, ignore_result=True)
def fetch_feeds(tenant_id: int) -> None:
    """After an address was set, by a nudge: fetch the holidays that are due."""
    nudge.begin(FETCH, tenant_id)
    for _ in range(MOST_FEEDS):
        if not services.fetch_next(tenant_id, now=timezone.now()):
            return
    nudge.wake(FETCH, tenant_id)  # let others have the worker in between


@shared_task(name="sla.fetch_due_feeds", ignore_result=True)
@for_each_tenant
def fetch_due_feeds(tenant_id: int) -> None:
    """Every hour, from beat: see to the feeds that were fetched a day ago, or failed."""
    nudge.wake(FETCH, tenant_id)


@shared_task(name="sla.note_ended_holidays", ignore_result=True)
@for_each_tenant
def note_ended_holidays(tenant_id: int) -> None:
    """Every day, from beat: tell of calendars whose holidays end. Twice is harmless."""
    with inside(tenant_id):
        actor = system_of(tenant_id)
        services.note_ended_holidays(tenant_id, actor=actor, now=timezone.now())


@shared_task(name="sla.predict_stale", ignore_result=True)
@for_each_tenant
def predict_stale(tenant_id: int) -> None:
    """Every minute, from beat: judge again what was judged long ago. Twice is harmless."""
    with inside(tenant_id):
        services.predict_stale(tenant_id, actor=system_of(tenant_id), now=timezone.now())


@shared_task(name="sla.train_predictions", ignore_result=True)
def train_predictions(tenant_id: int | None = None) -> None:
    """Every night, from beat, for every tenant; or for the one that asked."""
    if tenant_id is None:
        for_each_tenant(_train)()
    else:
        _train(tenant_id)


def _train(tenant_id: int) -> None:
    with inside(tenant_id):
        actor = system_of(tenant_id)
    services.train_predictions(tenant_id, actor=actor, now=timezone.now())


@shared_task(name="sla.recalculate", ignore_result=True)
def recalculate(tenant_id: int) -> None:
    """By a nudge: preview and apply what is asked for, portion by portion."""
    services.RECALCULATING.run(tenant_id, timezone.now)


@shared_task(name="sla.recalculate_stalled", ignore_result=True)
def recalculate_stalled() -> None:
    """Every few seconds, from beat: go on with what a worker left when it died."""
    services.RECALCULATING.wake_stalled(timezone.now)
