from pathlib import Path

import pytest

from nova.events.bus import publish
from nova.events.models import EventRecord
from nova.notifications.models import SlackHook
from nova.notifications.services import hearing, notify, save_hook
from nova.tenancy import fence
from tests.events.conftest import at_once
from tests.events.facts import Happened
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.notifications.pushing import turned_on
from tests.notifications.servers import Chat, Mailbox, PushService, serving

__all__ = ["at_once"]


@pytest.fixture(autouse=True)
def _surroundings(settings):
    """Find the test's words, reach the test's servers, and nudge nobody."""
    [engine] = settings.TEMPLATES
    folder = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], folder]}]
    settings.OUTBOUND_ANYWHERE = True
    settings.EVENT_HANDLERS = {}
    settings.PUBLIC_URL = "https://nova.example"


@pytest.fixture
def mailbox(settings):
    """Return the mailbox that takes what is sent by real SMTP."""
    with serving(Mailbox()) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 2
        yield server


@pytest.fixture
def chat():
    """Return a chat that takes posts."""
    with serving(Chat()) as server:
        yield server
        server.gate.set()


@pytest.fixture
def push_service():
    """Return a push service, and the browser that it leads to."""
    with serving(PushService()) as server:
        yield server
        server.gate.set()


@pytest.fixture
def device(person, push_service):
    """Return the browser in which the person turned alerts on."""
    with fence.inside(person.tenant_id):
        return turned_on(person, push_service)


@pytest.fixture
def person(transactional_db):
    """Return somebody to tell, in a database that several connections share."""
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        return PersonFactory(role="technician", name="Tess")


@pytest.fixture
def hook(person, chat):
    """Return a hook that leads to the chat and hears of VIPs."""
    with fence.inside(person.tenant_id):
        made = SlackHook(tenant_id=person.tenant_id, name="#vip-alerts", kinds=["vip"])
        return save_hook(made, url=chat.url)


@pytest.fixture
def tell(person):
    """Return a way to tell the person something over channels, about an event of its own."""

    def tells(
        *channels, who="Nova", words="It works.", kind="vip", times=1, to=None, level="", needs=""
    ):
        with fence.inside(person.tenant_id):
            fact = Happened(tenant_id=person.tenant_id, number=1)
            publish(fact, actor=person, now=NOW)
            record = EventRecord.objects.latest("pk")
            for _ in range(times):
                notify(
                    [person] if to is None else to,
                    template="notices/told",
                    context={"who": who, "words": words},
                    channels=channels,
                    record=record,
                    kind=kind,
                    link="/tickets/T-1",
                    hooks=hearing(person.tenant_id, kind, level),
                    needs=needs,
                )

    return tells
