"""Many people: how fast an identity provider brings them, and how soon a department is VIP.

The desk goes on meanwhile: its queue is measured, too, and tickets that are opened for
the very people who are designated and revoked.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from statistics import median
from threading import Event
from time import monotonic, sleep
from typing import Any, TypeVar

import psycopg

from nova.trials.casting import Cast, cast
from nova.trials.client import Answer, Client
from nova.trials.measuring import GOOD, p95
from nova.trials.stage import HOST, Stage

SLUG, DEPARTMENT = "staffed", "Newsroom"
CLIENTS, WATCHERS = 8, 2
GROUPS, AT_ONCE = 10, 20  # members in one PATCH
BEFORE_SECONDS, PATIENCE_SECONDS, LOOK_SECONDS, PAUSE_SECONDS = 15.0, 600.0, 0.1, 0.05
SCIM, API = "/scim/v2", "/api/support"
CORE = "urn:ietf:params:scim:schemas:core:2.0"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
FOUND = "INSERT INTO accounts_department (tenant_id, name) VALUES (%s, %s)"
LAST = "SELECT coalesce(max(id), 0) FROM events_eventrecord"
BEHIND = """
    SELECT coalesce((SELECT max(sequence) FROM events_eventrecord WHERE tenant_id = %(tenant)s), 0)
        - coalesce((SELECT min(sequence) FROM events_consumercursor
            WHERE tenant_id = %(tenant)s AND consumer = ANY(%(readers)s)), 0)
"""
SCORED = """
    SELECT count(*) FROM tickets_ticket
    WHERE tenant_id = %s AND number = ANY(%s) AND vip_level = %s AND vip_priority_score >= %s
"""
# What one portion does bears one instant.
PORTIONS = """
    SELECT count(DISTINCT occurred_at), count(*) FROM events_eventrecord
    WHERE tenant_id = %s AND name = 'vip.VipLevelChanged' AND id > %s
"""
Done = TypeVar("Done")


class Tally:
    """The answers to some requests: status and milliseconds, or None for what came too late."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, float] | None] = []
        self._began = monotonic()

    def ask(self, ask: Callable[..., Answer], *words: Any) -> Answer | None:
        """Ask once, and note what it took."""
        try:
            answer = ask(*words)
        except TimeoutError:
            self.answers.append(None)
            return None
        self.answers.append((answer.status, answer.milliseconds))
        return answer

    def line(self, what: str, many: int = 0) -> str:
        """Say it in a line; `many` is how many things these requests have brought by now."""
        rate = f"{many / (monotonic() - self._began):.0f} a second, " if many else ""
        came = [answer for answer in self.answers if answer is not None]
        times = [took for _status, took in came] or [float("inf")]
        errors = sum(status >= GOOD for status, _took in came)
        return (
            f"{what:<40} {rate}median {median(times):.0f} ms, p95 {p95(times):.0f} ms, at most "
            f"{max(times):.0f} ms, {len(self.answers)} requests, {errors} errors, "
            f"{len(self.answers) - len(came)} timeouts"
        )


