"""After any history a clock says what its ledger does, and every breach was announced once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.choices import PROMISED, Metric, ReopenMode
from sla.ledger import Kind
from sla.models import Clock, LedgerEntry
from sla.rules import standing
from tests.factories import NOW, PersonFactory, TeamFactory
from tests.sla.lives import attempt, gaps, histories
from tests.sla.living import breaches, folded, in_force, promise, sweep_at, target
from tests.tickets.making import opened_for

EXAMPLES = 60
SKEW = timedelta(seconds=3)


@pytest.fixture
def technician(tenant):
    network = TeamFactory(name="Network")
    TeamFactory(name="Field")
    stated = [
        *(target(metric, 90, pause_on=["awaiting_customer"]) for metric in ("resolution", "ola")),
        target("response", 20),
        target("next_response", 15, pause_on=["awaiting_dependency"]),
        {**target("ola", 40), "team": network},
    ]
    in_force(stated, name="Hot", order=1, conditions={"priority": [1]})
    promise(2000, response=300, priority=[3], reopen=ReopenMode.NEW_CYCLE)
    promise(4000, response=900, priority=[5], reopen=ReopenMode.AS_IF_NEVER_STOPPED)
    anew = [target("resolution", 300, on_change="restart"), target("next_response", 60)]
    in_force(anew, name="Anew", order=3, conditions={"priority": [2, 4]})
    return PersonFactory(role="technician")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(life=st.lists(st.tuples(histories, gaps, st.booleans()), max_size=12))
def test_clocks_are_the_fold_of_their_ledger(technician, life):
    with transaction.atomic():
        opened_for(PersonFactory(role="requester"), at=NOW - timedelta(minutes=1))
        ticket = opened_for(PersonFactory(role="requester"))
        at, last = NOW, ("sweep", "")
        for verb, gap, is_late in life:
            at += gap
            last = last if verb[0] == "again" else verb
            # Another worker's clock may be behind; what is done twice counts once.
            attempt(last, [ticket], technician, at - SKEW if is_late else at)
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
            Clock.objects.filter(ticket=ticket, state="running", metric__in=PROMISED)
            .exclude(due_at=None)
            .values_list("due_at", flat=True),
            default=None,
        )
        transaction.set_rollback(True)
