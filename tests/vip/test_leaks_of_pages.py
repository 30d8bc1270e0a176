"""Nobody who may not know can tell a VIP from another by a page, a mail or a device."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts import services as accounts
from nova.events.consumers import consume
from nova.notifications.models import Delivery
from nova.notifications.services import deliver_next
from nova.tenancy import fence
from sla.services import sweep
from tests.accounts.test_importing import finish
from tests.conftest import FencedClient
from tests.factories import NOW
from tests.notifications.servers import PushService, serving
from tests.vip.worlds import LATER, both, differing, statements, without_names
from tickets.survey import link_for

MUCH_LATER = NOW + timedelta(days=10)
EVERYBODYS = {
    "notifications": "/notifications/",
    "bell": "/notifications/bell",
    "alerts": "/notifications/alerts",
    "devices": "/notifications/devices",
    "profile": "/accounts/profile",
    "proxies": "/accounts/proxies",
    "recognitions": "/vip/recognitions",
    "panel": "/vip/T-1001/panel",
    "heat map": "/vip/heat-map",
    "heat map as a file": "/vip/heat-map?format=csv",
    "tickets of the heat map": "/vip/heat-map/tickets",
    "handling": "/vip/handling",
    "handling as a file": "/vip/handling?format=csv",
    "handling on paper": "/vip/handling?format=pdf",
    "compliance": "/sla/compliance",
    "load": "/dispatch/load",
    "load of a page": "/dispatch/load?page=2",
    "roster": "/dispatch/roster",
    "own work": "/dispatch/mine",
    "oneself as an engineer": "/dispatch/me",
    "engineer": "/dispatch/engineers/{engineer}",
    "drawer": "/dispatch/T-1002",
    "decision": "/dispatch/T-1002/panel",
    "overrides": "/dispatch/overrides",
    "overrides as a file": "/dispatch/overrides?format=csv",
    "imports": "/core/accounts/peopleimport/",
    "import": "/core/accounts/peopleimport/{batch}/change/",
    "how far an import is": "/core/accounts/peopleimport/{batch}/now/",
    "errors of an import": "/core/accounts/peopleimport/{batch}/errors.csv",
    "nothing there": "/nothing",
    "no such ticket": "/tickets/T-9999",
}
PORTAL = {
    "portal": "/portal/",
    "reporting": "/portal/report",
    "own ticket": "/portal/T-1001",
    "progress": "/portal/T-1001/progress",
    "ticket from the start": "/portal/T-1002",
    "solved ticket": "/portal/T-1004",
    "in your name": "/portal/in-your-name",
}
DESK = {
    "queue": "/pulse/",
    "rows": "/pulse/rows",
    "tabs": "/pulse/tabs",
    "filters": "/pulse/filters",
    "filtered by the flag": "/pulse/rows?vip=true",
    "ticket": "/tickets/T-1001",
    "timeline": "/tickets/T-1001/timeline",
    "side": "/tickets/T-1001/side",
    "peek": "/tickets/T-1001/peek",
    "activity": "/tickets/T-1001/activity",
    "clocks": "/sla/T-1001/panel",
    "search": "/search?q=laptop",
}
# What is only for who may see VIPs; to all others as if it were not there, or as forbidden.
HIDDEN = {"recognitions", "heat map", "heat map as a file", "tickets of the heat map"}
HIDDEN |= {"handling", "handling as a file", "handling on paper"}


@pytest.mark.parametrize("role", ["requester", "proxy"])
def test_no_page_tells_a_requester_nor_who_acts_for_them(transactional_db, role):
    seen = differing(role, EVERYBODYS | PORTAL, is_measured=True, is_program=False)

    assert {"portal", "own ticket", "solved ticket", "notifications", "devices"} <= seen
    assert not {*HIDDEN, "panel", "compliance", "imports", "import"} & seen


@pytest.mark.parametrize("role", ["technician", "assignee", "engineer"])
def test_no_page_tells_a_technician(transactional_db, role):
    seen = differing(role, EVERYBODYS | DESK, is_measured=False, is_program=False)

    assert {"queue", "rows", "ticket", "timeline", "side", "clocks", "devices"} <= seen
    assert {"load", "roster", "own work", "engineer", "drawer", "decision"} <= seen
    assert not {*HIDDEN, "imports", "import"} & seen


def test_no_page_tells_who_imports_people(transactional_db):
    seen = differing("importer", EVERYBODYS, is_measured=True, is_program=False)

    assert {"imports", "import", "how far an import is", "errors of an import"} <= seen
    assert not HIDDEN & seen


def test_undoing_an_import_tells_nobody_who_was_made_a_vip(transactional_db):
    with time_machine.travel(LATER, tick=False):
        told = [undone(world) for world in both(is_measured=True)]

    assert told[0] == told[1]
    assert b"They did something since" not in told[0][0]


def undone(world):
    """Return what the importer is told once the import is undone."""
    with fence.inside(world.tenant.pk):
        accounts.undo_import(world.batch.pk, actor=world.importer, now=LATER)
    finish(world.tenant.pk, LATER)
    pages = {"import": EVERYBODYS["import"], "errors": EVERYBODYS["errors of an import"]}
    answers = world.answers("importer", pages, is_program=False)
    return [body for _status, body, *_rest in answers.values()]


def test_the_link_of_the_survey_asks_everybody_alike(transactional_db):
    told = []
    with time_machine.travel(LATER, tick=False):
        for world in both(is_measured=True):
            with fence.inside(world.tenant.pk):
                paths = [link_for(world.solved, who) for who in (world.vera, world.aide)]
                paths.append(link_for(world.solved, world.tech))
            told.append([by_link(path) for path in paths])

    assert told[0] == told[1]
    statuses = [[status for status, *_said in answers] for answers in told[0]]
    assert statuses == [*[[200, 422, 200, 200]] * 2, [404] * 4]


def by_link(link):
    """Open a link, say nothing at all, then answer; return what that was answered, and how."""
    path, stranger = "/" + link.split("/", 3)[3], FencedClient()
    acts = [
        lambda: stranger.get(path),
        lambda: stranger.post(path, {"comment": ""}),
        lambda: stranger.post(path, {"stars": "4"}),
        lambda: stranger.get(path),
    ]
    answers = []
    for act in acts:
        with CaptureQueriesContext(connection) as queries:
            answer = act()
        answers.append((answer.status_code, without_names(answer.content), statements(queries)))
    return answers


def test_what_reaches_devices_and_mailboxes_is_the_same(transactional_db, settings):
    settings.OUTBOUND_ANYWHERE = True
    with serving(PushService()) as service, time_machine.travel(LATER, tick=False):
        worlds = both(is_measured=False, push_service=service)
        told = [reached(world) for world in worlds]

    assert told[0] == told[1]
    assert {row[:2] for row in told[0]} >= {(b"Vera Holm", b"email"), (b"Tess", b"in_app")}
    titles = [service.read(body)["title"] for _headers, body in service.posts]
    assert len(titles) == pushes(worlds[0], "Boss") > 0  # their devices are the only ones told
    assert pushes(worlds[0]) == pushes(worlds[0], "Boss")
    assert pushes(worlds[1]) == 0


def reached(world):
    """Return what requester, proxy and technician were sent in the end, clocks run out."""
    with fence.inside(world.tenant.pk):
        sweep(world.tenant.pk, actor=world.boss, now=MUCH_LATER)
    consume(world.tenant.pk, now=MUCH_LATER)
    while deliver_next(world.tenant.pk, now=MUCH_LATER):
        pass
    columns = ("recipient__name", "channel", "template", "subject", "text", "html", "link")
    with fence.inside(world.tenant.pk):
        rows = Delivery.objects.filter(recipient__in=[world.vera, world.aide, world.tech])
        return sorted(
            tuple(without_names(str(cell).encode()) for cell in row)
            for row in rows.values_list(*columns, "state")
        )


def pushes(world, *names):
    """Return how many messages went to devices: of all, or of these."""
    with fence.inside(world.tenant.pk):
        found = Delivery.objects.filter(channel="push")
        return (found.filter(recipient__name__in=names) if names else found).count()
