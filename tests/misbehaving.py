"""A real server on this machine, which misbehaves on request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

DRIP_SECONDS = 0.02


class Server(ThreadingHTTPServer):
    """Answers `status` with `content` and `headers`; a gate that is shut lets nothing out.

    What it `drips`, its headers or its content, never comes to an end. `asked` and `told` are the
    paths that were asked for, and what the headers of the last one said.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.content, self.headers = 200, b"", {}
        self.drips = ""
        self.asked: list[str] = []
        self.told: dict[str, str] = {}
        self.gate, self.over = threading.Event(), threading.Event()
        self.gate.set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.told = dict(self.headers)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        if self.server.drips == "headers":
            self.flush_headers()
            self.drip()
        self.end_headers()
        if self.server.drips == "content":
            self.drip()
        self.server.gate.wait(5)
        self.wfile.write(self.server.content)

    def drip(self) -> None:
        """Send a byte now and then, each of them soon enough, until the test is over."""
        while not self.server.over.wait(DRIP_SECONDS):
            self.wfile.write(b"x")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


AnyServer = TypeVar("AnyServer", bound=Server)


@contextmanager
def running(server: AnyServer) -> Iterator[AnyServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.gate.set()
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
