"""A duplicate ends, and the ticket that it repeats goes on."""

import pytest
from django.urls import reverse

from nova.errors import Refused, Stale
from nova.events.models import EventRecord
from sla.models import Clock
from tests.factories import PersonFactory
from tests.sla.living import breaches, folded, minutes, sweep_at
from tests.tickets.making import opened_for
from tickets import services as tickets
from tickets.models import Comment


@pytest.fixture
def pair(requester):
    """Return a duplicate and the ticket that it repeats."""
    other = opened_for(PersonFactory(name="Vera"), title="Wall is dark")
    return opened_for(requester, title="Screen is black", description="Studio 2"), other


def merge(duplicate, into, actor, **stated):
    given = {"actor": actor, "now": minutes(30), **stated}
    return tickets.merge_ticket(duplicate.pk, into.pk, **given)


def test_the_duplicate_is_closed_and_its_words_go_on(pair, technician):
    duplicate, other = pair
    merge(duplicate, other, technician, reason="Same wall")
    duplicate.refresh_from_db()

    assert (duplicate.status, duplicate.resolution_code) == ("closed", "duplicate")
    assert duplicate.merged_into == other
    note = Comment.objects.get(ticket=other)
    assert note.is_internal
    for words in (duplicate.reference, "Screen is black", "Same wall", "Studio 2"):
        assert words in note.body


def test_its_clocks_end_without_a_verdict_and_the_others_stay(pair, technician):
    duplicate, other = pair
    before = list(Clock.objects.filter(ticket=other).order_by("pk").values())
    merge(duplicate, other, technician)
    sweep_at(technician, minutes(60 * 24 * 30))

    states = Clock.objects.filter(ticket=duplicate).values_list("state", flat=True)
    assert set(states) == {"cancelled"}
    assert breaches(duplicate) == []
    assert [standing.state for standing in folded(duplicate, "resolution", minutes(90))] == [
        "cancelled"
    ]
    changed = Clock.objects.filter(ticket=other, pk__in=[row["id"] for row in before])
    assert [row["started_at"] for row in before] == [clock.started_at for clock in changed]


def test_whoever_wrote_it_is_not_told_of_the_other_ticket(pair, technician, requester, api_as):
    duplicate, other = pair
    merge(duplicate, other, technician, reason="Same wall")
    said = api_as(requester).get(f"/api/support/tickets/{duplicate.reference}")

    assert said.json()["status"] == "closed"
    assert other.reference.encode() not in said.content
    activities = api_as(requester).get(f"/api/support/tickets/{duplicate.reference}/activities")
    assert other.reference.encode() not in activities.content


@pytest.mark.parametrize("why", ["itself", "deleted", "done", "merged"])
def test_what_cannot_be_merged_is_refused_with_the_reason(pair, technician, why):
    duplicate, other = pair
    acting = {"actor": technician, "now": minutes(20)}
    if why == "deleted":
        tickets.delete_ticket(other.pk, **acting)
    if why == "done":
        tickets.move_ticket(duplicate.pk, "resolved", **acting)
    if why == "merged":
        merge(other, opened_for(PersonFactory()), technician, now=minutes(20))
    with pytest.raises(Refused):
        merge(duplicate, duplicate if why == "itself" else other, technician)

    assert not EventRecord.objects.filter(
        name="tickets.TicketMerged", subject_id=duplicate.pk
    ).exists()


def test_a_change_meanwhile_is_not_overwritten(pair, technician):
    duplicate, other = pair
    with pytest.raises(Stale):
        merge(duplicate, other, technician, version=duplicate.version + 1)


def test_a_duplicate_is_not_reopened(pair, technician):
    duplicate, other = pair
    merge(duplicate, other, technician)
    with pytest.raises(Refused, match="duplicate"):
        tickets.move_ticket(duplicate.pk, "reopened", actor=technician, now=minutes(40))


def test_one_merges_on_the_page_and_is_led_to_the_other(pair, technician, as_person):
    duplicate, other = pair
    url = reverse("tickets:merge", args=[duplicate.reference])
    client = as_person(technician)
    wrong = client.post(url, {"into": "T-99999"})
    answer = client.post(url, {"into": other.reference, "reason": "Same wall"})

    assert "There is no such ticket." in wrong.content.decode()
    assert answer.headers["Location"] == reverse("tickets:ticket", args=[other.reference])
    activity = client.get(reverse("tickets:activity", args=[duplicate.reference]))
    assert f"merged it into {other.reference}: Same wall" in activity.content.decode()


@pytest.mark.parametrize(("into", "status"), [("other", 200), ("T-99999", 400), ("x", 400)])
def test_a_program_merges_too(pair, technician, api_as, into, status):
    duplicate, other = pair
    stated = {"into": other.reference if into == "other" else into}
    url = f"/api/support/tickets/{duplicate.reference}/merge"

    assert api_as(technician).post(url, stated).status_code == status


def test_requesters_merge_nothing(pair, requester, api_as, as_person):
    duplicate, other = pair
    url = f"/api/support/tickets/{duplicate.reference}/merge"

    assert api_as(requester).post(url, {"into": other.reference}).status_code == 403
    page = reverse("tickets:merge", args=[duplicate.reference])
    assert as_person(requester).post(page, {"into": other.reference}).status_code == 403


def test_the_ticket_of_another_tenant_is_none(pair, technician, api_as, other_tenant):
    url = f"/api/support/tickets/{pair[0].reference}/merge"

    assert api_as(technician).post(url, {"into": "T-5000"}).status_code == 400


@pytest.mark.parametrize("ends", [["resolved"], ["resolved", "closed"]])
def test_nothing_is_merged_into_what_is_done(pair, technician, ends):
    duplicate, other = pair
    for at, status in enumerate(ends):
        acting = {"actor": technician, "now": minutes(5 + at)}
        tickets.move_ticket(other.pk, status, reason="Fixed", **acting)
    before = list(Clock.objects.filter(ticket=duplicate).values())
    with pytest.raises(Refused, match=f"{other.reference} is done already. Reopen it first"):
        merge(duplicate, other, technician)
    duplicate.refresh_from_db()

    assert (duplicate.status, duplicate.merged_into) == ("new", None)
    assert list(Clock.objects.filter(ticket=duplicate).values()) == before
