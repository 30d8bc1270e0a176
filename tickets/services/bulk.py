"""One change to many tickets at once, by the very verbs that change one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from tickets.models import Ticket
from tickets.services.editing import ASSIGNABLE, EDITABLE, assign_held, edit_held
from tickets.services.locking import deletions, hold_all
from tickets.services.moving import Move, move_held, refusals

WORDS = ("to", "reason", "resolution", "resolution_code")


@transaction.atomic
def edit_many(
    ticket_ids: Iterable[int], changes: Mapping[str, Any], *, actor: User, now: datetime
) -> dict[str, str]:
    """Apply `changes` (fields, people, `to` a stage) to each ticket.

    Returns by reference why a ticket refused; one that refused stays wholly as it was.
    """
    move = _move_in(changes)
    held = hold_all(ticket_ids)
    refused = _refused(held, move, now)
    willing = [ticket for ticket in held if ticket.reference not in refused]
    if changes.keys() & EDITABLE:
        edit_held(willing, changes, actor=actor, now=now)
    if changes.keys() & ASSIGNABLE:
        reason = changes.get("reason", "")
        assign_held(willing, changes, reason=reason, actor=actor, now=now)
    if move:
        move_held(willing, move, actor=actor, now=now)
    return refused


def _move_in(changes: Mapping[str, Any]) -> Move | None:
    words = {name: changes[name] for name in WORDS if name in changes}
    return Move(**words) if "to" in words else None


def _refused(tickets: Sequence[Ticket], move: Move | None, now: datetime) -> dict[str, str]:
    """Return why tickets refuse, before anything is done to any of them."""
    found = refusals(tickets, move, now=now) if move else deletions(tickets)
    return {ticket.reference: str(found[ticket.pk]) for ticket in tickets if ticket.pk in found}
