"""Nova served whole in this process: pages, files and sockets through its one entry point.

Being in the process of the test it lives at the test's time and in the test's database.
"""

import asyncio
import socket
from threading import Event, Thread
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from granian.constants import Interfaces
from granian.server.embed import Server as Granian

from nova import asgi
from nova.web.bridge import Bridge

THREADS = 4
LARGEST_BODY = 4 << 20


class Server:
    """The web server on a port of its own. It can be stopped and started again, as in life."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and return once requests are answered."""
        asgi.bridge = Bridge(WSGIHandler(), threads=THREADS, largest_body=LARGEST_BODY)
        self._ready = Event()
        self._thread = Thread(target=asyncio.run, args=[self._serve()], name="server")
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The server does not start")

    def stop(self) -> None:
        """End every connection, and return when no request is at work any more."""
        self._loop.call_soon_threadsafe(self._granian.stop)
        self._thread.join(20)
        asgi.bridge.close()
        asgi.bridge._pool.shutdown(wait=True)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._granian = Granian(
            asgi.application,
            port=self.port,
            interface=Interfaces.ASGI,
            log_enabled=False,
        )
        serving = asyncio.create_task(self._granian.serve())
        await self._until_open(serving)
        self._ready.set()
        await serving

    async def _until_open(self, serving: "asyncio.Task[Any]") -> None:
        while not serving.done():
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
