"""What is done to many tickets at once leaves each as if it had been done to it alone."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.models import EventRecord
from sla.choices import ReopenMode
from sla.models import Clock, LedgerEntry
from tests.factories import NOW, PersonFactory, TeamFactory
from tests.sla.lives import attempt, gaps, verbs
from tests.sla.living import promise
from tests.tickets.making import opened_for
from tickets import services
from tickets.choices import Level, Status
from tickets.models import StageVisit, Ticket

PAIRS = 3
OWN = {"id", "number", "reference", "ticket_id", "comment_id"}
levels = st.sampled_from(Level.values)
edits = st.fixed_dictionaries({}, optional={"impact": levels, "urgency": levels})
people = st.fixed_dictionaries({}, optional={"assignee": st.booleans(), "team": st.booleans()})
moves = st.fixed_dictionaries({}, optional={"to": st.sampled_from(Status.values)})
reasons = st.sampled_from(["", "So it is"])


@pytest.fixture
def technician(tenant):
    promise(90, response=20, priority=[1], pause_on=["awaiting_customer"])
    promise(2000, response=300, priority=[3], reopen=ReopenMode.NEW_CYCLE)
    promise(4000, response=900, priority=[5], reopen=ReopenMode.AS_IF_NEVER_STOPPED)
    return PersonFactory(role="technician")


@pytest.fixture
def team(tenant):
    return TeamFactory()


def one_by_one(ticket: Ticket, stated, actor: User, now) -> str:
    """Do to one ticket all that is stated, or nothing; return why not."""
    fields = {name: stated[name] for name in ("impact", "urgency") if name in stated}
    who = {name: stated[name] for name in ("assignee", "team") if name in stated}
    said = {"reason": stated["reason"], "actor": actor, "now": now}
    try:
        with transaction.atomic():
            services.edit_ticket(ticket.pk, fields, actor=actor, now=now)
            services.assign_ticket(ticket.pk, who, **said)
            if "to" in stated:
                services.move_ticket(ticket.pk, stated["to"], **said)
    except Refused as error:
        return str(error)
    return ""


def state_of(ticket: Ticket):
    """Return all that is written of a ticket, but for what only it can have."""
    records = EventRecord.objects.about("ticket", ticket.pk).values("name", "payload")
    return {
        "ticket": _rows(Ticket.objects.filter(pk=ticket.pk)),
        "stages": _rows(StageVisit.objects.filter(ticket=ticket)),
        "clocks": _rows(Clock.objects.filter(ticket=ticket)),
        "ledger": _rows(LedgerEntry.objects.filter(ticket=ticket)),
        "events": [(row["name"], _without(row["payload"], OWN)) for row in records],
    }


def _rows(rows):
    return [_without(row, OWN) for row in rows.order_by("pk").values()]


def _without(row, names):
    return {name: value for name, value in row.items() if name not in names}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    life=st.lists(st.tuples(st.integers(0, PAIRS - 1), verbs, gaps), max_size=14),
    stated=st.tuples(edits, people, moves, reasons),
    gap=gaps,
)
def test_many_at_once_become_what_each_becomes_alone(technician, team, life, stated, gap):
    edit, who, move, reason = stated
    known = {"assignee": technician, "team": team}
    who = {name: known[name] if is_set else None for name, is_set in who.items()}
    stated = {**edit, **who, **move, "reason": reason}
    with transaction.atomic():
        requester = PersonFactory(role="requester")
        pairs = [(opened_for(requester), opened_for(requester)) for _ in range(PAIRS)]
        at = NOW
        for place, verb, pause in life:
            at += pause
            attempt(verb, pairs[place], technician, at)
        said = {"actor": technician, "now": at + gap}
        refused = services.edit_many([together.pk for together, _ in pairs], stated, **said)

        for together, alone in pairs:
            why = one_by_one(alone, stated, **said)
            assert refused.get(together.reference, "") == why.replace(
                alone.reference, together.reference
            )
            assert state_of(together) == state_of(alone)
        transaction.set_rollback(True)