class People:
    """One measurement: so many people, half of them in one department, and so many tickets."""

    def __init__(self, people: int, tickets: int, say: Callable[[str], None]) -> None:
        self.people, self.tickets, self.say = people, tickets, say
        self.ids: list[str] = []

    def provision(self, stage: Stage) -> None:
        """Let an identity provider bring the people, and then groups of a tenth of them each."""
        tenant = cast(stage, SLUG)
        with psycopg.connect(stage.owner_url, autocommit=True) as database:
            database.execute(FOUND, [tenant.tenant_id, DEPARTMENT])
        providers = [_provider(tenant, _key(tenant)) for _ in range(CLIENTS)]
        for provider in providers:  # the first request reads all that the others use
            provider.get(f"{SCIM}/ServiceProviderConfig")
        came, self.ids = _bring(providers, self.people)
        self.say(came.line(f"{self.people:,} people by POST, {CLIENTS} clients", self.people))
        groups = [str(_made(providers[0], _group(n))["id"]) for n in range(GROUPS)]
        joined = _join(providers, groups, self.ids)
        self.say(joined.line(f"{GROUPS} groups by PATCH of {AT_ONCE} members", len(self.ids)))
        with psycopg.connect(stage.owner_url, autocommit=True) as database:
            late = _followed(database, tenant)
        self.say(f"  and the worker has followed all of it {late:.1f} s later")

    def designate(self, stage: Stage) -> None:
        """Make the department VIP and take it back, while the desk goes on."""
        tenant = cast(stage, SLUG)
        numbers = _open(tenant, self.tickets)
        with psycopg.connect(stage.owner_url, autocommit=True) as database:
            _followed(database, tenant)
        _nothing, lines = _beside(tenant, "before", lambda: sleep(BEFORE_SECONDS))
        for line in lines:
            self.say(line)
        with psycopg.connect(stage.owner_url, autocommit=True) as database:
            admin = tenant.program("admin")
            asked = {"department": DEPARTMENT, "level": "gold", "reason": "Election"}
            told = f"{API}/vip/designations"
            made = self._follow(database, tenant, numbers, "gold", lambda: admin.post(told, asked))
            revoke, why = f"{told}/{made.json()['id']}/revoke", {"reason": "It is over"}
            self._follow(database, tenant, numbers, "", lambda: admin.post(revoke, why))

    def _follow(
        self,
        database: psycopg.Connection[Any],
        tenant: Cast,
        numbers: Sequence[int],
        level: str,
        ask: Callable[[], Answer],
    ) -> Answer:
        """Ask for a change, wait until all tickets have it, and tell of it.

        What the worker still had to do is waited for first.
        """
        _followed(database, tenant)
        [(last,)] = database.execute(LAST).fetchall()
        wanted = [tenant.tenant_id, list(numbers), level, int(bool(level))]
        (answer, scored, took), lines = _beside(
            tenant, "meanwhile", lambda: _scored(database, wanted, len(numbers), ask)
        )
        [(portions, people)] = database.execute(PORTIONS, [tenant.tenant_id, last]).fetchall()
        what = "designated" if level else "revoked"
        self.say(
            f"{what} ({answer.status}): {scored} of {len(numbers)} tickets re-scored after "
            f"{took:.1f} s; by then {people} people, in {portions} portions"
        )
        for line in lines:
            self.say(line)
        return answer


def _scored(
    database: psycopg.Connection[Any], wanted: Sequence[Any], many: int, ask: Callable[[], Answer]
) -> tuple[Answer, int, float]:
    """Ask, and wait until so many tickets are as `wanted`: return how many are, after how long."""
    began, scored, took = monotonic(), 0, 0.0
    answer = ask()
    patience = PATIENCE_SECONDS if answer.status < GOOD else 0  # none for a refusal
    while scored < many and took < patience:
        sleep(LOOK_SECONDS)
        [(scored,)] = database.execute(SCORED, wanted).fetchall()
        took = monotonic() - began
    return answer, scored, took


def _followed(database: psycopg.Connection[Any], tenant: Cast) -> float:
    """Wait until no consumer of the tenant is behind; return how many seconds that took."""
    began = monotonic()
    wanted = {"tenant": tenant.tenant_id, "readers": tenant.readers}
    while monotonic() - began < PATIENCE_SECONDS:
        [(behind,)] = database.execute(BEHIND, wanted).fetchall()
        if not behind:
            break
        sleep(LOOK_SECONDS)
    return monotonic() - began


def _key(tenant: Cast) -> str:
    asked = {"name": "Provider", "scopes": ["accounts.provision_people"]}
    return str(tenant.program("admin").post(f"{API}/api-keys", asked).json()["key"])


def _provider(tenant: Cast, key: str) -> Client:
    return Client(HOST, tenant.port, {"Authorization": f"Bearer {key}"})


def _made(client: Client, resource: tuple[str, dict[str, Any]]) -> Any:
    return client.post(*resource).json()


