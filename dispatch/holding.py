"""Who has which open ticket, since when, and what they did about it: what the balancer sees."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max

from dispatch.balancing.facts import Held
from dispatch.engine.facts import Job
from dispatch.models import Decision, Engineer
from dispatch.presence import kept_of, zone_of
from dispatch.roster import LOOK_AHEAD, ONE_DAY, presence_at
from nova.accounts.choices import PersonKind
from nova.events.models import EventRecord
from tickets.choices import Status
from tickets.models import Ticket
from tickets.models.ticket import QUEUE_ORDER
from tickets.rules import AWAITING

MOST = 2000  # tickets that are looked at in one round
FRESH = (Status.NEW, Status.REOPENED)
BEGUN = (Status.DIAGNOSING, Status.IN_PROGRESS)
# What was done longer ago than any limit asks for is not read.
LOOKED_BACK = timedelta(days=1)
# Who had a ticket before it was assigned, and who after it.
HANDS = tuple(f"payload__changes__assignee__{place}__id" for place in (0, 1))


class Given(NamedTuple):
    """When a ticket went to whoever has it, and whether a person gave it to them."""

    at: datetime
    is_on_purpose: bool


class Moved(NamedTuple):
    """When Nova last gave a ticket or took it, or its holder gave it back; and who had it then."""

    at: datetime
    from_pk: int | None


class Hands(NamedTuple):
    """Through which hands tickets went, by ticket."""

    given: dict[int, Given]
    moved: dict[int, Moved]


def open_tickets(tenant_id: int) -> list[Ticket]:
    """Return what waits and what engineers have, in the order of the queue."""
    held = Ticket.objects.unresolved().filter(tenant=tenant_id)
    engineers = Engineer.objects.values("person")
    found = held.filter(assignee=None) | held.filter(assignee__in=engineers)
    return list(found.order_by(*QUEUE_ORDER)[:MOST])


def held_of(tickets: Sequence[Ticket], jobs: Sequence[Job], now: datetime) -> list[Held]:
    """Return each ticket with its job and what its holder did, at one cost for few and many."""
    pks = [ticket.pk for ticket in tickets]
    hands, touched = _hands(pks), _touched(pks, now)
    kept_for = _given_while_away(tickets, hands.given)
    return [
        replace(
            _held(ticket, job, hands, touched.get((ticket.pk, ticket.assignee_id)), now),
            is_kept_for=ticket.pk in kept_for,
        )
        for ticket, job in zip(tickets, jobs, strict=True)
    ]


def _given_while_away(tickets: Sequence[Ticket], given: Mapping[int, Given]) -> set[int]:
    """Return what a person gave to somebody who by their roster was not at work then."""
    asked = {
        ticket.pk: (ticket.assignee_id, given[ticket.pk].at)
        for ticket in tickets
        if ticket.assignee_id and ticket.pk in given and given[ticket.pk].is_on_purpose
    }
    if not asked:
        return set()
    people, instants = zip(*asked.values(), strict=True)
    engineers = list(Engineer.objects.filter(person__in=people).select_related("person"))
    days = min(instants) - 2 * ONE_DAY, max(instants) + LOOK_AHEAD + ONE_DAY
    kept = kept_of(engineers, *(day.date() for day in days))
    hours = {each.person_id: kept[each.pk].hours(zone_of(each)) for each in engineers}
    return {pk for pk, (who, at) in asked.items() if presence_at(hours[who], at).until is None}


def _held(
    ticket: Ticket, job: Job, hands: Hands, touched_at: datetime | None, now: datetime
) -> Held:
    moved_at, from_pk = hands.moved.get(ticket.pk, (None, None))
    found = Held(job=job, holder=ticket.assignee_id, moved_at=moved_at, from_pk=from_pk)
    if ticket.assignee_id is None:
        return found
    since = hands.given.get(ticket.pk)
    is_theirs = not (since and _is_untouched(since, touched_at, now))
    return replace(
        found,
        given_at=since.at if since else ticket.opened_at,
        touched_at=touched_at,
        is_acknowledged=is_theirs and ticket.status not in FRESH,
        is_begun=is_theirs and ticket.status in BEGUN,
        is_paused=ticket.status in AWAITING,
        is_on_purpose=bool(since and since.is_on_purpose),
        due_at=ticket.next_due_at,
    )


def _is_untouched(given: Given, touched_at: datetime | None, now: datetime) -> bool:
    """Say whether whoever was given it by Nova did nothing since, so that its stage is others'."""
    is_lately = not given.is_on_purpose and now - given.at < LOOKED_BACK
    return is_lately and (touched_at is None or touched_at < given.at)


def _hands(pks: Sequence[int]) -> Hands:
    """Read by ticket who had it one after the other.

    Whatever of Nova moved it counts: a step of an escalation, and what the engine or the balancer
    decided, whoever asked them.
    """
    decided = set(Decision.objects.filter(ticket__in=pks).values_list("ticket_id", "at"))
    facts = EventRecord.objects.filter(
        subject="ticket", subject_id__in=pks, name="tickets.TicketAssigned"
    ).filter(payload__changes__has_key="assignee")
    rows = facts.order_by("id").values_list("subject_id", "occurred_at", "actor__kind", *HANDS)
    found = Hands({}, {})
    for ticket, at, kind, before, after in rows:
        by_person = kind == PersonKind.PERSON and (ticket, at) not in decided
        found.given[ticket] = Given(at, by_person)
        if after is None or not by_person:
            earlier = found.moved.get(ticket, Moved(at, None))
            found.moved[ticket] = Moved(at, before or earlier.from_pk)
    return found


def _touched(pks: Sequence[int], now: datetime) -> dict[tuple[int, int | None], datetime]:
    """Return by ticket and person when they did something about it last."""
    facts = EventRecord.objects.filter(
        subject="ticket", subject_id__in=pks, occurred_at__gt=now - LOOKED_BACK
    )
    rows = facts.values_list("subject_id", "actor_id").annotate(at=Max("occurred_at")).order_by()
    return {(ticket, actor): at for ticket, actor, at in rows if ticket}
