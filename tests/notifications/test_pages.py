"""The bell, the list, the alerts and the API show one's own, and nobody else's."""

import pytest

from nova.notifications.models import Delivery
from nova.tenancy import fence
from tests.factories import NOW, PersonFactory

API = "/api/support/notifications"


@pytest.fixture
def make(db, tenant):
    """Return a way to give somebody notifications."""

    def makes(person, *subjects, kind="news", read_at=None):
        return Delivery.objects.bulk_create(
            Delivery(
                tenant_id=person.tenant_id,
                channel="in_app",
                kind=kind,
                recipient=person,
                template="notices/told",
                subject=subject,
                text="words",
                link="/tickets/T-1",
                state="sent",
                key=f"{person.pk}-{subject}",
                created_at=NOW,
                sent_at=NOW,
                read_at=read_at,
            )
            for subject in subjects
        )

    return makes


@pytest.fixture
def reader(tenant):
    return PersonFactory(role="requester")


@pytest.fixture
def other(tenant):
    return PersonFactory(role="requester")


def test_the_api_lists_ones_own_newest_first(make, reader, other, api_as):
    make(reader, "first", "second")
    make(other, "not yours")
    body = api_as(reader).get(API).json()

    assert [row["subject"] for row in body["results"]] == ["second", "first"]
    assert body["results"][0].keys() == {
        "id",
        "kind",
        "subject",
        "text",
        "link",
        "created_at",
        "read_at",
    }


def test_the_api_narrows_to_the_unread_and_marks_them(make, reader, api_as):
    make(reader, "old", read_at=NOW)
    first, _ = make(reader, "a", "b")
    program = api_as(reader)

    assert len(program.get(f"{API}?unread=true").json()["results"]) == 2
    assert program.post(f"{API}/read", {"ids": [first.pk]}, format="json").json() == {"read": 1}
    assert program.post(f"{API}/read", {}, format="json").json() == {"read": 1}
    assert program.get(f"{API}?unread=true").json()["results"] == []


@pytest.mark.parametrize(
    ("body", "field"), [({"ids": "x"}, "ids"), ({"ids": [0]}, "ids.0"), ({"id": 1}, "id")]
)
def test_the_api_refuses_garbage_by_name(reader, api_as, body, field):
    response = api_as(reader).post(f"{API}/read", body, format="json")

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]


def test_another_tenant_sees_none(make, reader, outsider, api_as):
    make(reader, "a")

    assert api_as(outsider).get(API).json()["results"] == []


@pytest.mark.parametrize("count", [3, 25])
def test_the_list_costs_the_same_for_few_and_many(
    make, reader, as_person, count, django_assert_num_queries
):
    make(reader, *[f"news {n}" for n in range(count)])
    browser = as_person(reader)
    with django_assert_num_queries(5):  # savepoint, person, count, page, release
        response = browser.get("/notifications/", headers={"HX-Request": "true"})

    assert response.content.count(b'<li id="notification-') == count


def test_the_page_and_the_bell_count(make, reader, as_person):
    make(reader, "<script>alert(1)</script>", "b")
    browser = as_person(reader)
    page = browser.get("/notifications/").content.decode()

    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "2 unread" in browser.get("/notifications/bell").content.decode()


def test_alerts_are_unread_after_the_last_seen_and_no_news(make, reader, as_person):
    make(reader, "seen", kind="vip", read_at=NOW)
    make(reader, "gossip", kind="news")
    first, second = make(reader, "elder", "younger", kind="vip")
    browser = as_person(reader)
    everything = browser.get("/notifications/alerts").content.decode()
    later = browser.get(f"/notifications/alerts?after={first.pk}").content.decode()

    assert everything.index("elder") < everything.index("younger")
    assert "seen" not in everything
    assert "gossip" not in everything
    assert "elder" not in later
    assert f'data-toast="{second.pk}"' in later


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30, "²"])
def test_a_strange_place_to_go_on_from_is_the_start(make, reader, as_person, after):
    make(reader, "one", kind="vip")

    assert b"one" in as_person(reader).get("/notifications/alerts", {"after": after}).content


def test_reading_one_and_all(make, reader, other, as_person):
    first, second = make(reader, "a", "b")
    [others] = make(other, "c")
    browser = as_person(reader)
    browser.post(f"/notifications/{first.pk}/read")
    browser.post(f"/notifications/{others.pk}/read")
    unread = Delivery.objects.unread().values_list("pk", flat=True)

    assert set(unread) == {second.pk, others.pk}
    assert browser.post("/notifications/read").status_code == 302
    assert set(unread.all()) == {others.pk}
    with fence.inside(other.tenant_id):
        assert Delivery.objects.unread().count() == 1
