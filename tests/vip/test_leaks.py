"""Nobody who may not know can tell a VIP from another: not by what is said, nor by its cost.

Two organisations live through the same, and differ in one thing only: in one the requester is a
VIP. What a viewer without the right is answered must be the same to the byte, but for what names
things: ids and the instants of writing.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts.choices import ProxyScope
from nova.accounts.services import appoint_proxy
from nova.accounts.tokens import issue
from nova.events.consumers import consume
from nova.events.models import ParkedEvent
from nova.tenancy import fence
from sla.models import Policy
from sla.services import sweep
from tests.conftest import FencedApiClient
from tests.factories import NOW, PersonFactory, RoleFactory, TenantFactory
from tests.sla.living import minutes
from tests.tickets.making import opened_for
from tickets import services as tickets
from tickets.models import DeskSettings
from vip.services import designate_vip, reassess

LATER = NOW + timedelta(hours=3)
BASE = "/api/support"
TICKET = f"{BASE}/tickets/T-1001"
READS = {
    "list": f"{BASE}/tickets",
    "newest first": f"{BASE}/tickets?order=newest",
    "filtered by the flag": f"{BASE}/tickets?vip=true",
    "filtered by state": f"{BASE}/tickets?status=in_progress",
    "ticket": TICKET,
    "ticket by its other name": "/api/enhanced-tickets/T-1001",
    "comments": f"{TICKET}/comments",
    "activities": f"{TICKET}/activities",
    "attachments": f"{TICKET}/attachments",
    "watchers": f"{TICKET}/watchers",
    "clocks": f"{TICKET}/clocks",
    "on her behalf": f"{BASE}/tickets/T-1003",
    "done on her behalf": f"{BASE}/tickets/T-1003/activities",
    "time": f"{TICKET}/time-tracking",
    "search": f"{BASE}/tickets/search?q=laptop",
    "search for the word": f"{BASE}/tickets/search?q=vip",
    "figures": f"{BASE}/tickets/analytics",
    "export": f"{BASE}/tickets/export",
    "feed": f"{BASE}/events?after=0",
    "notifications": f"{BASE}/notifications",
    "people": f"{BASE}/people?q=Vera",
    "me": f"{BASE}/me",
    "proxies": f"{BASE}/proxies",
    "designations": f"{BASE}/vip/designations",
    "rules": f"{BASE}/vip/rules",
    "reassessments": f"{BASE}/vip/reassessments",
    "recognitions": f"{BASE}/vip/recognitions",
    "alerts": f"{BASE}/vip/alerts",
    "lookup": f"{BASE}/vip/lookup?person={{mail}}",
    "heat map": f"{BASE}/vip/heat-map",
    "handling": f"{BASE}/vip/handling",
    "policies": f"{BASE}/sla",
    "schema": "/api/schema",
}
HIDDEN = {"designations", "rules", "reassessments", "recognitions", "alerts", "lookup"}
HIDDEN |= {"heat map", "handling"}
NAMES = [
    (rb'"((?:[a-z]+_)?id|sequence|after)": ?\d+', rb'"\1":0'),
    (rb'"step":"s\d+"', rb'"step":"s"'),
    (rb"after=\d+", rb"after=0"),
    (rb"tenant-[0-9a-f]{10}", rb"tenant"),
    (rb"[a-z-]+[0-9a-f]{10}@example\.com", rb"mail"),
    (rb'"(link|avatar|previous_hash|hash|key|request_id)": ?"[^"]*"', rb'"\1":""'),
]


class World:
    """An organisation in which a ticket of Vera's is opened, answered, late and worked on."""

    def __init__(self, *, is_vip: bool, is_measured: bool):
        self.tenant = TenantFactory()
        with fence.inside(self.tenant.pk):
            self.live(is_vip=is_vip, is_measured=is_measured)
        consume(self.tenant.pk, now=LATER)
        with fence.inside(self.tenant.pk):  # what was not told in one of them would differ
            assert not ParkedEvent.objects.values_list("consumer", "error")

    def live(self, *, is_vip: bool, is_measured: bool) -> None:
        if not is_measured:  # clocks and order are the desk's to see: without them nothing is left
            Policy.objects.filter(name="VIP").update(current=None)
            DeskSettings.objects.update(vip_modules=[])
        self.vera = PersonFactory(name="Vera Holm")
        self.aide, boss = PersonFactory(name="Other"), PersonFactory(name="Boss", role="admin")
        appoint_proxy(self.vera, self.aide, list(ProxyScope), actor=self.vera, now=NOW)
        ticket = opened_for(self.vera, at=minutes(1))
        if is_vip:  # the first ticket becomes a VIP's, the second is one from the start
            target = {"person_id": self.vera.pk}
            designate_vip(target, "exec", reason="Board", actor=boss, now=minutes(2))
            reassess([self.vera.pk], actor=boss, now=minutes(2))
        opened_for(self.vera, at=minutes(3), title="Laptop again")
        said = "This is on behalf of Vera Holm"  # what Cosmo marks, if she is a VIP
        opened_for(self.aide, at=minutes(4), title="Laptop is slow", description=said)
        sweep(self.tenant.pk, actor=boss, now=minutes(40))
        tickets.add_comment(ticket.pk, "On it", actor=boss, now=minutes(41))
        tickets.add_comment(ticket.pk, "Hm", is_internal=True, actor=boss, now=minutes(42))
        for minute, stage in ((50, "in_progress"), (55, "awaiting_customer")):
            now = minutes(minute)
            tickets.move_ticket(ticket.pk, stage, actor=boss, now=now, reason="Which one?")
        tickets.add_comment(ticket.pk, "This one", actor=self.vera, now=minutes(70))
        sweep(self.tenant.pk, actor=boss, now=minutes(170))

    def viewer(self, role: str):
        """Return somebody of a role; "feed" reads and exports all, but for the flag."""
        if role == "requester":
            return self.vera
        if role == "proxy":
            return self.aide
        if role != "feed":
            return PersonFactory(name="Viewer", role=role)
        person = PersonFactory(name="Viewer", role="technician")
        wanted = ["events.read_feed", "tickets.export_tickets"]
        person.grants.create(
            role=RoleFactory(name="Reader", permissions=wanted), tenant_id=person.tenant_id
        )
        return person

    def answers(self, role: str) -> dict[str, tuple]:
        """Return by endpoint what a viewer is told, and how many queries that took."""
        with fence.inside(self.tenant.pk):
            person = self.viewer(role)
            program = FencedApiClient()
            program.credentials(HTTP_AUTHORIZATION=f"Bearer {issue(person).access_token}")
        asked = {name: address.format(mail=self.vera.email) for name, address in READS.items()}
        return {name: self.answer(program, address) for name, address in asked.items()}

    def answer(self, program, address: str) -> tuple[int, bytes, str | None, int]:
        program.get(address)
        with CaptureQueriesContext(connection) as queries:
            response = program.get(address)
            body = b"".join(response) if response.streaming else response.content
        for pattern, name in NAMES:
            body = re.sub(pattern, name, body)
        return response.status_code, body, response.headers.get("ETag"), len(queries)


