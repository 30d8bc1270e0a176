"""By no act on an assignment, and by no report of it, can others tell who is a VIP.

In both organisations of `tests.vip.worlds` the engine names the same people; in one of them it
keeps Rae from a VIP's ticket. What pages and programs only read is in `tests/vip/test_leaks*`.
"""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.urls import reverse

from dispatch.choices import Cause
from dispatch.mine import best_of, own_rows
from dispatch.models import Engineer, Override
from dispatch.services import arrange_assignment, ask_override, assign_by_engine, edit_engineer
from nova.accounts.choices import VipLevel
from nova.accounts.system import system_of
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from nova.tenancy import fence
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, PersonFactory, RoleFactory
from tests.tickets.making import opened_for
from tests.vip.worlds import LATER, answered, both, browser_of, program_of
from tickets.models import Ticket

API = "/api/support"
SECOND = "T-1002"
READS = {
    "overrides": "/dispatch/overrides",
    "overrides by team": "/dispatch/overrides?by=team",
    "overrides as a file": "/dispatch/overrides?format=csv",
    "load": "/dispatch/load",
    "drawer": f"/dispatch/{SECOND}",
    "panel": f"/dispatch/{SECOND}/panel",
    "ticket": f"/tickets/{SECOND}",
    "activity": f"/tickets/{SECOND}/activity",
    "Core's engineers": reverse("admin:dispatch_engineer_changelist"),
    "an engineer in Core": "/core/dispatch/engineer/{engineer}/change/",
    "history of an engineer": "/core/dispatch/engineer/{engineer}/history/",
}
FEED = {"feed": f"{API}/events?after=0", "overrides": f"{API}/overrides"}


def ticket_of(world):
    return Ticket.objects.get(number=1002)


def asked_for(world):
    """Return a wish that Rae works on what a VIP asked for, in one of the two."""
    with fence.inside(world.tenant.pk):
        ticket = ticket_of(world)
        assert ticket.assignee == world.tech
        wish = {"reason": "Knows it", "approver": world.boss, "actor": world.tech}
        made = ask_override(ticket.pk, world.rae, now=LATER, **wish)
    consume(world.tenant.pk, now=LATER)
    return made


def told(world, wish):
    """Return what somebody who plans is told of it, and what was sent about it."""
    pages = world.answers("planner", READS, is_program=False)
    facts = world.answers("planner", FEED)
    with fence.inside(world.tenant.pk):
        sent = Delivery.objects.filter(template__startswith="dispatch/mail/")
        mails = sorted(sent.values_list("recipient__name", "channel", "subject", "text"))
    return pages, facts, mails


def by_program(world):
    """Yield what a program is answered that asks the engine, and for somebody else."""
    with fence.inside(world.tenant.pk):
        client, rae = program_of(world.viewer("planner")), world.rae
        boss = world.boss.pk
    many = ["T-1001", SECOND, "T-1003"]
    wish = {"ticket": SECOND, "engineer": rae.pk, "reason": "So", "approved_by": boss}
    for path, stated in (
        ("assign", {"tickets": [SECOND], "dry_run": True}),
        ("assign", {"tickets": many, "dry_run": True}),
        ("assign/balance", {"dry_run": True}),
        ("assign", {"tickets": [SECOND]}),
        (f"tickets/{SECOND}/assign", {"engineer": rae.pk}),
        ("overrides", wish),
        ("overrides", wish),
        ("assign/balance", {"dry_run": False}),
    ):
        yield answered(partial(client.post, f"{API}/{path}", stated, format="json"))


def by_hand(world):
    """Yield what a technician is answered in the drawer, and when they take what is not theirs."""
    with fence.inside(world.tenant.pk):
        browser, rae, boss = browser_of(world.rae), world.rae.pk, world.boss.pk
    stated = {"chosen": rae, "reason": "So", "approver": boss}
    for path, form in (
        (f"/tickets/{SECOND}/take", {}),
        (f"/dispatch/{SECOND}", {**stated, "reason": ""}),
        (f"/dispatch/{SECOND}", stated),
        (f"/dispatch/{SECOND}", stated),
        (f"/dispatch/{SECOND}/ask", {}),
    ):
        yield answered(partial(browser.post, path, form, headers={"HX-Request": "true"}))
    with fence.inside(world.tenant.pk):
        made = Override.objects.get()
    yield answered(partial(browser.post, f"/dispatch/{SECOND}/overrides/{made.pk}/withdraw"))


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        (by_program, [200, 200, 200, 200, 409, 201, 409, 200]),
        (by_hand, [409, 422, 204, 422, 204, 302]),
    ],
)
def test_acts_are_answered_alike(transactional_db, acts, found):
    with time_machine.travel(LATER, tick=False):
        one, other = (list(acts(world)) for world in both(is_measured=False))
    for number, answer in enumerate(one):
        assert answer == other[number], number
    assert [status for status, *_ in one] == found, [body for _, body, *_ in one]


