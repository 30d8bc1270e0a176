"""Bring tickets of another system in, with their history: many in one transaction, none twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from nova.events.base import Event
from nova.events.history import Past, record_history
from tickets import rules
from tickets.events import TicketAssigned, TicketEdited, TicketImported, TicketMoved
from tickets.importing.entries import Reading
from tickets.importing.rows import Problem, Row, packed, refused, unpacked
from tickets.importing.story import Fact, Moved, Story
from tickets.importing.telling import tell
from tickets.models import ImportRun, Original, StageVisit, Ticket
from tickets.services.directory import Directory

# Two imports into one tenant take turns, so that both see what the other brought.
TURNS = "SELECT pg_advisory_xact_lock(hashtext('tickets.importing'), %s)"
NUMBERS = "UPDATE tickets_ticketnumber SET last = last + %s WHERE tenant_id = %s RETURNING last"
# One statement with one parameter takes a fifth of the time of as many model instances.
VISITS = """
    INSERT INTO tickets_stagevisit (tenant_id, ticket_id, status, entered_at, left_at)
    SELECT %s, (visit->>0)::bigint, visit->>1, (visit->>2)::timestamptz, (visit->>3)::timestamptz
    FROM json_array_elements(%s::json) WITH ORDINALITY AS visits(visit, place) ORDER BY place
"""
ORIGINALS = """
    INSERT INTO tickets_original (tenant_id, run_id, ticket_id, ticket_version, lines)
    SELECT %s, %s, (original->>0)::bigint, (original->>1)::int, (original->2)::jsonb
    FROM json_array_elements(%s::json) AS original
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An imported ticket with the facts of its past, oldest first.

    Without `is_new` the ticket was here before, and the facts are those that came now.
    """

    ticket: Ticket
    facts: Sequence[Past]
    is_new: bool


@dataclass(slots=True)
class Outcome:
    """What became of a batch: every row was applied, known before, or refused by a problem."""

    tickets_new: int = 0
    tickets_grown: int = 0
    rows_applied: int = 0
    rows_known: int = 0
    problems: list[Problem] = field(default_factory=list)


def import_incidents(
    incidents: Mapping[str, Sequence[Row]],
    *,
    run: ImportRun,
    reading: Reading,
    directory: Directory,
    now: datetime,
) -> Outcome:
    """Import incidents, each with all its rows that the file has, in one transaction.

    What is here already is left alone; later rows of it are added to its story. Apps listed in
    `settings.TICKET_IMPORTED` are given the arrivals before the commit.
    """
    outcome = Outcome()
    told = {ref: tell(ref, rows, reading) for ref, rows in incidents.items()}
    for each in told.values():
        outcome.problems += each.problems
    stories = [each.story for each in told.values() if each.story]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(TURNS, [run.tenant_id])
        present = _present(stories)
        fresh = [story for story in stories if story.ref not in present]
        grown = list(_grown(stories, present, reading, outcome))
        directory.learn([*fresh, *(growth.story for growth in grown)], now=now)
        arrivals = [*_open(fresh, run, directory, now), *(_grow(g, run, directory) for g in grown)]
        for path in settings.TICKET_IMPORTED:
            import_string(path)(arrivals, now=now)
        facts = [fact for arrival in arrivals for fact in arrival.facts]
        record_history(run.tenant_id, facts, request_id=f"import-{run.pk}")
    outcome.tickets_new, outcome.tickets_grown = len(fresh), len(grown)
    outcome.rows_applied += sum(len(story.rows) for story in fresh)
    return outcome


@dataclass(frozen=True, slots=True)
class _Growth:
    """A ticket that is here, its story with the rows that came now, and which those are."""

    ticket: Ticket
    story: Story
    fresh: Sequence[Row]


def _present(stories: Iterable[Story]) -> dict[str, Ticket]:
    found = (
        Ticket.objects.filter(external_ref__in=[story.ref for story in stories])
        .select_related("original")
        .select_for_update(of=["self"])
    )
    return {ticket.external_ref: ticket for ticket in found}


def _grown(
    stories: Iterable[Story], present: Mapping[str, Ticket], reading: Reading, outcome: Outcome
) -> Iterable[_Growth]:
    """Yield what has rows that are not here yet; count those that are."""
    for story in stories:
        ticket = present.get(story.ref)
        if ticket is None:
            continue
        original = getattr(ticket, "original", None)
        known = unpacked(original.lines) if original else []
        fresh = [row for row in story.rows if all(row.values != old.values for old in known)]
        outcome.rows_known += len(story.rows) - len(fresh)
        if fresh and (original is None or original.ticket_version != ticket.version):
            done = f"not applied to {ticket.reference}"
            outcome.problems += [refused(row, "was changed in Nova since", done) for row in fresh]
        elif fresh:
            outcome.rows_applied += len(fresh)
            whole = tell(story.ref, [*known, *fresh], reading).story
            if whole:
                yield _Growth(ticket, whole, fresh)


def _open(
    stories: Sequence[Story], run: ImportRun, directory: Directory, now: datetime
) -> list[Arrival]:
    """Write new tickets with all that belongs to them."""
    if not stories:
        return []
    tickets = [_columns(Ticket(tenant_id=run.tenant_id), story, directory) for story in stories]
    # The numbers come last before the insert: whoever opens a ticket now waits for our commit.
    first = _take_numbers(run.tenant_id, len(stories))
    for number, ticket in enumerate(tickets, start=first):
        ticket.number = number
    Ticket.objects.bulk_create(tickets)
    pairs = list(zip(tickets, stories, strict=True))
    _write_visits(run.tenant_id, pairs)
    originals = [[ticket.pk, ticket.version, packed(story.rows)] for ticket, story in pairs]
    with connection.cursor() as cursor:
        cursor.execute(ORIGINALS, [run.tenant_id, run.pk, orjson.dumps(originals).decode()])
    return [
        Arrival(
            ticket,
            [_imported(ticket, story, directory), *_facts(ticket, story.facts, directory)],
            is_new=True,
        )
        for ticket, story in pairs
    ]


def _grow(growth: _Growth, run: ImportRun, directory: Directory) -> Arrival:
    """Write a ticket anew from its longer story."""
    ticket, story = growth.ticket, growth.story
    _columns(ticket, story, directory)
    ticket.version += 1
    ticket.save()
    StageVisit.objects.filter(ticket=ticket).delete()
    _write_visits(ticket.tenant_id, [(ticket, story)])
    Original.objects.filter(ticket=ticket).update(
        run=run, lines=packed(story.rows), ticket_version=ticket.version
    )
    facts = [fact for fact in story.facts if any(fact.row is row for row in growth.fresh)]
    return Arrival(ticket, _facts(ticket, facts, directory), is_new=False)


def _columns(ticket: Ticket, story: Story, directory: Directory) -> Ticket:
    """Set what the story says on a ticket, saved or not."""
    values = story.values
    ticket.external_ref = story.ref
    ticket.title, ticket.description = story.title, story.description
    ticket.status, ticket.status_since = story.status, story.status_since
    ticket.awaiting_reason = story.awaiting_reason
    ticket.impact, ticket.urgency = str(values["impact"]), str(values["urgency"])
    ticket.priority = int(values["priority"])
    ticket.category_id, ticket.subcategory_id = directory.category(story)
    ticket.source, ticket.location = story.source, str(values.get("location", ""))
    ticket.requester_id = directory.requester(story)
    opener = directory.people.get(story.opened_by)
    ticket.submitted_by_id = opener or ticket.requester_id
    ticket.assignee_id, ticket.team_id = directory.assignee(story), directory.team(story)
    ticket.resolution, ticket.resolution_code = story.resolution, story.resolution_code
    ticket.reopen_count = story.reopen_count
    ticket.opened_at = story.opened_at
    ticket.updated_at = story.updated_at or story.opened_at
    ticket.responded_at = story.responded_at
    ticket.resolved_at, ticket.closed_at = story.resolved_at, story.closed_at
    ticket.queue_at = rules.stands_at(
        ticket.status, ticket.status_since, story.opened_at, ticket.priority
    )
    return ticket


def _take_numbers(tenant_id: int, count: int) -> int:
    """Return the first of `count` numbers in a row."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, [count, tenant_id])
        return int(cursor.fetchone()[0]) - count + 1


