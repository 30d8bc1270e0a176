"""Read whom tickets are for by what people write on them. It writes nothing."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from nova.accounts.choices import PersonKind, ProxyScope
from nova.accounts.models import Proxy, User
from nova.cosmo.naming import Directory, Known, spellings_of
from nova.cosmo.rules import Mention, mentions_in
from nova.events.models import EventRecord
from tickets.events import CommentAdded, TicketOpened
from tickets.models import Comment, Ticket
from vip.gathering import gather
from vip.judging import Trust, Verdict, verdict_on
from vip.models import Recognition, VipSettings
from vip.rules import Standing, strength

# VIPs whose names are known, and others who are called like those who are mentioned.
MOST_VIPS, MOST_NAMESAKES = 5000, 1000
DESK = "tickets.move_ticket"


@dataclass(frozen=True)
class Saying:
    """What somebody wrote on an open ticket, for those whom it is for by now."""

    ticket: Ticket
    author: User
    text: str
    said_at: datetime
    comment: Comment | None = None


def sayings_of(records: Sequence[EventRecord]) -> list[Saying]:
    """Return what is said by new tickets and by requesters' replies, in its order."""
    told = [(record.event(), record) for record in records]
    opened = {e.ticket_id for e, _ in told if isinstance(e, TicketOpened)}
    replies = {e.comment_id: e for e, _ in told if isinstance(e, CommentAdded) and e.is_theirs}
    ids = opened.union(event.ticket_id for event in replies.values())
    concerned = Ticket.objects.unresolved().select_related("requester", "submitted_by")
    tickets = concerned.in_bulk(ids) if ids else {}
    written = Comment.objects.select_related("author")
    comments = written.in_bulk(list(replies)) if replies else {}
    said = (_saying(event, record, tickets, comments) for event, record in told)
    return [saying for saying in said if saying]


def _saying(
    event: object,
    record: EventRecord,
    tickets: dict[int, Ticket],
    comments: dict[int, Comment],
) -> Saying | None:
    if isinstance(event, TicketOpened) and event.ticket_id in tickets:
        ticket = tickets[event.ticket_id]
        text = f"{ticket.title}\n\n{ticket.description}"
        return Saying(ticket, _author(ticket, ticket.submitted_by), text, record.occurred_at)
    if isinstance(event, CommentAdded) and event.ticket_id in tickets:
        comment = comments.get(event.comment_id)
        if comment:
            ticket = tickets[event.ticket_id]
            author = _author(ticket, comment.author)
            return Saying(ticket, author, comment.body, record.occurred_at, comment)
    return None


def _author(ticket: Ticket, writer: User) -> User:
    """Return whose words they are: what a program sends is its requester's."""
    return writer if writer.kind == PersonKind.PERSON else ticket.requester


def recognitions_in(said: Sequence[Saying], settled: VipSettings) -> Iterator[Recognition]:
    """Yield what Cosmo makes of what is said: unsaved, one for each ticket and person.

    As many queries for many sayings as for one, as long as they mention no VIP.
    """
    if not said:
        return
    vips = _vips(settled.tenant_id)
    directory = Directory(vips.values())
    for saying in said:
        apart_from = {saying.ticket.requester_id, saying.author.pk}
        found = mentions_in(saying.text, directory, apart_from=apart_from)
        if any(mention.confidence >= settled.propose_from for mention in found):
            yield from _judged(saying, [vips[m.person_id] for m in found], settled)


def _vips(tenant_id: int) -> dict[int, Known]:
    people = User.objects.active().filter(tenant=tenant_id, kind=PersonKind.PERSON)
    named = people.exclude(vip_level="").values_list("pk", "name", "title")
    return {pk: Known(pk, name, title) for pk, name, title in named.order_by("pk")[:MOST_VIPS]}


def _judged(saying: Saying, known: Sequence[Known], settled: VipSettings) -> Iterator[Recognition]:
    """Judge the mentions anew, beside all who are called alike: then it is known who is unique."""
    vips = {person.id for person in known}
    directory = Directory([*known, *_namesakes(known, saying.ticket.tenant_id)])
    apart_from = {saying.ticket.requester_id, saying.author.pk}
    mentions = mentions_in(saying.text, directory, apart_from=apart_from)
    people = [saying.ticket.requester_id, *vips]
    standings = gather(people, at=saying.said_at).standings(saying.said_at)
    for mention in mentions:
        if mention.person_id in vips and standings[mention.person_id].level:
            verdict = _verdict(saying, mention, settled)
            if verdict and _would_count(saying, mention, standings, verdict):
                level = standings[mention.person_id].level
                yield _recognition(saying, mention, level, verdict)


def _namesakes(known: Collection[Known], tenant_id: int) -> list[Known]:
    """Return who is no VIP, and is called as one of these is."""
    alike = [way for person in known for way in _alike(person)]
    people = User.objects.active().filter(tenant=tenant_id, kind=PersonKind.PERSON)
    others = people.filter(reduce(or_, alike)).exclude(pk__in=[person.id for person in known])
    named = others.order_by("pk").values_list("pk", "name", "title")
    return [Known(*row) for row in named[:MOST_NAMESAKES]]


def _alike(person: Known) -> Iterator[Q]:
    words = person.name.split()
    if words:
        yield Q(name__iexact=person.name)
        yield Q(name__istartswith=f"{words[0]} ") | Q(name__iendswith=f" {words[-1]}")
    for title in spellings_of(person.title):
        if title:
            yield Q(title__iexact=title)


def _verdict(saying: Saying, mention: Mention, settled: VipSettings) -> Verdict | None:
    author, at = saying.author, saying.said_at
    return verdict_on(
        mention,
        trust_in(author, mention.person_id, at=at),
        Recognition.objects.applied_lately(author.pk, at).count(),
        settled.sure_from,
        settled.propose_from,
    )


def trust_in(author: User, person_id: int, *, at: datetime) -> Trust:
    """Return why the word of an author counts for a person."""
    if author.has_perm(DESK):
        return Trust.DESK
    proxies = Proxy.objects.in_force(at).with_scope(ProxyScope.SUBMIT)
    if proxies.filter(person=person_id, proxy=author).exists():
        return Trust.PROXY
    return Trust.REPORTS if author.manager_id == person_id else Trust.NONE


def _would_count(
    saying: Saying, mention: Mention, standings: dict[int, Standing], verdict: Verdict
) -> bool:
    """Say whether there is anything to ask: not where the requester's own level is as strong."""
    own, theirs = (standings[pk] for pk in (saying.ticket.requester_id, mention.person_id))
    return verdict.is_sure or strength(theirs.level) > strength(own.level)


def _recognition(saying: Saying, mention: Mention, level: str, verdict: Verdict) -> Recognition:
    parts = [
        {"name": part.name, "amount": float(part.amount), "reason": part.reason}
        for part in mention.parts
    ]
    return Recognition(
        tenant_id=saying.ticket.tenant_id,
        ticket=saying.ticket,
        comment=saying.comment,
        person_id=mention.person_id,
        author=saying.author,
        level=level,
        words=mention.words,
        confidence=mention.confidence,
        parts=parts,
        is_sure=verdict.is_sure,
        because=verdict.because,
        created_at=saying.said_at,
    )
