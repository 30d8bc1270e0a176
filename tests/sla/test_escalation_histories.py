"""After any life, and however many sweep at once, no step fires twice for one cycle."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nova.events.models import EventRecord
from nova.tenancy import fence
from sla.ledger import State
from sla.models import Clock, steps_by
from sla.rules import step_at
from sla.services import sweep
from sla.standing import NAMES
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.sla.escalated import Desk, stepped, tell
from tests.sla.lives import attempt, gaps, verbs
from tests.sla.living import sweep_at
from tests.tickets.making import opened_for

EXAMPLES = 40
TICKETS = 12


def fired(records):
    """Return how often each step was told, by ticket, metric, cycle and version."""
    return Counter(
        (pk, said["metric"], said["cycle"], said["version_id"], said["step"])
        for pk, said in records.values_list("subject_id", "payload")
    )


@pytest.fixture
def technician(tenant):
    steps = [
        tell(50, "senior"),
        tell(90, "head", vip_levels=["exec"]),
        tell(100, "lead", offset_seconds=-300, is_working_time=False),
        tell(100, "lead", offset_seconds=600),
    ]
    stepped(steps, minutes=90, priority=[1], name="A")
    stepped(steps, minutes=2000, priority=[3], name="B", order=2)
    return PersonFactory(role="technician")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(life=st.lists(st.tuples(verbs, gaps), max_size=12))
def test_a_step_fires_at_most_once_for_each_clock_and_cycle(technician, life):
    with transaction.atomic():
        ticket = opened_for(PersonFactory(role="requester"))
        at = NOW
        for verb, gap in life:
            at += gap
            attempt(verb, [ticket], technician, at)
        sweep_at(technician, at)

        records = EventRecord.objects.about("ticket", ticket.pk).filter(
            name__in=[name for name in NAMES if "Clock" in name]
        )
        assert set(fired(records).values()) <= {1}
        together = Counter(records.values_list("occurred_at", "payload__metric"))
        assert set(together.values()) <= {1}  # of several at once only the highest
        for clock in Clock.objects.filter(ticket=ticket, state=State.RUNNING):
            left = [
                moment
                for step in steps_by(clock.policy_version_id).on(clock.metric)
                if step.key not in clock.fired and (moment := step_at(clock.cycle(), step))
            ]
            assert all(moment >= at.replace(microsecond=0) for moment in left)
            assert clock.next_action_at is None or clock.next_action_at <= min(
                left, default=clock.next_action_at
            )
        transaction.set_rollback(True)


@pytest.fixture
def desk(transactional_db):
    made = TenantFactory()
    with fence.inside(made.pk):
        desk = Desk()
        stepped([tell(50, "senior"), tell(90, "head"), tell(150, "operations")])
        for _ in range(TICKETS):
            desk.ticket()
        return desk


def test_sweeps_at_once_tell_every_step_once(desk, at_once):
    tenant_id = desk.system.tenant_id

    def swept(_):
        total = 0
        while True:
            with fence.inside(tenant_id):
                now = NOW + timedelta(minutes=100)
                done = sweep(tenant_id, actor=desk.system, now=now, limit=3)
            total += done
            if not done:
                return total

    done = at_once(swept, range(4))

    with fence.inside(tenant_id):
        told = fired(EventRecord.objects.filter(name__in=NAMES))
        percents = EventRecord.objects.filter(name__in=NAMES).values_list("payload__percent")
        assert sum(done) == TICKETS
        assert set(told.values()) == {1}
        assert len(told) == TICKETS
        assert {percent for (percent,) in percents} == {150}
