"""Runs a WSGI application under an ASGI server, in a fixed number of threads.

Knows the two protocols and nothing of Nova or Django. A thread keeps its database connection from
request to request, which a thread made for each request could not.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from threading import Event
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

KEPT_IN_MEMORY = 1 << 20


class TooLarge(Exception):
    """The body of a request exceeds what the bridge takes."""


class Gone(Exception):
    """The client went away before its request was whole."""


class Bridge:
    """An ASGI application for HTTP that answers with a WSGI application."""

    def __init__(self, wsgi: WSGIApplication, *, threads: int, largest_body: int) -> None:
        self._wsgi = wsgi
        self._largest_body = largest_body
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="web")

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with SpooledTemporaryFile(KEPT_IN_MEMORY) as body:
            try:
                await self._read(scope, receive, body)
            except TooLarge:
                await refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            except Gone:
                return
            else:
                await self._answer(environ_of(scope, body), receive, send)

    async def _read(self, scope: Scope, receive: Receive, body: IO[bytes]) -> None:
        """Read the whole body, so that a slow client does not hold a thread."""
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._largest_body:
            raise TooLarge
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body.write(message.get("body", b""))
            if body.tell() > self._largest_body:
                raise TooLarge
            more = message.get("more_body", False)

    async def _answer(self, environ: WSGIEnvironment, receive: Receive, send: Send) -> None:
        gone = Event()
        exchange = _Exchange(self._wsgi, environ, asyncio.get_running_loop(), send, gone)
        job = self._pool.submit(exchange.run)
        watch = asyncio.create_task(_await_disconnect(receive))
        watch.add_done_callback(lambda _: gone.set())
        watch.add_done_callback(lambda _: job.cancel())  # has no effect once it has begun
        try:
            for message in await asyncio.wrap_future(job):
                await send(message)
        except asyncio.CancelledError:
            if not gone.is_set():  # else it left while it waited for a thread
                raise
        finally:
            watch.cancel()


async def _await_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class _Exchange:
    """One request in its thread."""

    def __init__(
        self,
        wsgi: WSGIApplication,
        environ: WSGIEnvironment,
        loop: asyncio.AbstractEventLoop,
        send: Send,
        gone: Event,
    ) -> None:
        self._wsgi = wsgi
        self._environ = environ
        self._loop = loop
        self._send = send
        self._gone = gone
        self._start: Message = {}

    def run(self) -> list[Message]:
        """Return what is still to be sent: a whole answer, or nothing once a stream has ended."""
        result = self._wsgi(self._environ, self._start_response)
        try:
            if getattr(result, "streaming", False):
                self._stream(result)
                return []
            return [self._start, {"type": "http.response.body", "body": b"".join(result)}]
        finally:
            getattr(result, "close", lambda: None)()

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        self._start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers],
        }
        return lambda _: None  # the old write(), which no framework of today calls

    def _stream(self, chunks: Iterable[bytes]) -> None:
        """Send chunk by chunk at the client's pace, and stop when it has left."""
        self._push(self._start)
        for chunk in chunks:
            if self._gone.is_set():
                return
            self._push({"type": "http.response.body", "body": chunk, "more_body": True})
        self._push({"type": "http.response.body", "body": b""})

    def _push(self, message: Message) -> None:
        asyncio.run_coroutine_threadsafe(_sent(self._send, message), self._loop).result()


async def _sent(send: Send, message: Message) -> None:
    await send(message)


async def refuse(send: Send, status: HTTPStatus) -> None:
    """Answer without asking the application, as RFC 9457 says."""
    body = f'{{"type": "about:blank", "title": "{status.phrase}", "status": {status.value}}}'
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


def environ_of(scope: Scope, body: IO[bytes]) -> WSGIEnvironment:
    """Return PEP 3333's view of a request whose body has been read whole."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    length = body.tell()
    body.seek(0)
    raw_path = scope.get("raw_path") or scope["path"].encode()
    return {
        **_folded(scope["headers"]),
        "CONTENT_LENGTH": str(length),  # as read: a chunked body announces none
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _folded(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return one variable for each header; several lines of one name are one list."""
    folded: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:  # it would pass for the header with a hyphen
            continue
        key = name.upper().replace("-", "_")
        if key != "CONTENT_TYPE":
            key = f"HTTP_{key}"
        separator = "; " if key == "HTTP_COOKIE" else ","
        folded[key] = f"{folded[key]}{separator}{value}" if key in folded else value
    return folded
