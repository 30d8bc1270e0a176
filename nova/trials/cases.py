"""What the benchmark asks of a Nova, each beside the SQL that no product could do without."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import psycopg

from nova.trials import raw
from nova.trials.casting import Cast
from nova.trials.client import Answer, Client

API = "/api/support/tickets"
SOME = 1500  # the number of a ticket that is there at every size
MANY = 16
COMMON = 10  # one ticket in so many has the common word
LEVELS = ("high", "medium", "low")
NEWEST_OPEN = """
    SELECT number FROM tickets_ticket WHERE tenant_id = %s AND deleted_at IS NULL
    AND status NOT IN ('resolved', 'closed') ORDER BY id DESC LIMIT 1000
"""
SOME_ID = "SELECT id FROM tickets_ticket WHERE tenant_id = %s AND number = %s"

Raw = Callable[[], None]


@dataclass(frozen=True)
class Case:
    """One kind of work: what each client does, how often in all, and the same as bare SQL."""

    work: str
    asks: list[Callable[[], Answer]]
    times: int
    raw: Raw | None = None
    raw_times: int = 50


def cases(cast: Cast, spare: Cast, database: psycopg.Connection[Any]) -> Iterator[Case]:
    """Yield the work in an order in which none spoils the next: writing in bulk comes last."""
    tenant = cast.tenant_id
    lead, browser = cast.program("lead"), cast.browser("lead")
    many = [cast.program("lead") for _ in range(MANY)]
    by_sql = partial(raw.asking, database)
    seen = database.execute(SOME_ID, [tenant, SOME]).fetchone() or (0,)
    one = {"tenant": tenant, "number": SOME, "id": seen[0]}
    opener(spare.program("lead"), spare)()
    opened = raw.opening(database, spare.tenant_id)
    yield Case("open a ticket", [opener(lead, cast)], 300, opened, 100)
    yield Case("open a ticket", [opener(client, cast) for client in many], 640)
    queue = by_sql([raw.QUEUE], one)
    yield Case("list of 50", [partial(lead.get, API)], 200, queue)
    yield Case("ticket", [partial(lead.get, f"{API}/T-{SOME}")], 300, by_sql(raw.TICKET, one))
    yield Case("queue page", [partial(browser.get, "/pulse/")], 100, queue)
    path = f"/tickets/T-{SOME}"
    yield Case("ticket page", [partial(browser.get, path)], 100, by_sql(raw.TICKET, one))
    for name, word, times in (("rare", "zephyr", 100), ("common", "network", 50)):
        words = by_sql([raw.SEARCH], {"tenant": tenant, "word": word})
        ask = partial(lead.get, f"{API}/search?q={word}")
        yield Case(f"search, {name} word", [ask], times, words, 10)
    yield _in_bulk(lead, cast, spare, database)


def opener(client: Client, cast: Cast) -> Callable[[], Answer]:
    """Return what opens one ticket after another, as an integration does: for a requester.

    One in ten has the common word, as among the tickets that are there.
    """
    numbers = count(1)

    def ask() -> Answer:
        number = next(numbers)
        about = "screen" if number % COMMON else "network"
        said = {
            "title": f"Laptop {number} has no {about}",
            "description": "It beeps three times and the screen stays black.",
            "impact": "medium",
            "urgency": "high",
            "requester": cast.emails["requester"],
        }
        return client.post(API, said)

    return ask


def _in_bulk(lead: Client, cast: Cast, spare: Cast, database: psycopg.Connection[Any]) -> Case:
    rows = database.execute(NEWEST_OPEN, [cast.tenant_id]).fetchall()
    numbers = [number for (number,) in rows]
    references = [f"T-{number}" for number in numbers]
    turns = count()

    def ask() -> Answer:
        urgency = LEVELS[next(turns) % len(LEVELS)]
        return lead.post(f"{API}/bulk-update", {"references": references, "urgency": urgency})

    ids = {"tenant": cast.tenant_id, "spare": spare.tenant_id, "numbers": numbers}
    return Case(f"bulk edit of {len(numbers)}", [ask], 4, raw.asking(database, raw.BULK, ids), 5)