def differing(role: str, *, is_measured: bool) -> list[str]:
    with time_machine.travel(LATER, tick=False):
        one = World(is_vip=True, is_measured=is_measured)
        other = World(is_vip=False, is_measured=is_measured)
        told, elsewhere = one.answers(role), other.answers(role)
    for name in READS:  # plainly, so that a failure shows what was told
        assert told[name] == elsewhere[name], name
    return [name for name in READS if told[name][0] == 200]


@pytest.mark.parametrize("is_measured", [True, False])
@pytest.mark.parametrize("role", ["requester", "proxy"])
def test_a_requester_cannot_tell_nor_who_acts_for_them(transactional_db, role, is_measured):
    seen = differing(role, is_measured=is_measured)

    assert {"list", "ticket", "comments", "activities", "notifications"} <= set(seen)
    assert not {"clocks", "feed", *HIDDEN, "policies"} & set(seen)


@pytest.mark.parametrize("role", ["technician", "manager", "executive", "feed"])
def test_the_desk_without_the_right_is_told_nothing_of_the_flag(transactional_db, role):
    seen = differing(role, is_measured=False)

    assert {"list", "ticket", "clocks", "search", "figures"} <= set(seen)
    assert not HIDDEN & set(seen)


def test_whoever_may_see_the_flag_does(transactional_db):
    with time_machine.travel(LATER, tick=False):
        one, other = World(is_vip=True, is_measured=True), World(is_vip=False, is_measured=True)
        told, elsewhere = one.answers("lead"), other.answers("lead")

    differ = {name for name in READS if told[name] != elsewhere[name]}
    assert {"on her behalf", "done on her behalf", "recognitions"} <= differ
    assert {"list", "ticket", "activities", "export", "feed", "designations", "lookup"} <= differ


@pytest.mark.parametrize(
    "address",
    [
        *("designations", "designations/1", "lookup?person=1"),
        *("rules", "rules/1", "rules/preview", "reassessments", "reassessments/1"),
        *("recognitions", "recognitions/1", "recognitions/1/accept"),
        *("alerts", "alerts/1/acknowledge"),
    ],
)
def test_to_a_requester_the_endpoints_of_vips_are_not_there(tenant, api_as, address):
    program = api_as(PersonFactory())
    there, nowhere = (program.get(f"/api/support/vip/{at}") for at in (address, "nonsense"))
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


def test_to_a_requester_the_panel_of_vips_is_not_there(tenant, as_person):
    requester = PersonFactory()
    opened_for(requester)
    assert as_person(requester).get("/vip/T-1001/panel").status_code == 404


def test_what_grows_with_internal_notes_is_not_the_requesters(tenant, api_as):
    requester = PersonFactory()
    opened_for(requester)
    answer = api_as(requester).get("/api/support/tickets/T-1001")
    assert not {"version", "updated_at"} & answer.json().keys()
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("address", ["recognitions", "recognitions/1/accept", "recognitions/1/x"])
@pytest.mark.parametrize("role", ["requester", "technician"])
def test_to_who_may_not_judge_there_is_no_page_of_cosmos_questions(
    tenant, as_person, address, role
):
    browser = as_person(PersonFactory(role=role))
    asked = browser.post if "/" in address else browser.get
    assert asked(f"/vip/{address}").status_code == 404


def test_a_name_in_the_words_costs_the_opening_nothing(tenant):
    vera, writer = PersonFactory(name="Vera Holm"), PersonFactory()
    designate_vip({"person_id": vera.pk}, "exec", reason="Board", actor=vera, now=NOW)
    reassess([vera.pk], actor=vera, now=NOW)
    opened_for(writer)
    costs = []
    for said in ("on behalf of Vera Holm", "on behalf of Vera Helm"):
        with CaptureQueriesContext(connection) as queries:
            opened_for(writer, description=said)
        costs.append(len(queries))
    assert costs[0] == costs[1]
