"""Changing what tickets say and who works on them, one or many at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, prefetch_related_objects
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.base import Event
from nova.events.bus import publish, publish_all
from tickets import rules
from tickets.events import TicketAssigned, TicketDeleted, TicketEdited, TicketRestored
from tickets.models import Ticket
from tickets.services.locking import hold, refuse_deleted, write_changed
from tickets.services.tagging import retag

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
MATRIX = {"impact", "urgency"}

# By field the value before and after, as JSON can hold them.
Changes = dict[str, list[Any]]


@transaction.atomic
def edit_ticket(
    ticket_id: int,
    changes: Mapping[str, Any],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> Ticket:
    """Set fields of a ticket, and exactly these `tags`, if they are stated.

    Impact and urgency set the priority anew. No change, no event.
    """
    ticket = hold(ticket_id, version=version)
    refuse_deleted(ticket)
    edit_held([ticket], changes, actor=actor, now=now)
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
    refuse_deleted(ticket)
    assign_held([ticket], people, reason=reason, actor=actor, now=now)
    return ticket


@transaction.atomic
def delete_ticket(ticket_id: int, *, actor: User, now: datetime, reason: str = "") -> Ticket:
    """Take a ticket out of every list. Nothing is lost: `restore_ticket` brings it back."""
    ticket = hold(ticket_id)
    refuse_deleted(ticket)
    ticket.deleted_at = now
    write_changed([ticket], ["deleted_at"], now=now)
    event = TicketDeleted(tenant_id=ticket.tenant_id, ticket_id=ticket.pk, reason=reason)
    publish(event, actor=actor, now=now)
    return ticket


@transaction.atomic
def restore_ticket(ticket_id: int, *, actor: User, now: datetime) -> Ticket:
    """Bring a deleted ticket back as it was."""
    ticket = hold(ticket_id)
    if ticket.deleted_at is None:
        raise Refused(_("%(ticket)s is not deleted.") % {"ticket": ticket.reference})
    ticket.deleted_at = None
    write_changed([ticket], ["deleted_at"], now=now)
    publish(TicketRestored(tenant_id=ticket.tenant_id, ticket_id=ticket.pk), actor=actor, now=now)
    return ticket


def edit_held(
    tickets: Sequence[Ticket], changes: Mapping[str, Any], *, actor: User, now: datetime
) -> None:
    """Set fields of tickets that the transaction holds and that are not deleted."""
    values = {name: value for name, value in changes.items() if name in EDITABLE}

    def edit(ticket: Ticket) -> Changes:
        changed = _apply(ticket, values)
        if changed.keys() & MATRIX:
            priority = rules.priority_of(ticket.impact, ticket.urgency)
            changed |= _apply(ticket, {"priority": priority})
        if "tags" in changes:
            changed |= retag(ticket, changes["tags"])
        return changed

    def edited(ticket: Ticket, changed: Changes) -> Event:
        return TicketEdited(tenant_id=ticket.tenant_id, ticket_id=ticket.pk, changes=changed)

    _know_relations(tickets, values)
    _change(tickets, edit, edited, actor=actor, now=now)


def assign_held(
    tickets: Sequence[Ticket],
    people: Mapping[str, Model | None],
    *,
    reason: str,
    actor: User,
    now: datetime,
) -> None:
    """Set who works on tickets that the transaction holds and that are not deleted.

    Raises `Refused` where another app objects.
    """
    for objection in objections(tickets, people, reason=reason, actor=actor, now=now).values():
        raise objection
    people_of = {ticket.pk: people for ticket in tickets}
    reasons = {ticket.pk: reason for ticket in tickets}
    assign_each(tickets, people_of, reasons=reasons, actor=actor, now=now)


def objections(
    tickets: Sequence[Ticket],
    people: Mapping[str, Model | None],
    *,
    reason: str,
    actor: User,
    now: datetime,
) -> dict[int, Refused]:
    """Ask other apps (`ASSIGN_GUARDS`) before a person assigns; return by ticket who objects."""
    found: dict[int, Refused] = {}
    for guard in settings.ASSIGN_GUARDS:
        found |= import_string(guard)(tickets, people, reason=reason, actor=actor, now=now)
    return found


def assign_each(
    tickets: Sequence[Ticket],
    people_of: Mapping[int, Mapping[str, Model | None]],
    *,
    reasons: Mapping[int, str],
    actor: User,
    now: datetime,
) -> None:
    """Set who works on each of such tickets, by its id."""

    def assigned(ticket: Ticket, changed: Changes) -> Event:
        return TicketAssigned(
            tenant_id=ticket.tenant_id,
            ticket_id=ticket.pk,
            changes=changed,
            reason=reasons.get(ticket.pk, ""),
        )

    def assign(ticket: Ticket) -> Changes:
        people = people_of[ticket.pk].items()
        return _apply(ticket, {name: value for name, value in people if name in ASSIGNABLE})

    names = {name for people in people_of.values() for name in people if name in ASSIGNABLE}
    _know_relations(tickets, names)
    _change(tickets, assign, assigned, actor=actor, now=now)


def _change(
    tickets: Sequence[Ticket],
    change: Callable[[Ticket], Changes],
    told: Callable[[Ticket, Changes], Event],
    *,
    actor: User,
    now: datetime,
) -> None:
    """Change each ticket; write those that are not as before, and publish a fact of each."""
    found = [(ticket, change(ticket)) for ticket in tickets]
    changed = [(ticket, changes) for ticket, changes in found if changes]
    if changed:
        names = {name for _, changes in changed for name in changes}
        columns = {field.attname for field in Ticket._meta.concrete_fields if field.name in names}
        write_changed([ticket for ticket, _ in changed], columns, now=now)
        publish_all([told(*each) for each in changed], actor=actor, now=now)


def _know_relations(tickets: Sequence[Ticket], names: Iterable[str]) -> None:
    """Read by one query for each relation what stands there before, because facts name it."""
    relations = [name for name in names if Ticket._meta.get_field(name).is_relation]
    prefetch_related_objects(tickets, *relations)


def _apply(ticket: Ticket, values: Mapping[str, Any]) -> Changes:
    """Set what differs; return it."""
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
