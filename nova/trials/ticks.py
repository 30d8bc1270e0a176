"""Time the sweep, as a program of its own: prints the milliseconds of each tick as JSON.

    python -m nova.trials.ticks TENANT_ID TICKS

Before each, a thousand of the tenant's running clocks are made due: most for a warning at half of
their time, the others for a breach. Their tickets say so before the tick, as they do in a desk.
"""

import json
import sys
from datetime import UTC, datetime
from time import perf_counter, process_time

import django

django.setup()

from django.db import connection  # noqa: E402 - models exist once Django is set up

from nova.accounts.system import system_of  # noqa: E402
from nova.tenancy.fence import inside  # noqa: E402
from sla.services import sweep  # noqa: E402
from sla.services.projecting import project  # noqa: E402

DUE = 1000
MAKE_DUE = """
    UPDATE sla_clock SET
        running_since = now() - span, started_at = now() - span, changed_at = now() - span,
        due_at = date_trunc('second', now()) - span + target_seconds * interval '1 second',
        next_action_at = now() - interval '5 seconds',
        fired = CASE WHEN is_late THEN '{50,75,90}'::varchar[] ELSE '{}' END
    FROM (
        SELECT id AS chosen, place %% 10 < 3 AS is_late,
            date_trunc('second', target_seconds
                * CASE WHEN place %% 10 < 3 THEN 1 ELSE 0.5 END * interval '1 second')
            + interval '10 seconds' AS span
        FROM (
            SELECT id, target_seconds, row_number() OVER (ORDER BY id) AS place FROM sla_clock
            WHERE state = 'running' AND breached_at IS NULL AND NOT '50' = ANY(fired) AND id > %s
            ORDER BY id LIMIT %s
        ) AS numbered
    ) AS due
    WHERE id = chosen RETURNING id, ticket_id
"""


def main() -> None:
    """Print what the arguments ask for."""
    tenant_id, ticks = map(int, sys.argv[1:])
    reached, times, used = 0, [], []
    for _ in range(ticks):
        reached = _make_due(tenant_id, reached)
        began, cpu = perf_counter(), process_time()
        with inside(tenant_id):
            done = sweep(tenant_id, actor=system_of(tenant_id), now=datetime.now(UTC), limit=DUE)
        times.append((perf_counter() - began) * 1000)
        used.append((process_time() - cpu) * 1000)
    sys.stdout.write(json.dumps({"milliseconds": times, "cpu": used, "last": done}))


def _make_due(tenant_id: int, reached: int) -> int:
    with inside(tenant_id), connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, [reached, DUE])
        clocks, tickets = zip(*cursor.fetchall(), strict=True)
        project(list(dict.fromkeys(tickets)))
        return max(clocks)


if __name__ == "__main__":
    main()
