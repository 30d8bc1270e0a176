"""Load for the drill: clients that never give up on a request, and remember what was accepted."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from nova.trials.casting import Cast
from nova.trials.client import Answer, Client

API = "/api/support/tickets"
CLIENTS = 6
GIVE_UP_SECONDS = 60.0
PAUSE_SECONDS = 0.25
SERVER_ERRORS = 500


@dataclass
class Accepted:
    """What Nova said it took: marks of tickets and comments, and by ticket how it was moved."""

    tickets: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    retries: Counter[str] = field(default_factory=Counter)
    given_up: int = 0
    refused: list[str] = field(default_factory=list)


class Load:
    """Clients that open tickets, write and move, until they are told to stop."""

    def __init__(self, cast: Cast) -> None:
        self.accepted = Accepted()
        self._cast = cast
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number,)) for number in range(CLIENTS)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        for turn in count():
            if self._stop.is_set():
                return
            whose = "vip" if (turn + number) % 3 == 0 else "requester"
            mark = f"drill {uuid4().hex}"
            stated = {"title": mark, "urgency": "high", "requester": self._cast.emails[whose]}
            answer = self._insist("open", API, stated)
            if answer is None:
                continue
            reference = answer.json()["reference"]
            self.accepted.tickets[mark] = reference
            self._talk(reference)
            if turn % 2 and self._insist("move", f"{API}/{reference}/transitions", MOVE):
                self.accepted.moved.add(reference)

    def _talk(self, reference: str) -> None:
        mark = f"drill {uuid4().hex}"
        if self._insist("comment", f"{API}/{reference}/comments", {"body": mark, **NOTE}):
            self.accepted.comments[mark] = reference

    def _insist(self, work: str, path: str, stated: dict[str, Any]) -> Answer | None:
        """Ask with one Idempotency-Key until there is an answer; None when there never is."""
        key, until = uuid4().hex, monotonic() + GIVE_UP_SECONDS
        while monotonic() < until:
            client = self._cast.program("lead")
            answer = attempt(lambda: client.post(path, stated, Idempotency_Key=key))  # noqa: B023
            client.close()
            if answer and answer.status < SERVER_ERRORS and not _is_at_work(answer):
                if answer.status in (200, 201):
                    return answer
                self.accepted.refused.append(f"{work}: {answer.status} {answer.body[:200]!r}")
                return None
            self.accepted.retries[work] += 1
            sleep(PAUSE_SECONDS)
        self.accepted.given_up += 1
        return None


MOVE = {"to": "awaiting_dependency", "reason": "A part was ordered"}
NOTE = {"is_internal": True}  # an answer to the requester would stop the clock that shall breach


def attempt(ask: Callable[[], Answer]) -> Answer | None:
    """Return the answer, or None where the connection was refused, cut or silent."""
    try:
        return ask()
    except (OSError, HTTPException):
        return None


def is_up(client: Client) -> bool:
    """Say whether web, database and Redis all answer."""
    answer = attempt(lambda: client.get("/readyz"))
    client.close()
    return answer is not None and answer.status == 200  # noqa: PLR2004


def _is_at_work(answer: Answer) -> bool:
    return answer.status == 409 and b"still at work" in answer.body  # noqa: PLR2004
