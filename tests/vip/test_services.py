"""Who is a VIP, since when and why, and what follows for people and their open tickets."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import ProtectedError

from nova.accounts import services as accounts
from nova.errors import Refused
from nova.events.consumers import consume
from nova.events.models import EventRecord
from tests.factories import (
    NOW,
    DepartmentFactory,
    FloorFactory,
    PersonFactory,
    SiteFactory,
)
from tests.tickets.making import opened_for
from tickets import services as tickets
from vip.explaining import why_vip
from vip.models import Designation
from vip.services import apply_due, designate_vip, reassess, revoke_vip

HOUR = timedelta(hours=1)
IN_LIFE = {  # without those of other apps, so that a test sees what this app does
    path: events
    for path, events in settings.EVENT_CONSUMERS.items()
    if path.startswith("vip.consumers.")
}


@pytest.fixture
def settle(tenant, settings):
    """Return a way to let the consumers of this app read on to the end."""
    settings.EVENT_CONSUMERS = IN_LIFE
    return lambda: consume(tenant.pk, now=NOW)


@pytest.fixture
def person(tenant):
    site = SiteFactory()
    return PersonFactory(
        name="Vera", department=DepartmentFactory(), site=site, floor=FloorFactory(site=site)
    )


def designate(target, level, boss, **terms):
    return designate_vip(target, level, **{"reason": "Board", "actor": boss, "now": NOW, **terms})


def level(person):
    person.refresh_from_db()
    return person.vip_level


def on_ticket(ticket):
    """Return the level that a ticket bears, its source, and what it counts in the queue."""
    ticket.refresh_from_db()
    return ticket.vip_level, ticket.vip_trigger_source, ticket.vip_priority_score


@pytest.mark.parametrize("kind", ["person", "department", "site", "floor"])
def test_whoever_is_covered_is_a_vip_with_every_open_ticket(settle, boss, person, kind):
    ticket, other = opened_for(person), opened_for(PersonFactory())
    target = person if kind == "person" else getattr(person, kind)
    designate({f"{kind}_id": target.pk}, "gold", boss)
    settle()

    assert level(person) == "gold"
    assert on_ticket(ticket) == ("gold", "manual", 200)
    assert on_ticket(other) == ("", "", 0)


@pytest.mark.parametrize(
    ("given", "strongest", "source"),
    [
        ([("gold", "manual"), ("exec", "scim")], "exec", "scim"),
        ([("gold", "scim"), ("gold", "manual")], "gold", "manual"),
        ([("priority", "api"), ("priority", "rule")], "priority", "api"),
        ([("exec", "manual"), ("exec", "manual")], "exec", "manual"),
    ],
)
def test_of_several_designations_the_strongest_counts_and_all_are_told(
    settle, boss, person, given, strongest, source
):
    ticket = opened_for(person)
    for number, (name, by) in enumerate(given):
        designate({"person_id": person.pk}, name, boss, source=by, reason=f"Ground {number}")
    settle()

    assert on_ticket(ticket)[:2] == (strongest, source)
    assert len(ticket.vip_reasons) == len(given)


def test_what_overlaps_falls_back_to_what_is_left(settle, boss, person):
    ticket = opened_for(person)
    designate({"department_id": person.department_id}, "priority", boss)
    stronger = designate({"person_id": person.pk}, "exec", boss)
    settle()
    before = level(person)
    revoke_vip(stronger.pk, reason="Retired", actor=boss, now=NOW + HOUR)
    settle()

    assert (before, level(person)) == ("exec", "priority")
    assert on_ticket(ticket) == ("priority", "manual", 100)


@pytest.mark.parametrize(
    ("hours", "held"), [(0, ""), (1, ""), (2, "exec"), (3, "exec"), (5, ""), (6, "")]
)
def test_a_designation_holds_from_its_start_to_its_end(tenant, boss, person, hours, held):
    ticket = opened_for(person)
    terms = {"starts_at": NOW + 2 * HOUR, "ends_at": NOW + 5 * HOUR}
    designate({"person_id": person.pk}, "exec", boss, **terms)
    for hour in range(hours + 1):
        apply_due(tenant.pk, actor=boss, now=NOW + hour * HOUR)

    assert level(person) == held
    assert on_ticket(ticket)[0] == held


def test_what_is_due_is_applied_once(tenant, boss, person):
    terms = {"starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR}
    designate({"person_id": person.pk}, "exec", boss, **terms)
    hours = (0, 1, 1, 2, 2, 3)
    done = [apply_due(tenant.pk, actor=boss, now=NOW + hour * HOUR) for hour in hours]

    assert done == [0, 1, 0, 1, 0, 0]


def test_a_designation_that_is_revoked_before_it_starts_never_holds(settle, tenant, boss, person):
    found = designate({"person_id": person.pk}, "exec", boss, starts_at=NOW + 2 * HOUR)
    revoke_vip(found.pk, reason="A mistake", actor=boss, now=NOW + HOUR)
    settle()
    apply_due(tenant.pk, actor=boss, now=NOW + 3 * HOUR)

    assert level(person) == ""


@pytest.mark.parametrize(
    "terms",
    [
        {"reason": " "},
        {"ends_at": NOW},
        {"ends_at": NOW - HOUR},
        {"starts_at": NOW + 2 * HOUR, "ends_at": NOW + HOUR},
        {"starts_at": NOW + HOUR, "ends_at": NOW + HOUR},
        {"starts_at": NOW - 2 * HOUR, "ends_at": NOW - HOUR},
        {"starts_at": NOW - 90_000 * HOUR},
        {"starts_at": NOW + 90_000 * HOUR},
    ],
)
def test_a_designation_without_reason_or_with_impossible_dates_is_refused(boss, person, terms):
    with pytest.raises(Refused):
        designate({"person_id": person.pk}, "exec", boss, **terms)

    assert not Designation.objects.exists()


@pytest.mark.parametrize(
    ("terms", "at"), [({}, 2), ({"ends_at": NOW + HOUR}, 1)], ids=["revoked", "ended"]
)
def test_what_has_ended_cannot_be_revoked(boss, person, terms, at):
    found = designate({"person_id": person.pk}, "exec", boss, **terms)
    Designation.objects.filter(pk=found.pk, ends_at=None).update(revoked_at=NOW)

    with pytest.raises(Refused):
        revoke_vip(found.pk, reason="Again", actor=boss, now=NOW + at * HOUR)


def test_revoking_needs_a_reason_and_keeps_the_row(boss, person):
    found = designate({"person_id": person.pk}, "exec", boss)
    with pytest.raises(Refused):
        revoke_vip(found.pk, reason="", actor=boss, now=NOW)
    revoke_vip(found.pk, reason="Retired", actor=boss, now=NOW + HOUR)

    found.refresh_from_db()
    assert found.revoked_at == NOW + HOUR
    told = EventRecord.objects.get(name="vip.VipRevoked").payload
    assert (told["reason"], told["level"]) == ("Retired", "exec")


def test_whoever_moves_into_a_vip_department_becomes_one_and_leaves_it_behind(
    settle, boss, person
):
    board = DepartmentFactory(name="Board")
    ticket = opened_for(person)
    designate({"department_id": board.pk}, "exec", boss)
    settle()
    accounts.edit_person(person.pk, {"department": board}, actor=boss, now=NOW + HOUR)
    settle()
    inside = level(person), on_ticket(ticket)[0]
    accounts.edit_person(person.pk, {"department": None}, actor=boss, now=NOW + 2 * HOUR)
    settle()

    assert inside == ("exec", "exec")
    assert (level(person), on_ticket(ticket)[0]) == ("", "")


def test_whoever_joins_a_vip_site_is_one_from_the_first_day(settle, boss, person):
    designate({"site_id": person.site_id}, "gold", boss)
    joined = accounts.add_person(
        "new@example.com", "New", site=person.site, actor=boss, now=NOW + HOUR
    )
    settle()

    assert level(joined) == "gold"


def test_vip_follows_whom_the_ticket_is_for_not_who_wrote_it(settle, boss, person):
    assistant = PersonFactory(name="Proxy")
    designate({"person_id": person.pk}, "exec", boss)
    settle()

    assert opened_for(person, submitted_by=assistant).vip_level == "exec"
    assert opened_for(assistant, submitted_by=person).vip_level == ""


@pytest.mark.parametrize(("module", "score"), [("it", 300), ("ops", 300), ("hr", 0)])
def test_a_vip_goes_first_only_where_the_module_says_so(settle, boss, person, module, score):
    designate({"person_id": person.pk}, "exec", boss)
    settle()
    ticket = opened_for(person, module=module)

    assert on_ticket(ticket) == ("exec", "manual", score)


def test_a_ticket_that_changes_module_takes_the_place_that_counts_there(settle, boss, person):
    designate({"person_id": person.pk}, "exec", boss)
    settle()
    ticket = opened_for(person)
    scores = []
    for module in ("hr", "it"):
        tickets.edit_ticket(ticket.pk, {"module": module}, actor=boss, now=NOW + HOUR)
        settle()
        scores.append(on_ticket(ticket)[2])

    assert scores == [0, 300]


def test_done_tickets_keep_what_they_bore_and_are_weighed_again_when_reopened(
    settle, boss, person
):
    found = designate({"person_id": person.pk}, "exec", boss)
    settle()
    ticket = opened_for(person)
    tickets.move_ticket(ticket.pk, "resolved", actor=boss, now=NOW + HOUR)
    revoke_vip(found.pk, reason="Retired", actor=boss, now=NOW + 2 * HOUR)
    settle()
    done = on_ticket(ticket)[0]
    tickets.move_ticket(ticket.pk, "reopened", actor=person, now=NOW + 3 * HOUR)
    settle()

    assert (done, on_ticket(ticket)[0]) == ("exec", "")


def test_a_restored_ticket_is_weighed_again(settle, boss, person):
    ticket = opened_for(person)
    tickets.delete_ticket(ticket.pk, actor=boss, now=NOW)
    designate({"person_id": person.pk}, "exec", boss)
    settle()
    deleted = on_ticket(ticket)[0]
    tickets.restore_ticket(ticket.pk, actor=boss, now=NOW + HOUR)
    settle()

    assert (deleted, on_ticket(ticket)[0]) == ("", "exec")


def test_to_reassess_again_changes_and_tells_nothing(settle, boss, person):
    opened_for(person)
    designate({"person_id": person.pk}, "exec", boss)
    settle()
    before = EventRecord.objects.count()
    reassess([person.pk], actor=boss, now=NOW)

    assert EventRecord.objects.count() == before


def test_what_is_designated_cannot_be_deleted(boss, person):
    designate({"department_id": person.department_id}, "exec", boss)

    with pytest.raises(ProtectedError):
        person.department.delete()


def test_one_sentence_says_why_to_those_who_may_know(boss, person):
    designate({"site_id": person.site_id}, "gold", boss, reason="Ground.")
    designate({"person_id": person.pk}, "exec", boss, reason="Chair of the board.")
    technician = PersonFactory(role="technician")

    assert why_vip(person, boss, at=NOW) == (
        "Vera is a VIP (Exec, in person) by the word of Boss, since 3 Mar 2026: "
        f"Chair of the board. Also: Gold, {person.site}, by the word of Boss: Ground."
    )
    assert why_vip(person, technician, at=NOW) == ""
    assert why_vip(boss, boss, at=NOW) == ""
