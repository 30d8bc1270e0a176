"""Give out what waits in a tenant, as a program of its own: prints what it took, as JSON.

    python -m nova.trials.giving SLUG TICKETS

First the matching alone, of all that waits, with a judgement on it. Then the verb that gives
tickets to people and stores why, for the first so many.
"""

import json
import resource
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from time import perf_counter, process_time
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - models exist once Django is set up

from dispatch.choices import Cause  # noqa: E402
from dispatch.engine.matching import match  # noqa: E402
from dispatch.services import assign_by_engine  # noqa: E402
from dispatch.services.assigning import jobs_for  # noqa: E402
from dispatch.services.desk import Desk  # noqa: E402
from nova.accounts.system import system_of  # noqa: E402
from nova.tenancy.fence import inside  # noqa: E402
from nova.tenancy.models import Tenant  # noqa: E402
from nova.trials.judging import judged  # noqa: E402
from tickets.models import Ticket  # noqa: E402
from tickets.models.ticket import QUEUE_ORDER  # noqa: E402

CARDS = """
    SELECT coalesce(sum(pg_column_size(card) + pg_column_size(secret)), 0) FROM dispatch_decision
"""


def main() -> None:
    """Print what the arguments ask for."""
    slug, many = sys.argv[1], int(sys.argv[2])
    tenant, now = Tenant.objects.get(slug=slug), datetime.now(UTC)
    with inside(tenant.pk):
        waiting = list(Ticket.objects.unresolved().filter(assignee=None).order_by(*QUEUE_ORDER))
        told = {"matched": _matched(tenant.pk, waiting, now)}
        told["given"] = _given(tenant.pk, [each.pk for each in waiting[:many]], now)
    sys.stdout.write(json.dumps(told))


def _matched(tenant_id: int, waiting: list[Ticket], now: datetime) -> dict[str, Any]:
    began = perf_counter()
    desk = Desk.of(tenant_id, now)
    jobs, people = jobs_for(waiting, {}, desk), list(desk.engineers.values())
    read, used, policy = perf_counter(), process_time(), desk.policy.for_engine()
    found = match(jobs, people, policy, now)
    done = perf_counter()
    return {
        "tickets": len(jobs),
        "engineers": len(people),
        "reading_seconds": read - began,
        "matching_seconds": done - read,
        "matching_cpu": process_time() - used,
        "peak_mib": _peak_mib(),
        **asdict(judged(found, jobs, people, policy, now)),
    }


def _given(tenant_id: int, tickets: list[int], now: datetime) -> dict[str, Any]:
    statements = 0

    def counted(execute: Any, *asked: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*asked)

    began, used = perf_counter(), process_time()
    with connection.execute_wrapper(counted):
        actor = system_of(tenant_id)
        made = assign_by_engine(tickets, cause=Cause.OPENED, actor=actor, now=now)
    took, used = perf_counter() - began, process_time() - used
    return {
        "tickets": len(tickets),
        "given": sum(each.primary_id is not None for each in made),
        "seconds": took,
        "cpu": used,
        "statements": statements,
        "cards_mib": _cards_mib(),
        "peak_mib": _peak_mib(),
    }


def _cards_mib() -> float:
    with connection.cursor() as cursor:
        cursor.execute(CARDS)
        return float(cursor.fetchone()[0]) / (1 << 20)


def _peak_mib() -> float:
    """Return the most memory that this program has had, all of Django in it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
