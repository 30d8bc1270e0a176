"""One change to many tickets at once, by the very verbs that change one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from tickets.models import Ticket
from tickets.services.editing import (
    ASSIGNABLE,
    EDITABLE,
    assign_each,
    edit_held,
    objections,
)
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
    acting: dict[str, Any] = {"actor": actor, "now": now}
    reason = changes.get("reason", "")
    if changes.keys() & ASSIGNABLE:
        objected = objections(willing, changes, reason=reason, **acting)
        refused |= {t.reference: str(objected[t.pk]) for t in willing if t.pk in objected}
        willing = [ticket for ticket in willing if ticket.pk not in objected]
    if changes.keys() & EDITABLE:
        edit_held(willing, changes, **acting)
    if changes.keys() & ASSIGNABLE:
        people_of = {ticket.pk: changes for ticket in willing}
        assign_each(willing, people_of, reasons=dict.fromkeys(people_of, reason), **acting)
    if move:
        move_held(willing, move, **acting)
    return refused


def _move_in(changes: Mapping[str, Any]) -> Move | None:
    words = {name: changes[name] for name in WORDS if name in changes}
    return Move(**words) if "to" in words else None


def _refused(tickets: Sequence[Ticket], move: Move | None, now: datetime) -> dict[str, str]:
    """Return why tickets refuse, before anything is done to any of them."""
    found = refusals(tickets, move, now=now) if move else deletions(tickets)
    return {ticket.reference: str(found[ticket.pk]) for ticket in tickets if ticket.pk in found}
