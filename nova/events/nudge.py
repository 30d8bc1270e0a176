"""Wake the consumers of a tenant soon after a commit. Losing a nudge is harmless."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def nudge(tenant_id: int) -> None:
    """Queue one round of the tenant's consumers; when Redis is down, beat will catch up."""
    try:
        current_app.send_task("events.consume", args=[tenant_id], retry=False)
    except OperationalError:
        log.warning("nudge_lost", tenant_id=tenant_id)
