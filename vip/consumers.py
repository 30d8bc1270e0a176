"""What VIP status does after the commit, in the order of events. Wired in `nova.settings`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nova.accounts import events as accounts
from nova.accounts.events import GroupDeleted, GroupEdited, GroupMembershipChanged, RecordChanged
from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.events.base import Event
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
from tickets.choices import Status
from tickets.events import TicketEdited, TicketMoved, TicketRestored
from tickets.models import Ticket
from vip import services
from vip.events import VipRevoked
from vip.models import Designation
from vip.services.reassessments import AT_ONCE

# What of a person decides on their level: to what they belong, and what rules look at.
DECISIVE = {"department", "site", "floor", "title"}
# Rules look at names, so that a new name of such a thing may concern everybody in it.
NAMED = {"accounts.department": "department", "accounts.site": "site"}


def apply_designation(event: Event, record: EventRecord) -> None:
    """Bring people and open tickets in step with a designation that was made or revoked."""
    designation = Designation.objects.named().get(pk=record.subject_pk)
    if designation.starts_at <= record.occurred_at:
        actor = User.objects.get(pk=record.actor_id)
        because = ""
        if isinstance(event, VipRevoked):
            words = {"target": designation.target, "reason": event.reason}
            because = _("The designation of %(target)s was revoked: %(reason)s") % words
        now = record.occurred_at
        services.apply_designation(designation, actor=actor, now=now, because=because)


@takes_batches
def follow_person(records: Sequence[EventRecord]) -> None:
    """Reassess who came, left, or is otherwise known than before.

    A provider changes thousands in a row: those of whom the same is told are done together.
    """
    told: dict[str, set[int]] = {}
    for record in records:
        told.setdefault(_why(record.event()), set()).add(int(record.subject_pk))
    told.pop("", None)
    for because, people in told.items():
        ids = sorted(people)
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            services.bring_in_step(some, because=because, **_nova(records[-1]))


def follow_group(event: GroupMembershipChanged, record: EventRecord) -> None:
    """Reassess who came into a group and who left it."""
    because = _("Came into the group %(group)s, or left it") % {"group": event.group}
    people = [*event.added, *event.removed]
    services.bring_in_step(people, because=because, **_nova(record))


def end_group(event: GroupDeleted, record: EventRecord) -> None:
    """End what was about a group that was deleted."""
    services.end_lost_groups(record.tenant_id, **_nova(record))


def follow_group_name(event: GroupEdited, record: EventRecord) -> None:
    """Reassess those in a group that is called otherwise now."""
    if "name" in event.changes:
        because = _("The group %(group)s has another name") % {"group": event.group}
        people = User.objects.filter(memberships__group=event.group_id)
        services.bring_in_step(people, because=because, **_nova(record))


def follow_records(event: RecordChanged, record: EventRecord) -> None:
    """Follow what was arranged in Core: module switches, levels, names of places."""
    acting = _nova(record)
    if event.record == "tickets.desksettings" and "vip_modules" in event.changes:
        services.apply_switches(record.tenant_id, **acting)
    if event.record == "vip.vipsettings" and "default_level" in event.changes:
        people = User.objects.exclude(attributes={})
        services.bring_in_step(people, because=_("The level without a level changed"), **acting)
    if event.record in NAMED and "name" in event.changes:
        because = _("%(place)s has another name") % {"place": event.label}
        people = User.objects.filter(**{f"{NAMED[event.record]}_id": event.record_id})
        services.bring_in_step(people, because=because, **acting)


def follow_ticket(event: Event, record: EventRecord) -> None:
    """Reassess what came back to the desk, or went to another module."""
    if _is_back(event) or (isinstance(event, TicketEdited) and "module" in event.changes):
        ticket = Ticket.objects.select_related("requester").get(pk=record.subject_pk)
        services.reassess_ticket(ticket, because=_("Looked at again"), **_nova(record))


def _why(event: Event) -> str:
    """Return in which way a person is another than before; "" where it decides nothing."""
    if isinstance(event, accounts.PersonEdited):
        names = [*sorted(DECISIVE & event.changes.keys()), *event.attributes]
        return _("Changed: %(names)s") % {"names": ", ".join(names)} if names else ""
    if isinstance(event, accounts.PersonAdded):
        return _("Came, or came back")
    if isinstance(event, accounts.PersonReactivated):
        return _("May come in again")
    return _("Left, or may not come in")


def _is_back(event: Event) -> bool:
    if isinstance(event, TicketMoved):
        return event.after == Status.REOPENED
    return isinstance(event, TicketRestored)


def _nova(record: EventRecord) -> dict[str, Any]:
    now: datetime = record.occurred_at
    return {"actor": system_of(record.tenant_id), "now": now}
