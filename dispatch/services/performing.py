"""What engineers did lately, counted anew."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from dispatch.events import PerformanceMeasured
from dispatch.models import Engineer, Performance
from dispatch.performance import Key, Tally, qualities
from nova.accounts.models import User
from nova.events.bus import publish
from tickets.choices import SlaState, Status

LOOKED_BACK = timedelta(days=180)
WORKING = [Status.DIAGNOSING, Status.IN_PROGRESS]
# Of each engineer, by service and, where `is_all`, of all that they resolved. A ticket has one
# rating at most, so that it stands in one row.
COUNTED = """
    SELECT engineer.id, service_id, GROUPING(service_id) = 1 AS is_all,
        count(*), count(*) FILTER (WHERE reopen_count > 0),
        count(*) FILTER (WHERE sla_state = %(met)s),
        count(*) FILTER (WHERE sla_state IN (%(met)s, %(breached)s)),
        count(score), coalesce(sum(score), 0),
        coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), 0)
    FROM tickets_ticket AS ticket
    JOIN dispatch_engineer AS engineer ON engineer.person_id = assignee_id
    LEFT JOIN tickets_rating AS rating ON rating.ticket_id = ticket.id
    LEFT JOIN LATERAL (
        SELECT sum(extract(epoch FROM left_at - entered_at)) AS seconds
        FROM tickets_stagevisit
        WHERE ticket_id = ticket.id AND status = ANY(%(working)s) AND left_at IS NOT NULL
    ) AS worked ON true
    WHERE ticket.tenant_id = %(tenant)s AND resolved_at >= %(since)s AND is_done
        AND deleted_at IS NULL AND merged_into_id IS NULL
    GROUP BY GROUPING SETS ((engineer.id, service_id), (engineer.id))
"""


class Counted(NamedTuple):
    """What an engineer did in a service, or in all, and how long it took them as a rule."""

    key: Key
    tally: Tally
    usual_seconds: int


@transaction.atomic
def measure_performance(tenant_id: int, *, actor: User, now: datetime) -> int:
    """Count anew what engineers resolved in the last half year; return of how many there was any.

    Costs as many queries for few as for many.
    """
    # One at a time: two would both put what they counted in the place of what was there.
    held = Engineer.objects.filter(tenant=tenant_id).order_by("pk").select_for_update(no_key=True)
    list(held.values_list("pk", flat=True))
    counted = list(_counted(tenant_id, now))
    quality = qualities({each.key: each.tally for each in counted})
    Performance.objects.filter(tenant=tenant_id).delete()
    Performance.objects.bulk_create(
        Performance(
            tenant_id=tenant_id,
            engineer_id=each.key[0],
            service_id=each.key[1],
            as_of=now,
            usual_seconds=each.usual_seconds,
            quality=quality[each.key],
            **vars(each.tally),
        )
        for each in counted
    )
    engineers = len({each.key[0] for each in counted})
    if engineers:
        event = PerformanceMeasured(tenant_id=tenant_id, engineers=engineers)
        publish(event, actor=actor, now=now)
    return engineers


def _counted(tenant_id: int, now: datetime) -> Iterator[Counted]:
    values: dict[str, Any] = {
        "tenant": tenant_id,
        "since": now - LOOKED_BACK,
        "met": SlaState.MET,
        "breached": SlaState.BREACHED,
        "working": WORKING,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, values)
        rows = cursor.fetchall()
    for engineer, service, is_all, *tally, seconds in rows:
        if is_all or service is not None:  # what is of no service counts only in all
            yield Counted((engineer, service), Tally(*tally), int(seconds))
