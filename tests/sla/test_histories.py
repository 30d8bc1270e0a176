"""After any history a clock says what its ledger does, and every breach was announced once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.choices import Metric, ReopenMode
from sla.ledger import Kind
from sla.models import Clock, LedgerEntry
from sla.rules import standing
from tests.factories import NOW, PersonFactory
from tests.sla.lives import attempt, gaps, verbs
from tests.sla.living import breaches, folded, promise, sweep_at
from tests.tickets.making import opened_for

EXAMPLES = 40


@pytest.fixture
def technician(tenant):
    promise(90, response=20, priority=[1], pause_on=["awaiting_customer"])
    promise(2000, response=300, priority=[3], reopen=ReopenMode.NEW_CYCLE)
    promise(4000, response=900, priority=[5], reopen=ReopenMode.AS_IF_NEVER_STOPPED)
    return PersonFactory(role="technician")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(life=st.lists(st.tuples(verbs, gaps), max_size=10))
def test_clocks_are_the_fold_of_their_ledger(technician, life):
    with transaction.atomic():
        ticket = opened_for(PersonFactory(role="requester"))
        at = NOW
        for verb, gap in life:
            at += gap
            attempt(verb, [ticket], technician, at)
        sweep_at(technician, at)

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
