"""One change to many tickets: each by its own verb, so that each keeps its rules and events."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from nova.errors import Refused
from tickets.models import Ticket
from tickets.services.editing import ASSIGNABLE, EDITABLE, assign_ticket, edit_ticket
from tickets.services.moving import move_ticket

RESOLUTION = {"resolution", "resolution_code"}


def edit_many(
    tickets: Iterable[Ticket], changes: Mapping[str, Any], *, actor: User, now: datetime
) -> dict[str, str]:
    """Apply `changes` (fields, people, `to` a stage) to each ticket.

    Returns by reference why a ticket refused; one that refused stays wholly as it was.
    """
    refused = {}
    for ticket in tickets:
        try:
            with transaction.atomic():
                _edit_one(ticket.pk, changes, actor=actor, now=now)
        except Refused as error:
            refused[ticket.reference] = str(error)
    return refused


def _edit_one(ticket_id: int, changes: Mapping[str, Any], *, actor: User, now: datetime) -> None:
    fields = {name: changes[name] for name in changes.keys() & EDITABLE}
    people = {name: changes[name] for name in changes.keys() & ASSIGNABLE}
    reason = changes.get("reason", "")
    if fields:
        edit_ticket(ticket_id, fields, actor=actor, now=now)
    if people:
        assign_ticket(ticket_id, people, reason=reason, actor=actor, now=now)
    if "to" in changes:
        said = {name: changes[name] for name in changes.keys() & RESOLUTION}
        move_ticket(ticket_id, changes["to"], reason=reason, actor=actor, now=now, **said)