def test_reports_mails_and_facts_are_alike(transactional_db):
    with time_machine.travel(LATER, tick=False):
        one, other = (told(world, asked_for(world)) for world in both(is_measured=False))
    for reads, elsewhere in zip(one[:2], other[:2], strict=True):
        for name, answer in reads.items():
            assert (answer[0], answer) == (200, elsewhere[name]), name
    assert one[2] == other[2]
    assert {row[:2] for row in one[2]} >= {("Boss", "in_app"), ("Boss", "email")}


@pytest.fixture
def desk(tenant):
    """Return a desk that gives VIPs only to preferred people, of whom nobody is there."""
    admin = PersonFactory(role="admin")
    stated = {"only_preferred_for_vips": True}
    arrange_assignment(stated, note="", actor=admin, now=NOW)
    return system_of(tenant.pk)


@pytest.fixture
def rae(tenant):
    return ShiftFactory(engineer=EngineerFactory(person__name="Rae")).engineer.person


@pytest.fixture
def waiting(desk, rae):
    """Return a VIP's ticket that waits for somebody who is preferred."""
    ticket = opened_for(PersonFactory())
    Ticket.objects.filter(pk=ticket.pk).update(vip_level=VipLevel.EXEC)
    acting = {"actor": desk, "now": NOW + timedelta(minutes=1)}
    [decision] = assign_by_engine([ticket.pk], cause=Cause.OPENED, **acting)
    assert decision.primary is None
    return ticket, decision


def test_a_card_tells_who_may_not_know_what_it_would_of_anybodys_ticket(waiting, rae, as_person):
    ticket, decision = waiting
    assert decision.because == "Nobody of 1 may have it: 1 kept for other work."
    assert [each["person"] for each in decision.card["candidates"]] == [rae.pk]
    assert decision.card["refused"] == []
    with time_machine.travel(NOW, tick=False):
        shown = as_person(rae).get(f"/dispatch/{ticket.reference}").content.decode()
    assert "Who may have it now" in shown
    assert "It waits." in shown
    assert "Give it to the recommended" not in shown


def test_who_may_know_reads_that_nobody_is_preferred(waiting, lead, as_person):
    ticket, _decision = waiting
    with time_machine.travel(NOW, tick=False):
        shown = as_person(lead).get(f"/dispatch/{ticket.reference}").content.decode()
    assert "Nobody may have it at present" in shown
    assert "is not among those preferred for VIPs" in shown


@pytest.mark.parametrize("sees_vips", [True, False])
def test_what_is_next_is_not_passed_over_for_who_would_tell_by_it(waiting, rae, sees_vips):
    """Who may not know takes it as they may take all that the engine gave to nobody."""
    if sees_vips:
        role = RoleFactory(permissions=["tickets.view_vip_flag"])
        rae.grants.create(role=role, tenant_id=rae.tenant_id)
    found = best_of(rae, own_rows(rae, NOW), NOW)
    assert (found and found.row.reference) == (None if sees_vips else waiting[0].reference)


def test_that_somebody_is_preferred_is_no_fact_of_those_who_may_not_know(rae, lead, api_as):
    reader = PersonFactory(role="technician")
    role = RoleFactory(permissions=["events.read_feed"])
    reader.grants.create(role=role, tenant_id=reader.tenant_id)
    before = EventRecord.objects.count()
    edit_engineer(Engineer.objects.get().pk, {"is_for_vips": True}, actor=lead, now=NOW)
    consume(rae.tenant_id, now=NOW)

    assert EventRecord.objects.count() == before + 1
    names = [
        {fact["name"] for fact in api_as(person).get(f"{API}/events?after=0").data["results"]}
        for person in (lead, reader)
    ]
    assert [{n for n in found if "Engineer" in n} for found in names] == [
        {"dispatch.EngineerPreferred"},
        set(),
    ]
