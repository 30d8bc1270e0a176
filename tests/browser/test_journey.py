"""The whole way of a VIP's ticket, as everybody sees it."""

from datetime import timedelta

import requests
from django.core import mail
from playwright.sync_api import Page, expect

from nova.events.models import EventRecord
from tests.browser.sameness import TRACE, heard_by, seen_at, without_person
from tests.factories import PASSWORD
from tickets.models import Ticket

TITLE = "Video wall dark in studio 2"
TARGET = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
OPEN_TO_REQUESTERS = [
    "/portal/",
    "/portal/{}",
    "/portal/{}/progress",
    "/notifications/",
    "/search?q=video",
    "/api/support/tickets",
    "/api/support/tickets/{}",
    "/api/support/tickets/{}/comments",
    "/api/support/tickets/{}/activities",
    "/api/support/notifications",
]
GOLD = "rgb(168, 126, 0)"  # the token --gold on light


def test_a_vips_ticket_from_report_to_thanks(desk, visit, worker, clock, server):
    desk.honour(desk.executive)
    ken, vita, vera = visit(desk.requester), visit(desk.ordinary), visit(desk.executive)
    mia, ada = visit(desk.technician), visit(desk.lead)

    # Two people report something, each in their own way; the desk looks at its queue.
    report_in_portal(ken.page, "The printer on the third floor jams")
    plain = open_by_program(server.url, desk, desk.ordinary)
    worker.work()
    for visitor in (mia, ada):
        visitor.go("/pulse/")
        visitor.hear("sequence")
    expect(rows(mia.page)).to_have_count(2)

    # A VIP's ticket comes in by the API, and stands on top at once.
    gilt = open_by_program(server.url, desk, desk.executive)
    worker.work()
    sees_it_on_top(mia.page, gilt)
    sees_toast(mia.page, f"{gilt} {TITLE}")
    vera.go(f"/portal/{gilt}")
    vita.go(f"/portal/{plain}")

    # Nobody takes it. The lead is warned as time runs out, and told when it has.
    opened_at = ticket_of(desk, gilt).opened_at.replace(microsecond=0)
    for share in (0.5, 0.75, 0.9, 1):
        clock.move_to(opened_at + share * TARGET + SECOND)
        worker.work()
    sees_toast(ada.page, f"{gilt} is overdue: {TITLE}")
    assert said_of_time(desk, gilt) == [50, 75, 90, (opened_at + TARGET).isoformat()]
    assert mails_to(desk.lead)[-1].subject == f"{gilt} is overdue: {TITLE}"
    expect(rows(mia.page).first.locator(".countdown")).to_have_attribute("data-state", "breached")
    assert (heard_by(vera), heard_by(vita)) == ([], [])

    # The technician opens it from the toast, answers, and resolves it.
    mia.page.locator(".toast.vip a").click()
    answer_and_resolve(mia.page, "A cable was loose. It is back.")
    desk_does_the_same(desk, plain, "A cable was loose. It is back.")
    worker.work()
    assert clocks_of(desk, gilt) == {
        "response": ("stopped", (opened_at + TARGET).isoformat()),
        "resolution": ("stopped", None),
    }
    shows_clocks(mia.page, ["breached", "met"])

    # All the while she saw what anybody would have seen, and says thanks.
    for visitor in (vera, vita):
        expect(visitor.page.get_by_text("We think that this is solved.")).to_be_visible()
    assert heard_by(vera) == heard_by(vita) != []
    nothing_tells_them_apart((vera, desk.executive, gilt), (vita, desk.ordinary, plain))
    assert not mail_tells_them_apart(desk.executive, desk.ordinary)
    vera.page.get_by_role("button", name="Yes, it is solved").click()
    expect(vera.page.locator(".toast")).to_contain_text("Thank you")
    assert ticket_of(desk, gilt).status == "closed"


def report_in_portal(page: Page, title: str) -> None:
    page.goto("/")
    page.get_by_label("What is wrong?").fill(title)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Tell us more").fill("It pulls two sheets at once.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main h1")).to_contain_text(title)