def _write_visits(tenant_id: int, pairs: Iterable[tuple[Ticket, Story]]) -> None:
    rows = [
        (ticket.pk, visit.status, visit.entered_at, visit.left_at)
        for ticket, story in pairs
        for visit in story.visits
    ]
    with connection.cursor() as cursor:
        cursor.execute(VISITS, [tenant_id, orjson.dumps(rows).decode()])


def _imported(ticket: Ticket, story: Story, directory: Directory) -> Past:
    event = TicketImported(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        reference=ticket.reference,
        title=ticket.title,
        system=directory.system,
        external_ref=story.ref,
    )
    behalf = ticket.requester_id if ticket.requester_id != ticket.submitted_by_id else None
    return Past(event, story.opened_at, ticket.submitted_by_id, behalf)


def _facts(ticket: Ticket, facts: Iterable[Fact], directory: Directory) -> list[Past]:
    return [
        Past(_event(ticket, fact, directory), fact.at, directory.actor(fact.by)) for fact in facts
    ]


def _event(ticket: Ticket, fact: Fact, directory: Directory) -> Event:
    tenant_id, ticket_id = ticket.tenant_id, ticket.pk
    if isinstance(fact, Moved):
        return TicketMoved(
            tenant_id=tenant_id,
            ticket_id=ticket_id,
            before=fact.before,
            after=fact.after,
            reason=fact.reason,
            is_response=fact.is_response,
        )
    changes = {
        key: [directory.plain(key, before), directory.plain(key, after)]
        for key, (before, after) in fact.changes.items()
    }
    if fact.is_assignment:
        return TicketAssigned(tenant_id=tenant_id, ticket_id=ticket_id, changes=changes)
    return TicketEdited(tenant_id=tenant_id, ticket_id=ticket_id, changes=changes)
