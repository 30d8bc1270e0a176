"""In whose name somebody acts on a ticket, and whether they may. Pure: no queries of its own.

This is about requesters and who acts for them. The desk acts as the desk, by its permissions.
"""

from nova.accounts.choices import ProxyScope
from nova.accounts.models import User
from tickets.models import Ticket

FOR_OTHERS = "tickets.open_for_others"


def may_open_for(person_id: int, user: User) -> bool:
    """Say whether `user` may open tickets that are for this person."""
    is_own = person_id == user.pk or user.has_perm(FOR_OTHERS)
    return is_own or ProxyScope.SUBMIT in user.stands_for.get(person_id, ())


def may_answer(ticket: Ticket, user: User) -> bool:
    """Say whether `user` may speak, confirm and reopen as the ticket's requester would."""
    if ticket.requester_id == user.pk:
        return True
    if ticket.submitted_by_id == user.pk and user.has_perm(FOR_OTHERS):
        return True
    return ProxyScope.REPLY in user.stands_for.get(ticket.requester_id, ())


def person_behind(ticket: Ticket, user: User) -> User | None:
    """Return in whose name `user` acts on a ticket as its requester would; None: in their own."""
    return None if ticket.requester_id == user.pk else ticket.requester


def may_rate(ticket: Ticket, user: User) -> bool:
    """Say whether `user` may say how it was: the requester's side, and never who did the work.

    Who sends tickets for anybody is of the desk, and would judge its own work.
    """
    is_own = ticket.requester_id == user.pk
    stands = ProxyScope.REPLY in user.stands_for.get(ticket.requester_id, ())
    return (is_own or stands) and ticket.assignee_id != user.pk
