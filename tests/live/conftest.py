import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as django_settings
from django.db import connections

from nova.events import consumers
from nova.events.bus import publish
from nova.live import sockets
from nova.tenancy import fence
from tests.conftest import FencedClient
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.live.line import Line


@pytest.fixture(autouse=True)
def _wiring(settings):
    settings.EVENT_HANDLERS = {}
    settings.EVENT_CONSUMERS = {"nova.live.consumers.tell": ["*"]}
    settings.LIVE_TOPICS = {"queue": "tests.live.wiring.queue", "thing": "tests.live.wiring.thing"}
    settings.LIVE_SOURCES = {"tests.live.wiring.sources": ["*"]}
    # Tests that run side by side share a Redis, and would hear each other.
    layer = settings.CHANNEL_LAYERS["default"]
    config = {**layer["CONFIG"], "prefix": f"test-{uuid.uuid4().hex}"}
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": config}}


@pytest.fixture
def database(monkeypatch):
    """Return the one thread in which sockets and tests use the database."""
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(sockets, "DATABASE", pool)
        yield pool
        pool.submit(connections.close_all).result()


@pytest.fixture
def in_database(database):
    """Return a way to use the database from an asynchronous test."""

    async def run(work, *arguments):
        return await asyncio.get_running_loop().run_in_executor(database, work, *arguments)

    return run


@pytest.fixture
def tenant(transactional_db):
    return TenantFactory()


@pytest.fixture
def people(tenant):
    """Return a technician and a requester of one tenant."""
    with fence.inside(tenant.pk):
        roles = ("technician", "requester")
        return {role: PersonFactory(role=role, name=role.title()) for role in roles}


@pytest.fixture
def session(transactional_db):
    """Return a way to sign somebody in, which gives the key of their session."""

    def sign_in(person):
        browser = FencedClient()
        with fence.inside(person.tenant_id):
            browser.force_login(person)
        return browser.cookies[django_settings.SESSION_COOKIE_NAME].value

    return sign_in


@pytest.fixture
async def dial(session, in_database):
    """Return a way to open a socket for somebody; all are closed at the end."""
    opened = []

    async def open_socket(person=None, *, origin=b"http://localhost", path="/ws"):
        key = await in_database(session, person) if person else "nothing"
        cookie = f"{django_settings.SESSION_COOKIE_NAME}={key}".encode()
        headers = [(b"cookie", cookie), (b"origin", origin)]
        line = Line(path, headers)
        line.session_key = key
        opened.append(line)
        line.is_connected = await line.connect()
        return line

    yield open_socket
    for line in opened:
        await line.hang_up()


@pytest.fixture
def happen(in_database):
    """Return a way to publish events and let the consumers read them."""

    def work(actor, events):
        with fence.inside(actor.tenant_id):
            for event in events:
                publish(event, actor=actor, now=NOW)
        consumers.consume(actor.tenant_id, now=NOW)

    async def happens(actor, *events):
        await in_database(work, actor, events)

    return happens
