"""ServiceNow's log becomes tickets with their whole past, whatever is wrong with the file."""

from datetime import UTC, datetime

import pytest

from nova.accounts.models import Team, User
from nova.events.consumers import consume
from nova.events.models import ConsumerCursor, EventRecord
from tests.tickets.servicenow import COLUMNS, event, life, log_of, moved
from tickets.choices import Status
from tickets.models import Category, ImportRun, Original, StageVisit, Ticket

ARRIVED: list[object] = []


def note_arrivals(arrivals, *, now):
    ARRIVED.extend(arrivals)


def at(day: int, hour: int, minute: int, month: int = 3) -> datetime:
    return datetime(2016, month, day, hour, minute, tzinfo=UTC)


def stages(ticket: Ticket) -> list[tuple[str, datetime, datetime | None]]:
    visits = StageVisit.objects.filter(ticket=ticket).order_by("entered_at", "pk")
    return list(visits.values_list("status", "entered_at", "left_at"))


def test_an_incident_becomes_a_ticket_with_its_stages_people_and_times(imported):
    run = imported(life())

    ticket = Ticket.objects.get(external_ref="INC0000045")
    assert run.events == "Events: 4 read = 4 applied + 0 here before + 0 refused."
    assert stages(ticket) == [
        ("new", at(29, 1, 16, month=2), at(1, 5, 30)),
        ("in_progress", at(1, 5, 30), at(1, 11, 29)),
        ("resolved", at(1, 11, 29), at(5, 12, 0)),
        ("closed", at(5, 12, 0), None),
    ]
    assert (ticket.status, ticket.priority, ticket.impact) == (Status.CLOSED, 3, "medium")
    assert (ticket.opened_at, ticket.responded_at) == (at(29, 1, 16, month=2), at(1, 5, 30))
    assert (ticket.resolved_at, ticket.closed_at) == (at(1, 11, 29), at(5, 12, 0))
    assert ticket.requester.name == "Caller 2403"
    assert ticket.submitted_by.name == "Opened by 8"
    assert ticket.team.name == "Group 56"
    assert (ticket.category.name, ticket.subcategory.name) == ("Category 55", "Subcategory 170")
    assert (ticket.location, ticket.resolution_code) == ("Location 143", "code 5")
    assert ticket.source == "portal"


def test_people_of_the_log_cannot_sign_in_and_get_no_mail(imported):
    imported(life())

    people = User.objects.filter(name__startswith="Caller")
    assert [person.is_active for person in people] == [False]
    assert [person.has_usable_password() for person in people] == [False]
    assert all(person.email.endswith(".invalid") for person in people)


def test_an_address_of_somebody_here_is_that_person(imported, tenant):
    mia = User.objects.create_user("mia@acme.example", tenant=tenant, name="Mia")

    imported([event(caller_id="Mia@acme.example")])

    assert Ticket.objects.get().requester == mia


def test_the_past_is_in_the_sequence_in_order_with_the_times_of_the_log(imported):
    imported(life())

    facts = EventRecord.objects.filter(subject="ticket").order_by("sequence")
    names = [
        (fact.name.removeprefix("tickets."), fact.occurred_at, fact.actor.name) for fact in facts
    ]
    assert names == [
        ("TicketImported", at(29, 1, 16, month=2), "Opened by 8"),
        ("TicketAssigned", at(29, 1, 23, month=2), "Updated by 21"),
        ("TicketAssigned", at(1, 5, 30), "Updated by 21"),
        ("TicketMoved", at(1, 5, 30), "Updated by 21"),
        ("TicketAssigned", at(1, 11, 29), "Updated by 21"),
        ("TicketMoved", at(1, 11, 29), "Resolved by 149"),
        ("TicketMoved", at(5, 12, 0), "Updated by 21"),
    ]
    sequences = [fact.sequence for fact in facts]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
    assert all(fact.is_history for fact in facts)


def test_consumers_pass_over_the_past(imported, tenant, settings):
    settings.EVENT_CONSUMERS = {f"{__name__}.refuse": ["*"]}
    imported(life())

    consume(tenant.pk, now=at(6, 0, 0))

    cursor = ConsumerCursor.objects.get(consumer=f"{__name__}.refuse")
    assert cursor.sequence == EventRecord.objects.order_by("-sequence")[0].sequence


def refuse(event, record):
    raise AssertionError("The past was given to a consumer")


def test_no_value_of_the_log_is_lost(imported):
    imported(life())

    lines = Original.objects.get().lines
    assert lines[0]["line"] == 2
    assert lines[0]["values"]["u_symptom"] == "Symptom 72"
    assert lines[0]["values"]["opened_by"] == "Opened by  8"
    assert lines[1]["changed"]["assigned_to"] == "Resolver 31"
    assert lines[2]["changed"]["assigned_to"] is None


def test_a_column_that_nobody_knows_is_kept(imported, tmp_path):
    path = log_of(tmp_path, [f"{event()},blue"], header=f"{','.join(COLUMNS)},u_colour")

    imported(path)

    assert Original.objects.get().lines[0]["values"]["u_colour"] == "blue"


WAITS = [
    ("Awaiting User Info", {}, "awaiting_customer", "User info"),
    ("Awaiting Vendor", {"vendor": "Vendor 1"}, "awaiting_dependency", "Vendor: Vendor 1"),
    ("Awaiting Problem", {}, "awaiting_dependency", "Problem"),
    ("Awaiting Evidence", {}, "awaiting_dependency", "Evidence"),
]


