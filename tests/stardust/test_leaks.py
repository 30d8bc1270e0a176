"""Who may not see who is a VIP cannot tell by Stardust: not by points, limits, words or cost.

Two organisations live through the same, and differ in one thing only: in one the requester is a
VIP. All is measured by one promise: that VIPs have other clocks is not Stardust's to hide.
"""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nova import wiring
from nova.events.consumers import consume
from nova.events.models import ParkedEvent
from nova.tenancy import fence
from sla.models import Policy
from stardust.services import opt_out
from tests.conftest import FencedClient
from tests.factories import PersonFactory, RoleFactory, TenantFactory
from tests.sla.living import minutes, promise
from tests.stardust.working import reopen, settle, solved
from vip.services import designate_vip, reassess

LATER = minutes(600)
READS = {
    "own page": reverse("stardust:own"),
    "page of the team": reverse("stardust:team"),
    "own entries": "/api/support/stardust?count=true",
    "sums of the team": "/api/support/stardust/team",
    "participation": "/api/support/stardust/participation",
    "feed": "/api/support/events?after=0",
    "Core's ledger": "/core/stardust/entry/",
}
NAMES = [
    (rb'"((?:[a-z]+_)?id|person|sequence|after)": ?\d+', rb'"\1":0'),
    (rb"(after=|entry/|before=|team=|data-live-since=\")\d+", rb"\1"),
    (rb'"(link|previous_hash|hash|request_id|avatar)": ?"[^"]*"', rb'"\1":""'),
    (rb"[a-z-]+[0-9a-f]{10}@example\.com", rb"mail"),
    (rb'"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"', rb"token"),
    (rb'value="\d+"', rb"value"),
]


class World:
    """An organisation in which tickets of Vera's are resolved, past the limits and back."""

    def __init__(self, *, is_vip: bool):
        self.tenant = TenantFactory()
        with fence.inside(self.tenant.pk):
            self.live(is_vip=is_vip)
        consume(self.tenant.pk, now=LATER)
        with fence.inside(self.tenant.pk):
            assert not ParkedEvent.objects.values_list("consumer", "error")

    def live(self, *, is_vip: bool) -> None:
        Policy.objects.update(current=None)
        promise(100)
        vera, boss = PersonFactory(name="Vera Holm"), PersonFactory(name="Boss", role="admin")
        settle(boss, daily_limit=20, bonus_daily_limit=7)
        if is_vip:
            designate_vip(
                {"person_id": vera.pk}, "exec", reason="Board", actor=boss, now=minutes(0)
            )
            reassess([vera.pk], actor=boss, now=minutes(0))
        self.viewer = self.reader()
        colleague = PersonFactory(name="Colleague", role="technician")
        for after in (10, 30, 60, 99, 101):
            for worker in (self.viewer, colleague):
                ticket = solved(vera, worker, after=after)
                if after == 30:
                    reopen(ticket, vera, 40)
        quiet = PersonFactory(name="Quiet", role="technician")
        solved(vera, quiet)
        opt_out(actor=quiet, now=minutes(50))

    def reader(self):
        """Return a technician who may also read all that there is, but for the flag."""
        person = PersonFactory(name="Viewer", role="technician")
        wanted = ["stardust.view_team", "stardust.manage_rules", "accounts.enter_core"]
        role = RoleFactory(name="Reader", permissions=["events.read_feed", *wanted])
        person.grants.create(role=role, tenant_id=person.tenant_id)
        return person

    def answers(self) -> dict[str, tuple]:
        browser = FencedClient()
        with fence.inside(self.tenant.pk):
            browser.force_login(self.viewer)
        return {name: self.answer(browser, address) for name, address in READS.items()}

    def answer(self, browser, address: str) -> tuple[int, bytes, int]:
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(address)
        body = response.content
        for pattern, name in NAMES:
            body = re.sub(pattern, name, body)
        return response.status_code, body, len(queries)


@pytest.fixture(autouse=True)
def _all_listen(settings):
    settings.EVENT_CONSUMERS = wiring.EVENT_CONSUMERS


def test_who_may_not_know_is_told_the_same_to_the_byte(transactional_db):
    with time_machine.travel(LATER, tick=False):
        told, elsewhere = (World(is_vip=is_vip).answers() for is_vip in (True, False))
    for name in READS:  # plainly, so that a failure shows what was told
        assert told[name] == elsewhere[name], name
        assert told[name][0] == 200, name


def test_who_may_know_does(transactional_db):
    with time_machine.travel(LATER, tick=False):
        worlds = [World(is_vip=True), World(is_vip=False)]
        for world in worlds:
            with fence.inside(world.tenant.pk):
                role = RoleFactory(name="Sees", permissions=["tickets.view_vip_flag"])
                world.viewer.grants.create(role=role, tenant_id=world.tenant.pk)
        told, elsewhere = (world.answers() for world in worlds)
    differ = {name for name in READS if told[name] != elsewhere[name]}
    assert {"own page", "page of the team", "own entries", "sums of the team"} <= differ
