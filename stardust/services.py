"""The verbs of Stardust: the only code that writes its ledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.choices import PersonKind
from nova.accounts.models import User
from nova.events.bus import publish, publish_all
from nova.events.models import EventRecord
from stardust import rules
from stardust.choices import EntryKind
from stardust.events import (
    BonusEarned,
    BonusTakenBack,
    EntryEvent,
    StardustEarned,
    StardustJoined,
    StardustLeft,
    StardustTakenBack,
)
from stardust.models import Entry, OptOut
from stardust.moments import Moment
from stardust.reading import day_of
from stardust.rules import Earning, Rules

TOLD: dict[tuple[str, bool], type[EntryEvent]] = {
    (EntryKind.EARNED, False): StardustEarned,
    (EntryKind.EARNED, True): BonusEarned,
    (EntryKind.TAKEN_BACK, False): StardustTakenBack,
    (EntryKind.TAKEN_BACK, True): BonusTakenBack,
}
DAY = ("person", "day", "is_bonus")
# A person's day, its bonuses apart; and by it points, each with the fact that took them back.
Day = tuple[int, date, bool]
Span = tuple[datetime, datetime | None]  # that has begun, and has perhaps ended
Stood = dict[Day, list[tuple[int, int | None]]]


@transaction.atomic
def earn(moments: Sequence[Moment], counting: Rules, *, actor: User, now: datetime) -> list[Entry]:
    """Write down what resolved tickets bring to those who had them, once for each moment.

    A service account earns nothing, nor does who takes no part, and nobody is told of it.
    """
    people = _held({moment.assignee_id for moment in moments if moment.assignee_id})
    facts = {moment.fact.pk for moment in moments}
    known = Entry.objects.filter(fact__in=facts, kind=EntryKind.EARNED)
    written = set(known.values_list("fact_id", flat=True))
    left = _left(people)
    earners = [
        (moment, people[moment.assignee_id])
        for moment in moments
        if moment.fact.pk not in written
        and moment.assignee_id in people
        and not _is_within(left[moment.assignee_id], moment.fact.occurred_at)
    ]
    days = _earned_on(
        [day_of(person, moment.fact.occurred_at) for moment, person in earners], people
    )
    entries = [
        entry for moment, person in earners for entry in _entries(moment, person, counting, days)
    ]
    return _write(entries, actor, now)


@transaction.atomic
def take_back(reopened: Sequence[EventRecord], *, actor: User, now: datetime) -> list[Entry]:
    """Take back, once, what reopened tickets had brought before these facts, oldest first."""
    tickets = {fact.subject_pk for fact in reopened}
    standing = Entry.objects.filter(
        ticket__in=tickets, kind=EntryKind.EARNED, points__gt=0, counters=None
    )
    people = _held(standing.values_list("person_id", flat=True))
    counters = []
    for entry in standing.select_related("ticket").order_by("pk"):
        since = (f for f in reopened if f.subject_pk == entry.ticket_id and f.pk > entry.fact_id)
        fact = next(since, None)
        if fact is not None:
            counters.append(_counter(entry, fact, people[entry.person_id]))
    return _write(counters, actor, now)


@transaction.atomic
def opt_out(*, actor: User, now: datetime) -> None:
    """Take no part any more, from now on. What was earned stays. No change, no event."""
    _row, is_new = OptOut.objects.get_or_create(
        person=actor, until=None, defaults={"tenant_id": actor.tenant_id, "since": now}
    )
    if is_new:
        event = StardustLeft(tenant_id=actor.tenant_id, person_id=actor.pk)
        publish(event, actor=actor, now=now)


@transaction.atomic
def opt_in(*, actor: User, now: datetime) -> None:
    """Take part again, from now on. No change, no event."""
    if OptOut.objects.standing().filter(person=actor).update(until=now):
        event = StardustJoined(tenant_id=actor.tenant_id, person_id=actor.pk)
        publish(event, actor=actor, now=now)


def _held(ids: Iterable[int]) -> dict[int, User]:
    """Return people whom nobody else writes entries for until the transaction ends.

    So two workers neither write one fact twice nor both use up the last of a day.
    """
    people = User.objects.filter(pk__in=set(ids), kind=PersonKind.PERSON).order_by("pk")
    return {person.pk: person for person in people.select_for_update(no_key=True)}


def _left(people: Iterable[int]) -> dict[int, list[Span]]:
    """Return by person when they took no part."""
    spans: dict[int, list[Span]] = defaultdict(list)
    found = OptOut.objects.filter(person__in=people)
    for person_id, since, until in found.values_list("person_id", "since", "until"):
        spans[person_id].append((since, until))
    return spans


def _is_within(spans: Iterable[Span], at: datetime) -> bool:
    return any(since <= at and (until is None or at < until) for since, until in spans)


def _earned_on(days: Iterable[date], people: Iterable[int]) -> Stood:
    """Return what people have earned on these days."""
    found = Entry.objects.filter(person__in=people, day__in=set(days), kind=EntryKind.EARNED)
    stood: Stood = defaultdict(list)
    for *key, points, back in found.values_list(*DAY, "points", "counters__fact"):
        person_id, day, is_bonus = key
        stood[person_id, day, is_bonus].append((points, back))
    return stood


def _entries(moment: Moment, person: User, counting: Rules, days: Stood) -> Iterator[Entry]:
    """Yield what a moment brings to a person; `days` grow by it.

    What was taken back before makes room in its day again.
    """
    day, back = day_of(person, moment.fact.occurred_at), moment.reopened
    for is_bonus, decide in ((False, rules.earned), (True, rules.bonus)):
        stood = days[person.pk, day, is_bonus]
        today = sum(points for points, gone in stood if gone is None or gone > moment.fact.pk)
        earning: Earning | None = decide(moment.resolved, counting, earned_today=today)
        if earning is not None:
            stood.append((earning.points, back.pk if back else None))
            yield Entry(
                tenant_id=person.tenant_id,
                person=person,
                ticket=moment.ticket,
                fact=moment.fact,
                kind=EntryKind.EARNED,
                is_bonus=is_bonus,
                points=earning.points,
                words=earning.words,
                day=day,
                at=moment.fact.occurred_at,
            )


def _counter(entry: Entry, fact: EventRecord, person: User) -> Entry:
    words = _("Taken back: %(ticket)s was reopened.") % {"ticket": entry.ticket.reference}
    return Entry(
        tenant_id=entry.tenant_id,
        person=person,
        ticket=entry.ticket,
        fact=fact,
        kind=EntryKind.TAKEN_BACK,
        is_bonus=entry.is_bonus,
        points=-entry.points,
        words=words,
        takes_back=entry,
        day=day_of(person, fact.occurred_at),
        at=fact.occurred_at,
    )


def _write(entries: Sequence[Entry], actor: User, now: datetime) -> list[Entry]:
    written = Entry.objects.bulk_create(entries)
    facts = [
        TOLD[entry.kind, entry.is_bonus](
            tenant_id=entry.tenant_id,
            entry_id=entry.pk,
            person_id=entry.person_id,
            ticket_id=entry.ticket_id,
            points=entry.points,
        )
        for entry in written
    ]
    if facts:
        publish_all(facts, actor=actor, now=now)
    return written
