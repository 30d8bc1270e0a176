"""Lives that a ticket may have: verbs and gaps between them, drawn at random."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from hypothesis import strategies as st

from nova.accounts.models import Team, User
from nova.errors import Refused
from sla import services as sla
from sla.models import Calendar, Policy
from sla.written import Written
from tests.sla.living import AROUND_THE_CLOCK, sweep_at, target
from tickets import services as tickets
from tickets.choices import Level, Status
from tickets.models import Ticket

MOVES = [("move", status) for status in Status.values]
EDITS = [("edit", level) for level in Level.values]
MARKS = [("mark", level) for level in ("exec", "")]
verbs = st.one_of(
    st.sampled_from(MOVES),
    st.sampled_from([*EDITS, *MARKS]),
    st.sampled_from([("answer", ""), ("delete", ""), ("restore", ""), ("sweep", "")]),
)
# What is done to one ticket alone, or to the catalogue around it.
HANDED = [("hand", name) for name in ("Network", "Field", "")]
ARRANGED = [("publish", "30"), ("publish", "400"), ("open", "mon"), ("open", "tue")]
histories = st.one_of(
    verbs, st.sampled_from([("ask", ""), *HANDED, *ARRANGED, ("merge", ""), ("again", "")])
)
gaps = st.one_of(
    st.integers(0, 40), st.integers(0, 90).map(lambda m: 60 * m), st.integers(1, 200_000)
).map(lambda seconds: timedelta(seconds=seconds))


def do(verb, ticket, given, actor, at):
    ACTS[verb](ticket, given, actor=actor, now=at)


def _move(ticket, given, **acting):
    tickets.move_ticket(ticket.pk, given, reason="So it is", **acting)


def _edit(ticket, given, **acting):
    tickets.edit_ticket(ticket.pk, {"impact": given, "urgency": given}, **acting)


def _mark(ticket, given, **acting):
    mark = tickets.VipMark(level=given, source="manual", reasons=("Board",))
    tickets.set_vips({ticket.pk: mark}, **acting)


def _ask(ticket, given, *, actor, now):
    tickets.add_comment(ticket.pk, "And?", actor=ticket.requester, now=now)


def _hand(ticket, given, **acting):
    team = Team.objects.filter(name=given).first()
    tickets.assign_ticket(ticket.pk, {"team": team}, **acting)


def _merge(ticket, given, **acting):
    other = Ticket.objects.exclude(pk=ticket.pk).first()
    tickets.merge_ticket(ticket.pk, other.pk, **acting)


def _publish(ticket, given, **acting):
    policy = Policy.objects.filter(order=1).first()
    stated = [target("resolution", int(given)), target("next_response", 20)]
    sla.draft_policy(policy.pk, policy.current.conditions, stated, **acting)
    sla.publish_policy(policy.pk, **acting)


def _open(ticket, given, **acting):
    hours = Calendar.objects.get(name=AROUND_THE_CLOCK)
    written = Written(zone="Europe/Berlin", weekly={given: [["08:00", "17:00"]]})
    sla.draft_calendar(hours.pk, written, **acting)
    sla.publish_calendar(hours.pk, **acting)


ACTS = {
    "move": _move,
    "edit": _edit,
    "mark": _mark,
    "answer": lambda ticket, given, **acting: tickets.add_comment(ticket.pk, "On it", **acting),
    "delete": lambda ticket, given, **acting: tickets.delete_ticket(ticket.pk, **acting),
    "restore": lambda ticket, given, **acting: tickets.restore_ticket(ticket.pk, **acting),
    "sweep": lambda ticket, given, *, actor, now: sweep_at(actor, now),
    "ask": _ask,
    "hand": _hand,
    "merge": _merge,
    "publish": _publish,
    "open": _open,
}


def attempt(verb, tickets: Iterable[Ticket], actor: User, at: datetime) -> None:
    """Do one thing to tickets; where the desk refuses, all stays as it was."""
    name, given = verb
    for ticket in tickets:
        try:
            with transaction.atomic():
                do(name, ticket, given, actor, at)
        except Refused:
            continue
