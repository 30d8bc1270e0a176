"""VIP handling by ticket, for an auditor: what was promised, what came of it, who acted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.accounts.choices import VipLevel
from nova.accounts.models import User
from nova.analytics.columns import offered
from nova.events.lens import hidden_names
from nova.events.models import EventRecord
from nova.tenancy.fence import inside
from tickets.choices import Status, VipSource
from tickets.models import Rating, Ticket, TicketQuerySet
from tickets.reading import names_of
from tickets.sentences import people_in, sentence
from vip.reports.writing import Writer

CHUNK = 200
NAMED = 2  # the first cells of a line, which are its heading
OWN = (
    *(gettext_lazy("reference"), gettext_lazy("title"), gettext_lazy("status")),
    *(gettext_lazy("level"), gettext_lazy("source"), gettext_lazy("reasons")),
    *(gettext_lazy("for whom"), gettext_lazy("sent by"), gettext_lazy("assignee")),
    *(gettext_lazy("opened"), gettext_lazy("responded"), gettext_lazy("resolved")),
    *(gettext_lazy("time to respond"), gettext_lazy("time to resolve"), gettext_lazy("rating")),
)
ACTED = (gettext_lazy("who acted"), gettext_lazy("acts in another's name"))


@dataclass(frozen=True)
class AskedHandling:
    """Whose report: of VIPs' tickets opened within days of a zone (both inclusive)."""

    viewer: User
    since: date
    until: date
    zone: ZoneInfo
    now: datetime

    def tickets(self) -> TicketQuerySet:
        midnights = (self.since, self.until + timedelta(days=1))
        since, until = (datetime.combine(day, time(), self.zone) for day in midnights)
        found = Ticket.objects.visible_to(self.viewer).exclude(vip_level="")
        return found.filter(opened_at__gte=since, opened_at__lt=until).select_related(
            "requester", "submitted_by", "assignee"
        )

    def heads(self) -> list[str]:
        """Return what the columns are called, those of other apps in their place."""
        added = [head for columns in offered(self.viewer.has_perm) for head in columns.heads]
        return [str(head) for head in (*OWN, *added, *ACTED)]


class Acts(NamedTuple):
    """Who did something on a ticket, and what was done in another's name, in words."""

    people: str
    by_delegates: str


def every_line(asked: AskedHandling, write: Writer, chunk: int = CHUNK) -> Iterator[list[Any]]:
    """Yield the cells of each ticket, as `write` has them, in the order of opening.

    A file outlives the request's transaction, so each chunk opens one of its own.
    """
    last: tuple[datetime, int] | None = None
    while True:
        with inside(asked.viewer.tenant_id):
            page = _page(asked.tickets(), last, chunk)
            lines = lines_of(page, asked, write)
        yield from lines
        if len(page) < chunk:
            return
        last = page[-1].opened_at, page[-1].pk


def lines_of(page: Sequence[Ticket], asked: AskedHandling, write: Writer) -> list[list[Any]]:
    """Return the written cells of these tickets, with as many queries for few as for many."""
    ids = [ticket.pk for ticket in page]
    scores = dict(Rating.objects.filter(ticket__in=ids).values_list("ticket_id", "score"))
    added = [(columns, columns.read(ids, asked.now)) for columns in offered(asked.viewer.has_perm)]
    acts = _acts_on(ids, asked, write)
    return [
        [
            *map(write, _own(ticket, scores.get(ticket.pk))),
            *(
                write(cell)
                for columns, cells in added
                for cell in cells.get(ticket.pk, [""] * len(columns.heads))
            ),
            *acts.get(ticket.pk, Acts("", "")),
        ]
        for ticket in page
    ]


def _page(tickets: TicketQuerySet, last: tuple[datetime, int] | None, chunk: int) -> list[Ticket]:
    if last:
        later = tickets.filter(opened_at__gt=last[0])
        tickets = later | tickets.filter(opened_at=last[0], pk__gt=last[1])
    return list(tickets.order_by("opened_at", "pk")[:chunk])


def _own(ticket: Ticket, score: int | None) -> Iterator[Any]:
    yield from (ticket.reference, ticket.title, Status(ticket.status).label)
    source = ticket.vip_trigger_source
    yield from (VipLevel(ticket.vip_level).label, VipSource(source).label if source else "")
    yield "; ".join(ticket.vip_reasons)
    people = (ticket.requester, ticket.submitted_by, ticket.assignee)
    yield from (str(person) if person else "" for person in people)
    yield from (ticket.opened_at, ticket.responded_at, ticket.resolved_at)
    for at in (ticket.responded_at, ticket.resolved_at):
        yield at - ticket.opened_at if at else None
    yield score


def _acts_on(ids: Sequence[int], asked: AskedHandling, write: Writer) -> dict[int, Acts]:
    """Return by ticket who acted, each once, and every act in another's name."""
    records = EventRecord.objects.filter(subject="ticket", subject_id__in=ids).order_by("pk")
    records = records.exclude(name__in=hidden_names(asked.viewer.has_perm))
    told: dict[int, list[EventRecord]] = {}
    for record in records.select_related("actor", "on_behalf_of"):
        told.setdefault(record.subject_pk, []).append(record)
    delegated = [r for found in told.values() for r in found if r.on_behalf_of_id]
    names = names_of({pk for record in delegated for pk in people_in(record.payload)})
    return {pk: _acts(found, names, write) for pk, found in told.items()}


def _acts(records: Sequence[EventRecord], names: dict[int, str], write: Writer) -> Acts:
    people = dict.fromkeys(_who(record) for record in records)
    acts = [
        f"{write(record.occurred_at)} {_who(record)} {_said(record, names)}"
        for record in records
        if record.on_behalf_of_id
    ]
    return Acts("; ".join(people), "; ".join(acts))


def _who(record: EventRecord) -> str:
    if not record.on_behalf_of:
        return str(record.actor)
    return _("%(who)s for %(whom)s") % {"who": record.actor, "whom": record.on_behalf_of}


def _said(record: EventRecord, names: dict[int, str]) -> str:
    return sentence(record.name, {**record.payload, "actor_id": record.actor_id}, names)
