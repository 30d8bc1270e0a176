"""A changed catalogue comes to running clocks by an explicit recalculation, and goes again."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from nova.errors import Refused
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from sla.compliance import Asked, lines_of
from sla.consumers import tell_recalculated
from sla.explaining import clocks_of
from sla.ledger import Kind
from sla.models import Clock, LedgerEntry, Recalculation, RecalculationLine
from sla.services import (
    RECALCULATING,
    apply_recalculation,
    cancel_recalculation,
    draft_policy,
    preview_recalculation,
    publish_policy,
    undo_recalculation,
)
from tests.factories import PersonFactory
from tests.sla.living import clock, ledger, minutes, move, promise, sweep_at, target
from tests.tickets.making import opened_for
from tickets.lens import Lens
from tickets.models import Ticket

FAR = 10_000


@pytest.fixture
def policy(tenant):
    return promise(240)


@pytest.fixture
def admin(policy):
    return PersonFactory(role="admin")


@pytest.fixture
def ticket(policy):
    return opened_for(PersonFactory())


def restate(policy, admin, resolution, response=600, **terms):
    """Publish the policy with other minutes."""
    named = {"response": response, "resolution": resolution}
    targets = [target(metric, count, **terms) for metric, count in named.items()]
    draft_policy(policy.pk, {}, targets, actor=admin, now=minutes(0))
    publish_policy(policy.pk, actor=admin, now=minutes(0))


def run(admin, at, size=500):
    """Do all that is at work, portion by portion."""
    while RECALCULATING.advance(admin.tenant_id, now=at, size=size):
        pass


def previewed(admin, at, scope="all", size=500, **given):
    begun = preview_recalculation(scope, reason="New contract", actor=admin, now=at, **given)
    run(admin, at, size)
    begun.refresh_from_db()
    return begun


def applied(admin, at, size=500, **given):
    begun = previewed(admin, at, size=size, **given)
    apply_recalculation(begun.pk, actor=admin, now=at)
    run(admin, at, size)
    begun.refresh_from_db()
    return begun


def undone(begun, admin, at):
    undo = undo_recalculation(begun.pk, actor=admin, now=at)
    run(admin, at)
    undo.refresh_from_db()
    return undo


def lines(begun):
    rows = begun.lines.select_related("clock").order_by("pk")
    return [(line.clock.metric, line.kind) for line in rows]


def told(name):
    return list(EventRecord.objects.filter(name=name).values_list("payload", flat=True))


def test_a_preview_lists_what_would_move_and_changes_nothing(policy, admin, ticket):
    restate(policy, admin, 120)
    before = list(Clock.objects.order_by("pk").values())
    begun = previewed(admin, minutes(10))

    assert begun.status == "previewed"
    assert (begun.looked_at, begun.to_look_at) == (2, 2)
    assert lines(begun) == [("response", "same"), ("resolution", "earlier")]
    assert begun.lines.counts()["moved"] == 1
    assert list(Clock.objects.order_by("pk").values()) == before


def test_what_was_previewed_is_applied_and_the_ticket_follows(policy, admin, ticket):
    restate(policy, admin, 120)
    applied(admin, minutes(10))
    now = clock(ticket)

    assert (now.due_at, now.target_seconds) == (minutes(120), 7200)
    assert now.policy_version == policy.versions.get(number=2)
    assert ledger(ticket)[-1] == ("recalculated", 10)
    assert Ticket.objects.get(pk=ticket.pk).next_due_at == minutes(120)
    entry = LedgerEntry.objects.filter(kind=Kind.RECALCULATED).latest("pk")
    assert entry.reason.endswith("New contract")
    assert entry.policy_version == now.policy_version


def test_both_truths_are_known_afterwards(policy, admin, ticket):
    restate(policy, admin, 120)
    applied(admin, minutes(130))
    now = clock(ticket)

    assert (now.due_at, now.breached_at) == (minutes(120), minutes(120))
    assert now.is_recalculated
    assert (now.measured_due_at, now.measured_breached_at) == (minutes(240), None)
    move(ticket, "acknowledged", admin, minutes(250))
    move(ticket, "resolved", admin, minutes(250))
    now = clock(ticket)
    assert now.measured_breached_at == minutes(240)
    assert now.breached_at == minutes(120)


def test_reports_may_ask_for_either_truth(policy, admin, ticket):
    restate(policy, admin, 120)
    applied(admin, minutes(130))
    day, zone = minutes(0).date(), ZoneInfo("UTC")

    for at, now, then in ((130, 1, 0), (239, 1, 0), (241, 1, 1)):
        asked = Asked(policy.tenant_id, "resolution", day, day, zone, minutes(at), {})
        [line] = lines_of(asked, "priority")
        assert (line.breached, line.breached_then) == (now, then)


@pytest.mark.parametrize(("role", "is_named"), [("admin", True), ("technician", False)])
def test_the_sum_names_the_recalculation_to_who_may_know(policy, admin, ticket, role, is_named):
    restate(policy, admin, 120)
    begun = applied(admin, minutes(10))
    lens = Lens.of(PersonFactory(role=role))
    [_, resolution] = clocks_of(ticket, lens, now=minutes(20))
    words = " ".join(line["text"] for line in resolution["explanation"])

    assert (f"recalculated by {admin.name}, target 4 h → 2 h" in words) is is_named
    assert (f"Recalculation {begun.pk}: New contract" in words) is is_named
    assert resolution["measured"] == {"due_at": minutes(240).isoformat(), "breached_at": None}


def test_leads_hear_of_it_once(policy, admin, ticket):
    lead = PersonFactory(role="lead")
    restate(policy, admin, 120)
    applied(admin, minutes(130))
    [record] = EventRecord.objects.filter(name="sla.ClocksRecalculated")
    tell_recalculated(record.event(), record)
    told = Delivery.objects.filter(recipient=lead, channel="email")

    assert [delivery.subject for delivery in told] == [
        f"Recalculation {record.payload['recalculation_id']}: 1 due times moved, 1 became breached"
    ]


def test_the_queue_follows_what_became_late(policy, admin, ticket):
    restate(policy, admin, 120)
    begun = applied(admin, minutes(130))
    assert "risk" in Ticket.objects.get(pk=ticket.pk).score_parts
    undone(begun, admin, minutes(131))

    assert "risk" not in Ticket.objects.get(pk=ticket.pk).score_parts


def test_what_a_recalculation_breaches_is_told_once_as_a_whole(policy, admin, ticket):
    restate(policy, admin, 120, response=5)
    applied(admin, minutes(130))

    assert [said["is_recalculated"] for said in told("sla.ClockBreached")] == [True, True]
    assert told("sla.ClockWarned") == []
    [said] = told("sla.ClocksRecalculated")
    assert (said["moved"], said["breached"], said["healed"]) == (2, 2, 0)


def test_a_breach_that_was_there_before_is_told_as_ever(policy, admin, ticket):
    restate(policy, admin, 500)
    begun = applied(admin, minutes(250))

    assert ("resolution", "healed") in lines(begun)
    assert [said["is_recalculated"] for said in told("sla.ClockBreached")] == [False]
    assert clock(ticket).breached_at is None
    assert clock(ticket).measured_breached_at == minutes(240)


def test_undoing_gives_back_every_term_and_due_time(policy, admin, ticket):
    before = Clock.objects.filter(ticket=ticket).order_by("pk")
    kept = ("due_at", "target_seconds", "policy_version_id", "calendar_version_id", "pause_on")
    was = list(before.values(*kept))
    restate(policy, admin, 120)
    begun = applied(admin, minutes(10))
    undo = undone(begun, admin, minutes(20))
    begun.refresh_from_db()

    assert list(before.values(*kept)) == was
    assert (undo.status, begun.status) == ("applied", "undone")
    assert lines(undo) == [("response", "same"), ("resolution", "later")]


def test_undoing_leaves_out_what_got_other_terms_since(policy, admin, ticket):
    restate(policy, admin, 120)
    begun = applied(admin, minutes(10))
    restate(policy, admin, 60)
    applied(admin, minutes(20))
    undo = undone(begun, admin, minutes(30))

    assert {kind for _, kind in lines(undo)} == {"left_out"}
    assert clock(ticket).due_at == minutes(60)


def test_two_recalculations_are_undone_one_after_the_other(policy, admin, ticket):
    restate(policy, admin, 120)
    first = applied(admin, minutes(10))
    restate(policy, admin, 60)
    second = applied(admin, minutes(20))
    undone(second, admin, minutes(25))
    assert clock(ticket).due_at == minutes(120)
    undone(first, admin, minutes(30))

    assert clock(ticket).due_at == minutes(240)


def test_the_next_cycle_of_a_recalculated_clock_is_undone_in_its_place(tenant):
    policy = promise(240, reopen="new_cycle")
    admin, ticket = PersonFactory(role="admin"), opened_for(PersonFactory())
    restate(policy, admin, 120, reopen="new_cycle")
    begun = applied(admin, minutes(10))
    for at, to in ((20, "acknowledged"), (21, "resolved"), (30, "reopened")):
        move(ticket, to, admin, minutes(at))
    assert clock(ticket).due_at == minutes(150)
    assert clock(ticket).measured_due_at == minutes(270)
    undone(begun, admin, minutes(40))

    assert (clock(ticket).number, clock(ticket).due_at) == (2, minutes(270))


def test_a_clock_that_stopped_since_the_preview_is_left_out(policy, admin, ticket):
    restate(policy, admin, 120)
    begun = previewed(admin, minutes(10))
    move(ticket, "acknowledged", admin, minutes(11))
    move(ticket, "resolved", admin, minutes(11))
    apply_recalculation(begun.pk, actor=admin, now=minutes(12))
    run(admin, minutes(12))

    assert {kind for _, kind in lines(begun)} == {"left_out"}
    assert clock(ticket).due_at == minutes(240)


def test_a_line_says_what_was_done_when_that_is_not_what_was_previewed(policy, admin, ticket):
    restate(policy, admin, 120)
    begun = previewed(admin, minutes(10))
    assert ("resolution", "earlier") in lines(begun)
    apply_recalculation(begun.pk, actor=admin, now=minutes(130))
    run(admin, minutes(130))

    assert ("resolution", "breached") in lines(begun)


def test_what_was_promised_since_the_preview_is_not_applied_unseen(policy, admin, ticket):
    restate(policy, admin, 120)
    begun = previewed(admin, minutes(10))
    restate(policy, admin, 60)

    with pytest.raises(Refused, match="Preview it again"):
        apply_recalculation(begun.pk, actor=admin, now=minutes(12))


def test_pauses_follow_the_new_terms_at_once(policy, admin, ticket):
    move(ticket, "acknowledged", admin, minutes(1))
    restate(policy, admin, 240, pause_on=["acknowledged"])
    applied(admin, minutes(10))

    assert clock(ticket).state == "paused"
    assert ledger(ticket)[-2:] == [("recalculated", 10), ("paused", 10)]


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        pytest.param({"scope": "all"}, 4, id="all"),
        pytest.param({"scope": "policies"}, 2, id="a policy"),
        pytest.param({"scope": "vips"}, 0, id="VIPs"),
    ],
)
def test_a_scope_chooses_clocks(policy, admin, ticket, given, kinds):
    other = promise(700, name="Facilities", order=0, module=["facilities"])
    opened_for(PersonFactory(), module="facilities")
    restate(policy, admin, 120)
    targets = [target("response", 500), target("resolution", 600)]
    acting = {"actor": admin, "now": minutes(5)}
    draft_policy(other.pk, {"module": ["facilities"]}, targets, **acting)
    publish_policy(other.pk, **acting)
    chosen = {"policy_ids": [policy.pk]} if given["scope"] == "policies" else {}

    assert len(lines(previewed(admin, minutes(10), **given, **chosen))) == kinds


def test_a_calendar_chooses_clocks(policy, admin, ticket):
    restate(policy, admin, 120)
    hours = clock(ticket).calendar_version.calendar
    begun = previewed(admin, minutes(10), scope="calendar", calendar=hours)

    assert len(lines(begun)) == 2


def test_a_batch_that_was_cancelled_midway_goes_on_or_is_undone(policy, admin):
    for _ in range(6):
        opened_for(PersonFactory())
    restate(policy, admin, 120)
    begun = previewed(admin, minutes(10))
    apply_recalculation(begun.pk, actor=admin, now=minutes(10))
    RECALCULATING.advance(admin.tenant_id, now=minutes(10), size=5)
    cancel_recalculation(begun.pk, actor=admin, now=minutes(10))
    recalculated = LedgerEntry.objects.filter(kind=Kind.RECALCULATED)
    assert recalculated.count() == 5
    apply_recalculation(begun.pk, actor=admin, now=minutes(11))
    run(admin, minutes(11))

    assert recalculated.count() == 12
    undone(begun, admin, minutes(12))
    assert set(Clock.objects.filter(metric="resolution").values_list("due_at", flat=True)) == {
        minutes(240)
    }


def test_one_that_is_over_is_not_applied_cancelled_or_undone_again(policy, admin, ticket):
    restate(policy, admin, 120)
    begun = applied(admin, minutes(10))
    undo = undone(begun, admin, minutes(11))

    for verb in (apply_recalculation, cancel_recalculation, undo_recalculation):
        for row in (begun, undo):
            with pytest.raises(Refused):
                verb(row.pk, actor=admin, now=minutes(12))


def test_only_one_is_applied_at_a_time(policy, admin, ticket):
    restate(policy, admin, 120)
    first, second = previewed(admin, minutes(10)), previewed(admin, minutes(10))
    apply_recalculation(first.pk, actor=admin, now=minutes(11))

    with pytest.raises(Refused, match="Wait"):
        apply_recalculation(second.pk, actor=admin, now=minutes(11))


@pytest.mark.parametrize(
    "given",
    [
        {"scope": "all", "reason": " "},
        {"scope": "policies", "reason": "x"},
        {"scope": "calendar", "reason": "x"},
        {"scope": "undo", "reason": "x"},
        {"scope": "some", "reason": "x"},
    ],
)
def test_what_names_nothing_is_refused(policy, admin, given):
    with pytest.raises(Refused):
        preview_recalculation(given.pop("scope"), **given, actor=admin, now=minutes(0))


def test_one_that_never_gets_on_is_given_up(policy, admin, ticket):
    begun = preview_recalculation("all", reason="x", actor=admin, now=minutes(0))
    Recalculation.objects.filter(pk=begun.pk).update(attempts=5)
    run(admin, minutes(1))
    begun.refresh_from_db()

    assert begun.status == "failed"


@pytest.mark.parametrize("count", [3, 30])
def test_a_portion_costs_the_same_for_few_and_many(
    policy, admin, count, django_assert_num_queries
):
    for _ in range(count):
        move(opened_for(PersonFactory()), "acknowledged", admin, minutes(1))
    restate(policy, admin, 30)
    begun = preview_recalculation("all", reason="x", actor=admin, now=minutes(40))
    with django_assert_num_queries(20):
        RECALCULATING.advance(admin.tenant_id, now=minutes(40))
    apply_recalculation(begun.pk, actor=admin, now=minutes(40))
    with django_assert_num_queries(40):
        RECALCULATING.advance(admin.tenant_id, now=minutes(40))

    assert RecalculationLine.objects.filter(applied_at=None).count() == 0
    assert sweep_at(admin, minutes(40) + timedelta(seconds=1)) == 0
