"""Alerts while no page is open: through a real push service's eyes, and by the real worker.

Chromium without a window has no push service of its own. So the browser is registered with the
keys of a test's service, which gets and decrypts the real message; what it says is handed to the
real worker, as Chromium would.
"""

import json

import pytest
from django.http import HttpResponse
from django.utils import timezone
from playwright.sync_api import expect

from nova.accounts.sealing import unseal
from nova.notifications.middleware import COOKIE, remember
from nova.notifications.models import PushKey, PushSubscription
from tests.notifications.pushing import turned_on
from tests.notifications.servers import PushService, serving

SHOWN = """async () => {
    const registration = await navigator.serviceWorker.getRegistration("/");
    const shown = await registration.getNotifications();
    return shown.map(({ title, tag, data }) => ({ title, tag, link: data.link }));
}"""
CLICK = """async (tag) => {
    self.opened = [];
    self.clients.openWindow = async (url) => self.opened.push(url);
    const [notification] = await self.registration.getNotifications({ tag });
    const event = new NotificationEvent("notificationclick", { notification });
    self.dispatchEvent(event);
    for (let turn = 0; turn < 100 && !self.opened.length; turn++) {
        await new Promise((done) => setTimeout(done, 20));
    }
    return self.opened;
}"""

CHANGE = """async (given) => {
    let asked;
    self.registration.pushManager.subscribe = async (bound) => {
        asked = bound;
        return { toJSON: () => given };
    };
    const event = new ExtendableEvent("pushsubscriptionchange");
    const done = new Promise((resolve) => { event.waitUntil = resolve; });
    self.dispatchEvent(event);
    await done;
    return asked;
}"""


@pytest.fixture
def service(settings):
    settings.OUTBOUND_ANYWHERE = True
    with serving(PushService()) as server:
        yield server


@pytest.fixture
def browser(visit, desk, service):
    """Return the technician's browser, in which alerts are on."""
    visitor = visit(desk.technician)
    visitor.expect_words("does not support the Push API in incognito mode")
    visitor.context.grant_permissions(["notifications"])
    page = visitor.go("/notifications/devices")
    page.get_by_role("button", name="Turn on").click()
    # As far as it gets here: the worker is there, and there is no service to register with.
    expect(page.get_by_text("could not register with its push service")).to_be_visible()
    with desk.inside():
        turned_on(desk.technician, service, now=timezone.now())
    return visitor


@pytest.fixture
def hand_over(browser):
    """Return a way to hand to the page's worker what came, as Chromium does.

    The protocol does not say whether the worker got it, and loses some on a busy machine. So it
    is handed over until it is shown; a second copy takes the place of the first.
    """
    session = browser.context.new_cdp_session(browser.page)
    found = []
    heard = "ServiceWorker.workerRegistrationUpdated"
    session.on(heard, lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    browser.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def hands(words):
        said = {
            "origin": browser.page.evaluate("location.origin"),
            "registrationId": found[-1]["registrationId"],
            "data": json.dumps(words),
        }
        for turn in range(100):
            if turn % 20 == 0:
                session.send("ServiceWorker.deliverPushMessage", said)
            browser.page.wait_for_timeout(50)
            if words["title"] in {each["title"] for each in browser.page.evaluate(SHOWN)}:
                return
        raise AssertionError(f"{words} is not shown")

    return hands


def shown_in(page, count):
    """Return what the browser shows, once it is so many."""
    for _ in range(100):
        shown = page.evaluate(SHOWN)
        if len(shown) == count:
            return shown
        page.wait_for_timeout(50)
    raise AssertionError(f"{shown} are not {count}")


def test_a_vips_ticket_is_shown_by_the_browser_and_leads_there(
    browser, hand_over, desk, worker, service
):
    desk.honour(desk.executive)
    ticket = desk.opened(desk.executive, "Wall is dark")
    worker.work()
    [(_headers, body)] = service.posts
    words = service.read(body)
    assert "Wall is dark" in words["title"]

    hand_over(words)
    [shown] = shown_in(browser.page, 1)
    place = f"/tickets/{ticket.reference}"
    assert shown["title"] == words["title"]
    assert shown["link"].endswith(place)
    [there] = browser.context.service_workers
    [opened] = there.evaluate(CLICK, shown["tag"])
    assert opened.endswith(place)
    expect(browser.go(place).locator("h1")).to_contain_text("Wall is dark")


def test_a_later_alert_takes_the_place_of_the_earlier_one(browser, hand_over):
    about = {"link": "/tickets/T-1", "tag": "a" * 32}
    hand_over({"title": "Warned", **about})
    shown_in(browser.page, 1)
    hand_over({"title": "Breached", **about})
    hand_over({"title": "Another", "link": "/tickets/T-2", "tag": "b" * 32})

    titles = {each["title"] for each in shown_in(browser.page, 2)}
    assert titles == {"Breached", "Another"}


def test_nothing_leads_out_of_nova(browser, hand_over):
    hand_over({"title": "Look", "link": "https://evil.example/", "tag": "c" * 32})

    [shown] = shown_in(browser.page, 1)
    assert shown["link"] == browser.page.evaluate("location.origin") + "/notifications/"


def test_a_device_is_removed_and_the_page_says_what_is_on(browser, desk):
    page = browser.go("/notifications/devices")
    row = page.get_by_role("listitem").filter(has_text="Firefox on Linux")
    expect(row).to_be_visible()
    row.get_by_role("button", name="Remove Firefox on Linux").click()

    expect(page.get_by_text("Firefox on Linux shows no alerts any more.")).to_be_visible()
    expect(page.get_by_text("Nowhere yet.")).to_be_visible()
    with desk.inside():
        assert not PushSubscription.objects.exists()


def test_who_forbids_notifications_is_told_what_to_do(visit, desk):
    page = visit(desk.technician).go("/notifications/devices")
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    page.get_by_role("button", name="Turn on").click()

    expect(page.get_by_text("Allow them in the settings of the browser")).to_be_visible()


def test_a_browser_that_its_service_gave_up_registers_anew(browser, desk, service, server):
    """The worker's own listener runs; only the browser's push service, missing here, is acted."""
    with desk.inside():
        device = PushSubscription.objects.get()
    response = HttpResponse()
    remember(response, device)
    value = response.cookies[COOKIE].value
    browser.context.add_cookies([{"name": COOKIE, "value": value, "url": server.url}])
    [there] = browser.context.service_workers
    asked = there.evaluate(CHANGE, service.given("two"))

    with desk.inside():
        key = PushKey.objects.get().public
        renewed = PushSubscription.objects.get()
    assert asked == {"userVisibleOnly": True, "applicationServerKey": key}
    assert renewed.pk == device.pk
    assert json.loads(unseal(renewed.sealed)) == service.given("two")
