"""After any history a clock says what its ledger does, and every breach was announced once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nova.errors import Refused
from sla.choices import Metric, ReopenMode
from sla.ledger import Kind
from sla.models import Clock, LedgerEntry
from sla.rules import standing
from tests.factories import NOW, PersonFactory
from tests.sla.living import breaches, folded, promise, sweep_at
from tests.tickets.making import opened_for
from tickets import services as tickets
from tickets.choices import Level, Status
from tickets.models import Ticket

EXAMPLES = 40
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
lives = st.lists(st.tuples(verbs, gaps), max_size=10)


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


@pytest.fixture
def technician(tenant):
    promise(90, response=20, priorities=[1], pause_on=["awaiting_customer"])
    promise(2000, response=300, priorities=[3], reopen=ReopenMode.NEW_CYCLE)
    promise(4000, response=900, priorities=[5], reopen=ReopenMode.AS_IF_NEVER_STOPPED)
    return PersonFactory(role="technician")


def live(life, technician) -> tuple[Ticket, object]:
    """Do one thing after the other; what the desk refuses leaves all as it was."""
    at = NOW
    ticket = opened_for(PersonFactory(role="requester"))
    for (verb, given_), gap in life:
        at += gap
        try:
            with transaction.atomic():
                do(verb, ticket, given_, technician, at)
        except Refused:
            continue
    sweep_at(technician, at)
    return ticket, at


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(life=lives)
def test_clocks_are_the_fold_of_their_ledger(technician, life):
    with transaction.atomic():
        ticket, at = live(life, technician)

        for metric in Metric.values:
            said = tuple(
                standing(clock.cycle(), at)
                for clock in Clock.objects.filter(ticket=ticket, metric=metric).order_by("number")
            )
            assert said == folded(ticket, metric, at)
        written = LedgerEntry.objects.filter(ticket=ticket, kind=Kind.BREACHED)
        noted = Counter(written.values_list("metric", "at"))
        assert set(noted.values()) <= {1}
        assert (
            Counter(
                (metric, NOW + timedelta(minutes=minute)) for metric, _, minute in breaches(ticket)
            )
            == noted
        )
        held = Clock.objects.filter(ticket=ticket).exclude(breached_at=None)
        assert set(held.values_list("metric", "breached_at")) <= noted.keys()
        ticket.refresh_from_db()
        assert ticket.next_due_at == min(
            Clock.objects.filter(ticket=ticket, state="running")
            .exclude(due_at=None)
            .values_list("due_at", flat=True),
            default=None,
        )
        transaction.set_rollback(True)
