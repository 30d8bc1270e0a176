"""Changing what a ticket says and who works on it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.base import Event
from nova.events.bus import publish
from tickets import rules
from tickets.events import TicketAssigned, TicketDeleted, TicketEdited, TicketRestored
from tickets.models import Ticket
from tickets.services.locking import hold

EDITABLE = {
    "title",
    "description",
    "kind",
    "type",
    "impact",
    "urgency",
    "category",
    "subcategory",
    "module",
    "department",
    "service",
    "region",
    "site",
    "location",
    "custom_fields",
}
ASSIGNABLE = {"assignee", "backup", "team"}


@transaction.atomic
def edit_ticket(
    ticket_id: int,
    changes: Mapping[str, Any],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> Ticket:
    """Set fields of a ticket. Impact and urgency set the priority anew. No change, no event."""
    ticket = hold(ticket_id, version=version)
    _refuse_deleted(ticket)
    changed = _apply(ticket, {k: v for k, v in changes.items() if k in EDITABLE})
    if changed.keys() & {"impact", "urgency"}:
        priority = rules.priority_of(ticket.impact, ticket.urgency)
        changed |= _apply(ticket, {"priority": priority})
    if changed:
        event = TicketEdited(tenant_id=ticket.tenant_id, ticket_id=ticket.pk, changes=changed)
        _save(ticket, changed, event, actor=actor, now=now)
    return ticket


@transaction.atomic
def assign_ticket(
    ticket_id: int,
    people: Mapping[str, Model | None],
    *,
    actor: User,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Ticket:
    """Set assignee, backup or team, each by its name. No change, no event."""
    ticket = hold(ticket_id, version=version)
    _refuse_deleted(ticket)
    changed = _apply(ticket, {k: v for k, v in people.items() if k in ASSIGNABLE})
    if changed:
        event = TicketAssigned(
            tenant_id=ticket.tenant_id, ticket_id=ticket.pk, changes=changed, reason=reason
        )
        _save(ticket, changed, event, actor=actor, now=now)
    return ticket


@transaction.atomic
def delete_ticket(ticket_id: int, *, actor: User, now: datetime, reason: str = "") -> Ticket:
    """Take a ticket out of every list. Nothing is lost: `restore_ticket` brings it back."""
    ticket = hold(ticket_id)
    _refuse_deleted(ticket)
    ticket.deleted_at = now
    event = TicketDeleted(tenant_id=ticket.tenant_id, ticket_id=ticket.pk, reason=reason)
    _save(ticket, ["deleted_at"], event, actor=actor, now=now)
    return ticket


@transaction.atomic
def restore_ticket(ticket_id: int, *, actor: User, now: datetime) -> Ticket:
    """Bring a deleted ticket back as it was."""
    ticket = hold(ticket_id)
    if ticket.deleted_at is None:
        raise Refused(_("%(ticket)s is not deleted.") % {"ticket": ticket.reference})
    ticket.deleted_at = None
    event = TicketRestored(tenant_id=ticket.tenant_id, ticket_id=ticket.pk)
    _save(ticket, ["deleted_at"], event, actor=actor, now=now)
    return ticket


def _apply(ticket: Ticket, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set what differs; return by field the value before and after, as JSON can hold them."""
    changed = {}
    for name, value in values.items():
        before = getattr(ticket, name)
        if before != value:
            setattr(ticket, name, value)
            changed[name] = [_plain(before), _plain(value)]
    return changed


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return {"id": value.pk, "name": str(value)}
    return value.isoformat() if isinstance(value, date) else value


def _save(
    ticket: Ticket,
    names: Mapping[str, Any] | list[str],
    event: Event,
    *,
    actor: User,
    now: datetime,
) -> None:
    ticket.version += 1
    ticket.updated_at = now
    ticket.save(update_fields=[*names, "version", "updated_at"])
    publish(event, actor=actor, now=now)


def _refuse_deleted(ticket: Ticket) -> None:
    if ticket.deleted_at is not None:
        raise Refused(_("%(ticket)s is deleted. Restore it first.") % {"ticket": ticket.reference})