@pytest.mark.parametrize(("state", "values", "status", "reason"), WAITS)
def test_a_wait_keeps_what_is_waited_for(imported, state, values, status, reason):
    imported([event(), moved(1, "09:00", state, **values)])

    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.awaiting_reason) == (status, reason)


def test_a_wait_for_something_else_is_the_same_stage_with_another_reason(imported):
    imported(
        [event(), moved(1, "09:00", "Awaiting Vendor"), moved(2, "09:00", "Awaiting Problem")]
    )

    ticket = Ticket.objects.get()
    assert [status for status, *_ in stages(ticket)] == ["new", "awaiting_dependency"]
    assert ticket.awaiting_reason == "Problem"
    edited = EventRecord.objects.get(name="tickets.TicketEdited")
    assert edited.payload["changes"] == {"awaiting_reason": ["Vendor", "Problem"]}


def test_a_state_that_goes_back_is_a_reopening(imported):
    imported([*life(), moved(6, "10:00", "Active", reopen_count="1", sys_mod_count="4")])

    ticket = Ticket.objects.get()
    assert [status for status, *_ in stages(ticket)][-2:] == ["reopened", "in_progress"]
    assert (ticket.reopen_count, ticket.resolved_at, ticket.closed_at) == (1, None, None)


def test_a_reopening_that_the_states_do_not_show_is_told_by_its_count(imported):
    lines = [
        event(),
        moved(1, "09:00", "Resolved"),
        moved(2, "09:00", "Resolved", reopen_count="1"),
    ]

    imported(lines)

    ticket = Ticket.objects.get()
    assert [status for status, *_ in stages(ticket)] == ["new", "resolved", "reopened", "resolved"]
    assert (ticket.reopen_count, ticket.resolved_at) == (1, at(2, 9, 0))


def test_what_is_closed_at_once_was_resolved_then(imported):
    imported([event(), moved(1, "09:00", "Closed")])

    ticket = Ticket.objects.get()
    assert [status for status, *_ in stages(ticket)] == ["new", "resolved", "closed"]
    assert ticket.resolved_at == ticket.closed_at == at(1, 9, 0)


def test_events_out_of_order_are_put_in_order_and_reported(imported):
    first, second, third, fourth = life()

    run = imported([third, first, fourth, second])

    ticket = Ticket.objects.get()
    assert [status for status, *_ in stages(ticket)] == [
        "new",
        "in_progress",
        "resolved",
        "closed",
    ]
    assert [row["problem"] for row in run.report] == ["comes after a later one"] * 2


def test_a_second_run_changes_nothing(imported):
    imported(life())
    before = EventRecord.objects.count(), Ticket.objects.get().version

    run = imported(life())

    assert run.events == "Events: 4 read = 0 applied + 4 here before + 0 refused."
    assert (EventRecord.objects.count(), Ticket.objects.get().version) == before


def test_later_events_of_a_known_incident_continue_its_story(imported):
    imported(life()[:2])

    run = imported(life())

    ticket = Ticket.objects.get()
    assert run.events == "Events: 4 read = 2 applied + 2 here before + 0 refused."
    assert [status for status, *_ in stages(ticket)] == [
        "new",
        "in_progress",
        "resolved",
        "closed",
    ]
    assert ticket.status == Status.CLOSED
    assert EventRecord.objects.filter(name="tickets.TicketMoved").count() == 3


def test_events_of_one_incident_may_stand_far_apart(imported):
    first, *others = life()
    between = [event(number=f"INC{n}") for n in range(5)]

    run = imported([first, *between, *others])

    assert run.events == "Events: 9 read = 9 applied + 0 here before + 0 refused."
    assert Ticket.objects.get(external_ref="INC0000045").status == Status.CLOSED
    assert Ticket.objects.count() == 6


def test_what_people_changed_since_is_not_overwritten(imported):
    imported(life()[:2])
    Ticket.objects.update(title="Renamed", version=2)

    run = imported(life())

    assert run.events == "Events: 4 read = 0 applied + 2 here before + 2 refused."
    assert {row["problem"] for row in run.report} == {"was changed in Nova since"}
    assert Ticket.objects.get().title == "Renamed"


def test_apps_are_given_the_arrivals_in_the_same_transaction(imported, settings):
    settings.TICKET_IMPORTED = [f"{__name__}.note_arrivals"]
    ARRIVED.clear()

    imported(life())

    [arrival] = ARRIVED
    assert arrival.is_new
    assert arrival.ticket == Ticket.objects.get()
    assert [fact.event.name for fact in arrival.facts][:2] == [
        "tickets.TicketImported",
        "tickets.TicketAssigned",
    ]


def test_a_value_that_looks_like_a_formula_is_made_harmless_in_the_report(imported):
    run = imported([event(incident_state="=HYPERLINK(1)"), event(number="INC2", impact="-100")])

    assert [row["value"] for row in run.report] == ["'=HYPERLINK(1)", "-100"]


def test_tickets_teams_and_categories_are_numbered_and_made_once(imported):
    imported([event(number=f"INC{n}", assignment_group=f"Group {n % 2}") for n in range(5)])

    numbers = list(Ticket.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1001, 1006))
    assert Team.objects.count() == 2
    assert Category.objects.filter(name="Category 55").count() == 1


def test_a_run_is_remembered_with_its_totals(imported):
    imported(life())

    run = ImportRun.objects.get()
    assert (run.file_name, run.totals["applied"]) == ("log.csv", 4)
    assert run.ended_at is not None