def open_by_program(url, desk, requester) -> str:
    """Open a ticket as a monitor would: sign in for a token, and post."""
    signed = {"email": desk.program.email, "password": PASSWORD}
    token = requests.post(f"{url}/api/auth/token", json=signed, timeout=10).json()["access"]
    answer = requests.post(
        f"{url}/api/support/tickets",
        json={"title": TITLE, "requester": requester.email},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["reference"]


def rows(page: Page):
    return page.locator("[data-row]")


def sees_it_on_top(page: Page, reference: str) -> None:
    first = rows(page).first
    expect(first).to_have_attribute("data-row", reference)
    expect(first.locator(".badge.vip")).to_contain_text("Exec")
    expect(first.locator(".row-why")).to_contain_text("+300")
    expect(first.locator(".countdown")).to_contain_text("respond in 04:")
    edge = first.evaluate(
        "row => { const edge = getComputedStyle(row, '::before');"
        " return [edge.borderInlineStartWidth, edge.borderInlineStartColor] }"
    )
    assert edge == ["2px", GOLD]


def sees_toast(page: Page, words: str) -> None:
    expect(page.locator(".toast", has_text=words)).to_be_visible()


def ticket_of(desk, reference) -> Ticket:
    with desk.inside():
        return Ticket.objects.get(number=int(reference[2:]))


def said_of_time(desk, reference) -> list[int | str]:
    """Return the warnings of a ticket by percent, and the instants of its breaches."""
    with desk.inside():
        told = EventRecord.objects.filter(subject_id=ticket_of(desk, reference).pk)
        warned = told.filter(name="sla.ClockWarned").order_by("sequence")
        breached = told.filter(name="sla.ClockBreached").order_by("sequence")
        return [
            *warned.values_list("payload__percent", flat=True),
            *breached.values_list("payload__breached_at", flat=True),
        ]


def mails_to(person):
    return [message for message in mail.outbox if message.to == [person.email]]


def answer_and_resolve(page: Page, words: str) -> None:
    page.get_by_label("Your words").fill(words)
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".timeline")).to_contain_text(words)
    page.get_by_role("button", name="Other stages").click()
    page.get_by_role("link", name="Resolve").click()
    page.get_by_label("Resolution").fill("A cable was loose.")
    page.get_by_role("button", name="Move it").click()
    expect(page.locator(".track-large [aria-current]")).to_contain_text("Resolved")


def desk_does_the_same(desk, reference, words) -> None:
    ticket = ticket_of(desk, reference)
    desk.reply(ticket, desk.technician, words)
    desk.move(ticket, "resolved", desk.technician, resolution="A cable was loose.")


def clocks_of(desk, reference):
    ticket = ticket_of(desk, reference)
    with desk.inside():
        return {
            clock.metric: (clock.state, clock.breached_at and clock.breached_at.isoformat())
            for clock in ticket.clocks.all()
        }


def shows_clocks(page: Page, states: list[str]) -> None:
    shown = page.locator(".ticket-side .clock .countdown")
    expect(shown).to_have_count(len(states))
    for place, state in enumerate(states):
        expect(shown.nth(place)).to_have_attribute("data-state", state)


def nothing_tells_them_apart(one, other) -> None:
    """Compare all that two requesters can ask for, and look for words that betray."""
    for path in OPEN_TO_REQUESTERS:
        first, second = (
            without_person(seen_at(visitor, path.format(reference)), person)
            for visitor, person, reference in (one, other)
        )
        assert first == second, path
        assert TRACE.findall(first) == [], path


def mail_tells_them_apart(one, other) -> bool:
    """Say whether what the two were sent differs in more than names, or betrays anything."""
    first, second = (
        [without_person(message.subject + message.body, person) for message in mails_to(person)]
        for person in (one, other)
    )
    return first != second or first == [] or bool(TRACE.search(" ".join(first)))
