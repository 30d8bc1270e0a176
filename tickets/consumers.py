"""Whom the desk tells of what, after the commit. Wired in `nova.settings`.

Requesters are told the same words whoever they are: nothing here knows of VIPs or clocks.
"""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from nova.accounts.choices import PersonKind, ProxyScope
from nova.accounts.events import RecordChanged
from nova.accounts.models import Proxy, User
from nova.events.models import EventRecord
from nova.events.nudge import wake
from nova.notifications.choices import Channel
from nova.notifications.services import notify
from tickets.choices import Status
from tickets.events import CommentAdded, TicketAssigned, TicketMoved, TicketOpened
from tickets.models import Comment, Ticket, Watcher
from tickets.proxies import FOR_OTHERS
from tickets.services.weights import FOLLOW_WEIGHTS
from tickets.survey import asked_by_mail, link_for

IN_APP = (Channel.IN_APP,)
BOTH = (Channel.IN_APP, Channel.EMAIL)
TOLD = {
    Status.RESOLVED: "tickets/mail/resolved",
    Status.AWAITING_CUSTOMER: "tickets/mail/waiting_for_you",
}


def follow_desk(event: RecordChanged, record: EventRecord) -> None:
    """Have open tickets brought in step with how the desk weighs them now."""
    if event.record == "tickets.desksettings":
        transaction.on_commit(partial(wake, FOLLOW_WEIGHTS, record.tenant_id), robust=True)


def confirm_receipt(event: TicketOpened, record: EventRecord) -> None:
    """Tell the requester's side that the desk has it, and under which name."""
    ticket = Ticket.objects.select_related("requester", "submitted_by").get(pk=event.ticket_id)
    people = _requesters(ticket, record)
    _tell(people, ticket, record, "tickets/mail/received", channels=[Channel.EMAIL])


def pass_on_comment(event: CommentAdded, record: EventRecord) -> None:
    """Pass a reply to its reader: the requester, or those who work on the ticket or watch it."""
    comments = Comment.objects.select_related("ticket__submitted_by", "author")
    comment = comments.get(pk=event.comment_id)
    ticket = comment.ticket
    words = {"author": comment.author.name, "body": comment.body}
    if not event.is_theirs:
        people = _requesters(ticket, record)
        _tell(people, ticket, record, "tickets/mail/replied", words=words)
    desk = [person for person in _desk(ticket) if person.pk != comment.author_id]
    _tell(desk, ticket, record, "tickets/mail/said", channels=IN_APP, is_desk=True, words=words)


def tell_stage(event: TicketMoved, record: EventRecord) -> None:
    """Tell the requester when it is solved, and when the desk waits for them."""
    template = TOLD.get(Status(event.after))
    if template:
        ticket = Ticket.objects.select_related("submitted_by").get(pk=event.ticket_id)
        people = _requesters(ticket, record)
        people = [person for person in people if person.pk != record.actor_id]
        _tell(people, ticket, record, template, channels=IN_APP)
        is_solved = event.after == Status.RESOLVED
        asked = asked_by_mail(ticket, record.occurred_at) if is_solved else set()
        for person in people:  # each with a link of their own
            words = {"rate_url": link_for(ticket, person)} if person.pk in asked else {}
            _tell([person], ticket, record, template, channels=[Channel.EMAIL], words=words)


def tell_assignee(event: TicketAssigned, record: EventRecord) -> None:
    """Tell a person that a ticket is theirs now, unless they took it themselves."""
    ticket = Ticket.objects.select_related("assignee").get(pk=event.ticket_id)
    is_news = "assignee" in event.changes and ticket.assignee_id != record.actor_id
    if is_news and ticket.assignee:
        template = "tickets/mail/assigned"
        _tell([ticket.assignee], ticket, record, template, channels=IN_APP, is_desk=True)


def _requesters(ticket: Ticket, record: EventRecord) -> list[User]:
    """Return whom it is for, and who of those who act for them saw it when it happened.

    Who was dismissed since is not told any more, however late this is read.
    """
    acting = Proxy.objects.filter(person=ticket.requester_id).in_force(record.occurred_at)
    sender = ticket.submitted_by
    told = Q(pk=ticket.requester_id) | Q(
        pk__in=acting.with_scope(ProxyScope.VIEW).values("proxy_id")
    )
    if sender.has_perm(FOR_OTHERS) or acting.filter(proxy=sender).exists():
        told |= Q(pk=sender.pk)
    return list(User.objects.active().filter(told, kind=PersonKind.PERSON).order_by("pk"))


def _desk(ticket: Ticket) -> Iterable[User]:
    watching = Watcher.objects.filter(ticket=ticket).values("person_id")
    people = User.objects.active().with_permission("tickets.view_ticket")
    return people.filter(Q(pk__in=watching) | Q(pk__in=[ticket.assignee_id]))


def _tell(
    people: Iterable[User],
    ticket: Ticket,
    record: EventRecord,
    template: str,
    *,
    channels: Iterable[str] = BOTH,
    is_desk: bool = False,
    words: dict[str, str] | None = None,
) -> None:
    page = "tickets:ticket" if is_desk else "portal:ticket"
    notify(
        people,
        template=template,
        context={"reference": ticket.reference, "title": ticket.title, **(words or {})},
        channels=channels,
        record=record,
        link=reverse(page, args=[ticket.reference]),
    )
