"""The one entry point of the web server: pages and API by threads, websockets by Channels.

Django's views are synchronous. Under its own ASGI handler each request crosses threads several
times; here it crosses once (`docs/decisions/0006-one-port-two-worlds.md`). Wiring.
"""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nova.settings")

from django.core.wsgi import get_wsgi_application

# Sets Django up, so it comes before whatever imports models.
pages = get_wsgi_application()

from nova.live.routing import application as live  # noqa: E402
from nova.web.bridge import Bridge, Receive, Scope, Send  # noqa: E402

# What is loaded by now stays, so the collector need not walk through it for every few requests.
gc.collect()
gc.freeze()
gc.set_threshold(10_000)

bridge = Bridge(
    pages,
    threads=int(os.environ.get("NOVA_WEB_THREADS", "4")),
    largest_body=int(os.environ.get("NOVA_LARGEST_BODY_MB", "100")) << 20,
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand a request to the pages, a socket to Channels, and live as long as the server."""
    if scope["type"] == "http":
        await bridge(scope, receive, send)
    elif scope["type"] == "websocket":
        await live(scope, receive, send)
    else:
        await _lifespan(receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            bridge.close()
            return
