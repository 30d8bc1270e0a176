"""How it was, in one answer of the requester's side."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from tickets import rules
from tickets.events import TicketRated
from tickets.models import Rating, Ticket
from tickets.services.locking import hold, refuse_deleted


class RatingRefused(Refused):
    """The ticket is not solved, was a duplicate, or was answered for good."""


@transaction.atomic
def rate_ticket(
    ticket_id: int,
    score: int,
    comment: str = "",
    *,
    actor: User,
    now: datetime,
    on_behalf_of: User | None = None,
) -> Rating:
    """Keep what the requester's side says of how it was; within a day it may be changed.

    `on_behalf_of` is the requester in whose name the actor answers. Raises `RatingRefused`.
    """
    ticket = hold(ticket_id)  # two answers at once are one, and its change
    rating = Rating.objects.filter(ticket=ticket).first()
    _check(ticket, rating, now)
    before = rating.score if rating else 0
    rating = rating or Rating(tenant_id=ticket.tenant_id, ticket=ticket, rated_at=now)
    rating.score, rating.comment = score, comment
    rating.rated_by, rating.on_behalf_of = actor, on_behalf_of
    rating.save()
    event = TicketRated(
        tenant_id=ticket.tenant_id, ticket_id=ticket.pk, score=score, before=before
    )
    publish(event, actor=actor, on_behalf_of=on_behalf_of, now=now)
    return rating


def _check(ticket: Ticket, rating: Rating | None, now: datetime) -> None:
    refuse_deleted(ticket)
    names = {"ticket": ticket.reference}
    if ticket.merged_into_id:
        raise RatingRefused(_("%(ticket)s was a duplicate, and is not asked about.") % names)
    if not ticket.is_done:
        raise RatingRefused(_("%(ticket)s is not solved yet.") % names)
    if not rules.takes_rating(rating.rated_at if rating else None, now):
        raise RatingRefused(_("%(ticket)s was answered more than a day ago.") % names)
