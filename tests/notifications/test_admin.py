"""Deliveries and hooks in Nova Core."""

import pytest

from nova.accounts.sealing import unseal
from nova.events.models import EventRecord
from nova.notifications.models import Delivery, SlackHook
from tests.factories import NOW, PersonFactory

HOOKS = "/core/notifications/slackhook/"
DELIVERIES = "/core/notifications/delivery/"


@pytest.fixture
def core(tenant, as_person):
    return as_person(PersonFactory(role="admin"))


def test_a_hook_is_added_with_a_url_that_nobody_sees_again(core, settings):
    settings.OUTBOUND_ANYWHERE = False
    url = "https://hooks.example/services/secret"
    given = {"name": "#vip-alerts", "kinds": ["vip"], "is_active": "on", "url": url}
    response = core.post(f"{HOOKS}add/", given)

    assert response.status_code == 302
    hook = SlackHook.objects.get()
    assert unseal(hook.sealed_url) == url
    assert "secret" not in core.get(f"{HOOKS}{hook.pk}/change/").content.decode()
    assert "secret" not in str(list(EventRecord.objects.values_list("payload", flat=True)))


@pytest.mark.parametrize("url", ["", "http://hooks.example/x", "nonsense"])
def test_a_hook_without_a_proper_url_is_refused(core, settings, url):
    settings.OUTBOUND_ANYWHERE = False
    response = core.post(f"{HOOKS}add/", {"name": "#x", "kinds": ["vip"], "url": url})

    assert response.status_code == 200
    assert not SlackHook.objects.exists()


def test_what_was_given_up_is_sent_again_on_request(core, tenant):
    dead = Delivery.objects.create(
        tenant=tenant,
        channel="email",
        template="x",
        subject="s",
        text="t",
        key="k",
        state="dead",
        attempts=8,
        created_at=NOW,
    )
    assert core.get(DELIVERIES).status_code == 200
    assert core.get(f"{DELIVERIES}{dead.pk}/change/").status_code == 200
    core.post(DELIVERIES, {"action": "retry_deliveries", "_selected_action": [dead.pk]})
    dead.refresh_from_db()

    assert (dead.state, dead.attempts) == ("pending", 0)


@pytest.mark.parametrize("path", [HOOKS, DELIVERIES])
def test_a_technician_does_not_get_there(tenant, as_person, path):
    assert as_person(PersonFactory(role="technician")).get(path).status_code != 200
