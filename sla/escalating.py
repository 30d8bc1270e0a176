"""What escalations bring about after the commit, in the order of events. Wired in settings."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from nova.accounts.models import User
from nova.accounts.zones import zone_named
from nova.events.base import Event
from nova.events.models import EventRecord
from nova.hours import WorkingHours
from nova.notifications.choices import Channel, Kind
from nova.notifications.models import SlackHook
from nova.notifications.services import call_hook, hearing, notify
from sla.acting import open_review, raise_priority, reassign
from sla.choices import Metric
from sla.events import TicketEscalated
from sla.models import Clock, hours_by, steps_by
from sla.rules import Step
from sla.sentences import whom_told
from sla.step_words import listed_posts, moment_of
from sla.steps import BREACH, URGENT, Escalation, waits_until
from sla.telling import words_for
from tickets.events import VIP
from tickets.models import Ticket

WARNED, BREACHED, ESCALATED = "sla/mail/warned", "sla/mail/breached", "sla/mail/escalated"
BY_HAND = "sla/mail/escalated_by_hand"
# Who is asked by a person is not woken for a P4 either.
ASKED = Escalation(Step("by hand"))


def carry_out(event: Event, record: EventRecord) -> None:
    """Do what a step says, or tell of an escalation by hand. What is done by now is left alone."""
    named = Ticket.objects.select_related("team__lead", "assignee", "backup")
    ticket = named.get(pk=record.subject_pk)
    if not ticket.is_open:
        return
    if isinstance(event, TicketEscalated):
        _tell_of_hand(event, ticket, record)
        return
    step = steps_by(record.payload["version_id"]).known_by(record.payload["step"])
    if step is not None:
        _carry_out(step, ticket, record)


def _carry_out(step: Escalation, ticket: Ticket, record: EventRecord) -> None:
    clock = _clock(record)
    if step.tells:
        _tell(step, ticket, clock, record)
    _post(step, ticket, clock, record)
    if step.reassign_to:
        reassign(ticket, step, now=record.occurred_at)
    if step.raises_priority:
        raise_priority(ticket, moment_of(step.step), now=record.occurred_at)
    if step.opens_review:
        open_review(ticket, moment_of(step.step), now=record.occurred_at)


def _clock(record: EventRecord) -> Clock:
    metric, cycle = record.payload["metric"], record.payload["cycle"]
    return Clock.objects.get(ticket_id=record.subject_pk, metric=metric, number=cycle)


def _tell(step: Escalation, ticket: Ticket, clock: Clock, record: EventRecord) -> None:
    """Tell whom the event names. What leaves Nova waits where the step says so."""
    people, kind = _people(record), Kind.BREACH if step.is_late else Kind.RISK
    notify(
        people,
        template=_template(step, record),
        context=_words(step.step, ticket, clock, record),
        channels=step.channels,
        record=record,
        kind=kind,
        link=_page(ticket),
        later=_later(step, ticket, people, hours_by(clock.calendar_version_id), record),
        hooks=hearing(ticket.tenant_id, kind, ticket.vip_level),
        needs=record.event().needs,
    )


def _tell_of_hand(event: TicketEscalated, ticket: Ticket, record: EventRecord) -> None:
    people = _people(record)
    words = {
        "reference": ticket.reference,
        "title": ticket.title,
        "post": _posts(record),
        "by": str(record.actor),
        "reason": event.reason,
        "told": whom_told(record.payload),
    }
    notify(
        people,
        template=BY_HAND,
        context=words,
        channels=[Channel.IN_APP, Channel.EMAIL],
        record=record,
        kind=Kind.RISK,
        link=_page(ticket),
        later=_later(ASKED, ticket, people, None, record),
    )


def _post(step: Escalation, ticket: Ticket, clock: Clock, record: EventRecord) -> None:
    """Post to the chat and run the workflow that the step names."""
    hooks = SlackHook.objects.filter(is_active=True).in_bulk(
        [pk for pk in (step.posts_to, step.calls) if pk]
    )
    words = _words(step.step, ticket, clock, record)
    if step.posts_to in hooks:
        notify(
            [],
            template=ESCALATED,
            context=words,
            channels=[Channel.SLACK],
            record=record,
            link=_page(ticket),
            hooks=[hooks[step.posts_to]],
        )
    if step.calls in hooks:
        call_hook(
            hooks[step.calls],
            _facts(ticket, record),
            subject=words["moment"],
            template="sla/workflow",
            record=record,
        )


def _people(record: EventRecord) -> list[User]:
    return list(User.objects.active().filter(pk__in=[t["id"] for t in record.payload["told"]]))


def _later(
    step: Escalation,
    ticket: Ticket,
    people: Iterable[User],
    hours: WorkingHours | None,
    record: EventRecord,
) -> Mapping[int, datetime]:
    """Return by person when they may be told outside Nova.

    That a VIP's ticket wakes people is only for those who may know that it is one.
    """
    is_urgent = ticket.priority <= URGENT
    return {
        person.pk: waits_until(
            step,
            record.occurred_at,
            zone_named(person.zone),
            hours,
            wakes=is_urgent or (bool(ticket.vip_level) and person.has_perm(VIP)),
        )
        for person in people
    }


def _template(step: Escalation, record: EventRecord) -> str:
    if (step.step.percent, step.step.offset_seconds) == (BREACH, 0):
        return BREACHED  # whoever is told, that is the news
    if record.payload["level"] or step.step.offset_seconds:
        return ESCALATED
    return BREACHED if step.is_late else WARNED


def _words(step: Step, ticket: Ticket, clock: Clock, record: EventRecord) -> dict[str, str]:
    return {
        **words_for(ticket, clock.metric, clock.due_at or record.occurred_at),
        "percent": str(step.percent),
        "moment": moment_of(step),
        "post": _posts(record) if record.payload["level"] else "",
        "metric": str(Metric(clock.metric).label).lower(),
        "told": whom_told(record.payload),
    }


def _posts(record: EventRecord) -> str:
    """Return where those stand who are told: above the level asked for, if nobody was there."""
    return listed_posts(dict.fromkeys(each["post"] for each in record.payload["told"]))


def _facts(ticket: Ticket, record: EventRecord) -> dict[str, Any]:
    """Return what a workflow is told: nothing that a VIP's ticket alone would have."""
    payload = record.payload
    return {
        "event": "sla.ClockEscalated",
        "occurred_at": record.occurred_at.isoformat(),
        "ticket": {
            "reference": ticket.reference,
            "title": ticket.title,
            "priority": ticket.priority,
            "status": ticket.status,
        },
        **{name: payload[name] for name in ("metric", "cycle", "percent", "offset_seconds")},
        "level": payload["level"],
        "told": [each["name"] for each in payload["told"]],
    }


def _page(ticket: Ticket) -> str:
    return reverse("tickets:ticket", args=[ticket.reference])
