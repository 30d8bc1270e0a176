"""Nobody who may not know can tell a VIP from another by the API: not by words, nor by cost."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for
from tests.vip.worlds import LATER, both, differing
from vip.services import designate_vip, reassess

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
    "devices": f"{BASE}/notifications/devices",
    "satisfaction": f"{BASE}/tickets/satisfaction",
    "solved": f"{BASE}/tickets/T-1004",
    "no such ticket": f"{BASE}/tickets/T-9999",
    "no such field": f"{BASE}/tickets?vipness=1",
    "no such order": f"{BASE}/tickets?order=vip",
    "imports": f"{BASE}/people-imports",
    "import": f"{BASE}/people-imports/{{batch}}",
    "lines of an import": f"{BASE}/people-imports/{{batch}}/lines",
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
    "engineers": f"{BASE}/engineers",
    "engineer": f"{BASE}/engineers/{{engineer}}",
    "roster of an engineer": f"{BASE}/engineers/{{engineer}}/roster",
    "decisions": f"{BASE}/tickets/T-1002/assignments",
    "overrides": f"{BASE}/overrides",
    "assignment policy": f"{BASE}/assignment-policy",
    "skills": f"{BASE}/skills",
    "schema": "/api/schema",
}
HIDDEN = {"designations", "rules", "reassessments", "recognitions", "alerts", "lookup"}
HIDDEN |= {"heat map", "handling"}


@pytest.mark.parametrize("is_measured", [True, False])
@pytest.mark.parametrize("role", ["requester", "proxy"])
def test_a_requester_cannot_tell_nor_who_acts_for_them(transactional_db, role, is_measured):
    seen = differing(role, READS, is_measured=is_measured)

    assert {"list", "ticket", "comments", "activities", "notifications"} <= seen
    assert not {"clocks", "feed", *HIDDEN, "policies"} & seen


@pytest.mark.parametrize("role", ["technician", "manager", "executive", "feed"])
def test_the_desk_without_the_right_is_told_nothing_of_the_flag(transactional_db, role):
    seen = differing(role, READS, is_measured=False)

    assert {"list", "ticket", "clocks", "search", "figures"} <= seen
    assert ("decisions" in seen) == (role in ("technician", "feed"))
    assert not HIDDEN & seen


def test_whoever_may_see_the_flag_does(transactional_db):
    with time_machine.travel(LATER, tick=False):
        one, other = both(is_measured=True)
        told, elsewhere = one.answers("lead", READS), other.answers("lead", READS)

    differ = {name for name in READS if told[name] != elsewhere[name]}
    assert {"on her behalf", "done on her behalf", "recognitions", "decisions"} <= differ
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
