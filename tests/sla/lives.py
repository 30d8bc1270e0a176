"""Lives that a ticket may have: verbs and gaps between them, drawn at random."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from hypothesis import strategies as st

from nova.accounts.models import User
from nova.errors import Refused
from tests.sla.living import sweep_at
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
gaps = st.one_of(
    st.integers(0, 40), st.integers(0, 90).map(lambda m: 60 * m), st.integers(1, 200_000)
).map(lambda seconds: timedelta(seconds=seconds))


def do(verb, ticket, given, actor, at):
    match verb:
        case "move":
            tickets.move_ticket(ticket.pk, given, actor=actor, now=at, reason="So it is")
        case "edit":
            changes = {"impact": given, "urgency": given}
            tickets.edit_ticket(ticket.pk, changes, actor=actor, now=at)
        case "mark":
            tickets.set_vip(ticket.pk, given, "manual", ["Board"], 0, actor=actor, now=at)
        case "answer":
            tickets.add_comment(ticket.pk, "On it", actor=actor, now=at)
        case "delete":
            tickets.delete_ticket(ticket.pk, actor=actor, now=at)
        case "restore":
            tickets.restore_ticket(ticket.pk, actor=actor, now=at)
        case "sweep":
            sweep_at(actor, at)


def attempt(verb, tickets: Iterable[Ticket], actor: User, at: datetime) -> None:
    """Do one thing to tickets; where the desk refuses, all stays as it was."""
    name, given = verb
    for ticket in tickets:
        try:
            with transaction.atomic():
                do(name, ticket, given, actor, at)
        except Refused:
            continue
