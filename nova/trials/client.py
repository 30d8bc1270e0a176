"""A client that keeps its connection, as a program or a browser does."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from typing import Any

SECONDS = 60
# The server closes a connection on which nothing comes; from then on a new one is better.
IDLE_SECONDS = 5


@dataclass(frozen=True)
class Answer:
    """What came back, and how many milliseconds it took."""

    status: int
    body: bytes
    milliseconds: float

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One connection to a Nova on this machine, with the headers of somebody signed in."""

    def __init__(self, host: str, port: int, headers: dict[str, str]) -> None:
        self._connection = HTTPConnection(host, port, timeout=SECONDS)
        self._headers = headers
        self._used = perf_counter()

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, data: dict[str, Any], **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask("POST", path, json.dumps(data), named)

    def patch(self, path: str, data: dict[str, Any]) -> Answer:
        return self._ask("PATCH", path, json.dumps(data), {})

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None, more: dict[str, str]) -> Answer:
        headers = {**self._headers, **more}
        if body is not None:
            headers["Content-Type"] = "application/json"
        began = perf_counter()
        if began - self._used > IDLE_SECONDS:
            self._connection.close()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        self._used = perf_counter()
        return Answer(response.status, content, (self._used - began) * 1000)
