"""A real browser against the whole of Nova, at a time that the test decides.

The browser is Debian's Chromium. Playwright's own loop runs in the thread of the tests, so Django
is told to let them use the database there, and what may not run beside a loop has threads.
"""

import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connections
from playwright.sync_api import Browser, expect, sync_playwright

from nova.live import sockets
from nova.tenancy import fence
from tests.browser.desk import Desk
from tests.browser.serving import Server
from tests.browser.visiting import Visitor
from tests.browser.work import Worker
from tests.conftest import FencedClient
from tests.factories import NOW, TenantFactory

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",  # as root there is none
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
    "--font-render-hinting=none",
]
PATIENCE = 10_000
DESKTOP = {"width": 1280, "height": 800}
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    """Mark what lies in this folder, and skip it where there is no browser."""
    missing = pytest.mark.skip(reason="needs Chromium: apt-get install chromium")
    for item in items:
        if item.path.is_relative_to(__file__.removesuffix("/conftest.py")):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(missing)


@pytest.fixture(scope="package")
def chromium():
    """Return the browser. Its loop ends with this folder's tests, since others bring their own."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def clock():
    """Return the hand on the clock: everything of Nova lives at this time."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def server(chromium, transactional_db, clock, settings, monkeypatch, tmp_path):
    """Return Nova, served."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "static", tmp_path / "media"
    settings.STATIC_ROOT.mkdir()
    # A connection lives as long as its request, so that none outlives the test.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    layer = settings.CHANNEL_LAYERS["default"]
    config = {**layer["CONFIG"], "prefix": f"test-{uuid.uuid4().hex}"}
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": config}}
    with ThreadPoolExecutor(2, thread_name_prefix="live") as pool:
        monkeypatch.setattr(sockets, "DATABASE", pool)
        server = Server()
        server.start()
        settings.PUBLIC_URL = server.url
        yield server
        server.stop()


@pytest.fixture
def worker(transactional_db, clock):
    """Return the worker, who does what is due when told to."""
    worker = Worker()
    yield worker
    worker.go_home()


@pytest.fixture
def desk(transactional_db, clock) -> Desk:
    """Return an organisation with people."""
    return Desk(TenantFactory())


@pytest.fixture
def visit(chromium: Browser, server):
    """Return a way to get a window, with a person signed in or nobody.

    Whatever its console calls an error fails the test.
    """
    visitors = []

    def visits(person=None, **looks):
        options = {"viewport": DESKTOP, "reduced_motion": "reduce", "locale": "en-GB", **looks}
        context = chromium.new_context(base_url=server.url, timezone_id="UTC", **options)
        context.set_default_timeout(PATIENCE)
        if person is not None:
            context.add_cookies([_session_of(person, server.url)])
        visitors.append(Visitor(context))
        return visitors[-1]

    yield visits
    errors = [error for visitor in visitors for error in visitor.errors]
    for visitor in visitors:
        visitor.context.close()
    assert errors == []


def _session_of(person, url):
    browser = FencedClient()
    with fence.inside(person.tenant_id):
        browser.force_login(person)
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": browser.cookies[name].value, "url": url}