def _person(number: int, of: int) -> tuple[str, dict[str, Any]]:
    name = f"hired{number}@{SLUG}.example"
    department = DEPARTMENT if number < of // 2 else "Department 1"
    return f"{SCIM}/Users", {
        "schemas": [f"{CORE}:User", ENTERPRISE],
        "externalId": f"entra-{number}",
        "userName": name,
        "displayName": f"Hired {number}",
        "name": {"givenName": "Hired", "familyName": str(number)},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "active": True,
        ENTERPRISE: {"department": department, "employeeNumber": str(number)},
    }


def _group(number: int) -> tuple[str, dict[str, Any]]:
    named = {"displayName": f"Group {number}", "externalId": f"entra-group-{number}"}
    return f"{SCIM}/Groups", {"schemas": [f"{CORE}:Group"], **named}


def _bring(providers: Sequence[Client], people: int) -> tuple[Tally, list[str]]:
    tally = Tally()

    def bring(place: int) -> list[str]:
        found = []
        for number in range(place, people, len(providers)):
            answer = tally.ask(providers[place].post, *_person(number, people))
            if answer is not None and answer.status < GOOD:
                found.append(str(answer.json()["id"]))
        return found

    with ThreadPoolExecutor(len(providers)) as clients:
        ids = [one for part in clients.map(bring, range(len(providers))) for one in part]
    return tally, ids


def _join(providers: Sequence[Client], groups: Sequence[str], ids: Sequence[str]) -> Tally:
    """Put a tenth of the people into each group, as Entra says it: `Add`, and no answer wanted."""
    tally = Tally()

    def join(place: int) -> None:
        for number in range(place, len(groups), len(providers)):
            members = ids[number :: len(groups)]
            for start in range(0, len(members), AT_ONCE):
                value = [{"value": pk} for pk in members[start : start + AT_ONCE]]
                body = {
                    "schemas": [PATCH],
                    "Operations": [{"op": "Add", "path": "members", "value": value}],
                }
                path = f"{SCIM}/Groups/{groups[number]}"
                tally.ask(providers[place].patch, path, body)

    with ThreadPoolExecutor(len(providers)) as clients:
        list(clients.map(join, range(len(providers))))
    return tally


def _open(tenant: Cast, tickets: int) -> list[int]:
    """Open tickets for people of the department; return their numbers."""
    programs = [tenant.program("lead") for _ in range(CLIENTS)]

    def open_some(place: int) -> list[int]:
        answers = [
            programs[place].post(f"{API}/tickets", _ticket(number))
            for number in range(place, tickets, CLIENTS)
        ]
        return [int(one.json()["reference"].rpartition("-")[2]) for one in answers]

    with ThreadPoolExecutor(CLIENTS) as clients:
        return [one for part in clients.map(open_some, range(CLIENTS)) for one in part]


def _ticket(number: int) -> dict[str, Any]:
    return {"title": f"Laptop {number} is slow", "requester": f"hired{number}@{SLUG}.example"}


def _beside(tenant: Cast, when: str, act: Callable[[], Done]) -> tuple[Done, list[str]]:
    """Do something while the desk reads its queue and opens tickets.

    Return what came of it, and what the desk's requests took.
    """
    reading, opening, over = Tally(), Tally(), Event()
    readers = [tenant.program("technician") for _ in range(WATCHERS)]
    opener, numbers = tenant.program("lead"), count()

    def read(client: Client) -> None:
        while not over.wait(PAUSE_SECONDS):
            reading.ask(client.get, f"{API}/tickets")

    def open_more() -> None:
        while not over.wait(PAUSE_SECONDS):
            opening.ask(opener.post, f"{API}/tickets", _ticket(next(numbers)))

    with ThreadPoolExecutor(WATCHERS + 1) as clients:
        desk = [*(clients.submit(read, one) for one in readers), clients.submit(open_more)]
        try:
            done = act()
        finally:
            over.set()
        for one in desk:
            one.result()
    return done, [
        reading.line(f"  queue API {when}"),
        opening.line(f"  opening for these people {when}"),
    ]
