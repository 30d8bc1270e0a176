"""Holidays from feeds: fetched through the guard, and made drafts or hours of."""

from datetime import timedelta

import pytest

from nova.events.models import EventRecord
from nova.notifications import outbound
from nova.notifications.models import Delivery
from nova.notifications.outbound import NotReached, fetch
from sla import services, tasks
from sla.calendar_news import tell_draft, tell_published
from sla.events import CalendarDrafted, CalendarPublished
from sla.models import CalendarFeed
from sla.services.feeds import AFTER_FAILURE, AGAIN, url_of
from sla.written import Written
from tests.factories import NOW, PersonFactory
from tests.sla.feeds import feed_server

WEEK = {"mon": [["09:00", "17:00"]]}
DAYS = timedelta(days=1)
CHRISTMAS, BOXING_DAY = "20261225", "20261226"
KB = 1024
ODD = b"\r\n".join(
    [b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"SUMMARY:Odd", b"END:VEVENT", b"END:VCALENDAR", b""]
)


@pytest.fixture
def feed():
    with feed_server() as server:
        server.closes(CHRISTMAS)
        yield server


@pytest.fixture(autouse=True)
def _near(settings):
    settings.OUTBOUND_ANYWHERE = True


@pytest.fixture
def admin(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def acting(admin):
    return {"actor": admin, "now": NOW}


@pytest.fixture
def calendar(acting):
    made = services.create_calendar("Berlin", Written(zone="Europe/Berlin", weekly=WEEK), **acting)
    return services.publish_calendar(made.pk, **acting)


def follow(calendar, url, acting, *, publishes_itself=False):
    services.set_feed(calendar.pk, url, publishes_itself=publishes_itself, **acting)


def fetched(calendar, now=NOW):
    assert services.fetch_next(calendar.tenant_id, now=now)
    return CalendarFeed.objects.get(calendar=calendar)


def versions(calendar):
    found = calendar.versions.order_by("number")
    return [(v.number, v.status, [day["date"] for day in v.written.feed]) for v in found]


def test_a_feed_makes_a_draft_and_those_who_arrange_calendars_are_told(
    calendar, feed, acting, admin
):
    follow(calendar, feed.url, acting)
    found = fetched(calendar)
    record = EventRecord.objects.get(name="sla.CalendarDrafted", payload__is_from_feed=True)
    tell_draft(CalendarDrafted(tenant_id=record.tenant_id, **record.payload), record)

    assert versions(calendar) == [(1, "published", []), (2, "draft", ["2026-12-25"])]
    assert (found.fetched_at, found.last_error, found.next_fetch_at) == (NOW, "", NOW + AGAIN)
    [told] = Delivery.objects.filter(channel="in_app")
    assert (told.recipient, told.link) == (
        admin,
        f"/core/sla/calendar/{calendar.pk}/year?version=2",
    )


def test_a_feed_that_says_the_same_writes_nothing(calendar, feed, acting):
    follow(calendar, feed.url, acting)
    fetched(calendar)
    services.publish_calendar(calendar.pk, **acting)
    fetched(calendar, NOW + AGAIN)

    assert [status for _, status, _ in versions(calendar)] == ["retired", "published"]


def test_a_feed_is_not_fetched_before_it_is_due(calendar, feed, acting):
    follow(calendar, feed.url, acting)
    fetched(calendar)

    assert not services.fetch_next(calendar.tenant_id, now=NOW + AGAIN - timedelta(seconds=1))
    services.ask_feed(calendar.pk, now=NOW)
    assert services.fetch_next(calendar.tenant_id, now=NOW)
    assert len(feed.asked) == 2


def test_a_feed_may_publish_by_itself(calendar, feed, acting, admin):
    follow(calendar, feed.url, acting, publishes_itself=True)
    fetched(calendar)
    record = EventRecord.objects.get(name="sla.CalendarPublished", payload__is_from_feed=True)
    tell_published(CalendarPublished(tenant_id=record.tenant_id, **record.payload), record)

    assert versions(calendar) == [(1, "retired", []), (2, "published", ["2026-12-25"])]
    assert Delivery.objects.filter(channel="in_app").get().recipient == admin


def test_a_feed_that_publishes_itself_passes_a_draft_that_somebody_writes(calendar, feed, acting):
    tokyo = Written(zone="Asia/Tokyo", weekly=WEEK)
    services.draft_calendar(calendar.pk, tokyo, **acting)
    follow(calendar, feed.url, acting, publishes_itself=True)
    fetched(calendar)

    assert versions(calendar) == [
        (1, "retired", []),
        (2, "published", ["2026-12-25"]),
        (3, "draft", ["2026-12-25"]),
    ]
    assert calendar.versions.get(number=3).definition["tz"] == "Asia/Tokyo"
    services.publish_calendar(calendar.pk, **acting)


def test_a_feed_adds_to_a_draft_and_takes_nothing_from_it(calendar, feed, acting, admin):
    own = [{"date": "2026-12-24", "closed": [["12:00", "24:00"]]}]
    drafted = Written(zone="Europe/Berlin", weekly=WEEK, own=own)
    services.draft_calendar(calendar.pk, drafted, **acting)
    follow(calendar, feed.url, acting)
    fetched(calendar)

    draft = calendar.versions.get(status="draft")
    assert (draft.author, draft.written.own) == (admin, own)
    assert [day["date"] for day in draft.definition["holidays"]] == ["2026-12-24", "2026-12-25"]


def test_what_is_past_stays_though_the_feed_forgets_it(calendar, feed, acting):
    feed.closes("20260101", CHRISTMAS)
    follow(calendar, feed.url, acting, publishes_itself=True)
    fetched(calendar)
    feed.closes(BOXING_DAY)
    fetched(calendar, NOW + AGAIN)

    assert versions(calendar)[-1] == (3, "published", ["2026-01-01", "2026-12-26"])


WRONG = {
    "not found": ({"status": 404}, "It answered 404."),
    "a page": ({"content": b"<html>Sign in</html>"}, "no iCalendar file"),
    "huge": ({"content": b"x" * (2 << 20)}, "larger than 1024 KB"),
    "led in circles": ({"status": 302, "headers": {"Location": "/again"}}, "from one address"),
    "led elsewhere": ({"status": 302, "headers": {"Location": "ftp://a.example/x"}}, "Only https"),
    "one bad event": (
        {"content": ODD},
        "event 1 (Odd): it has no DTSTART.",
    ),
}


@pytest.mark.parametrize(("wrong", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_feed_is_noted_and_changes_nothing(
    calendar, feed, acting, wrong, words
):
    vars(feed).update(wrong)
    follow(calendar, feed.url, acting)
    found = fetched(calendar)

    assert words in found.last_error
    assert (found.failed_at, found.fetched_at) == (NOW, None)
    assert found.next_fetch_at == NOW + AFTER_FAILURE
    assert [status for _, status, _ in versions(calendar)] == ["published"]


def test_a_feed_that_is_down_is_tried_again_and_forgiven(calendar, feed, acting):
    follow(calendar, "http://127.0.0.1:9/holidays.ics", acting)
    assert "ConnectionError" in fetched(calendar).last_error
    follow(calendar, feed.url, acting)
    found = fetched(calendar)

    assert (found.last_error, found.failed_at, found.fetched_at) == ("", None, NOW)


def test_a_feed_that_is_slow_is_left(feed, monkeypatch):
    monkeypatch.setattr(outbound, "ANSWER_SECONDS", 0.2)
    feed.gate.clear()

    with pytest.raises(NotReached, match="timed out"):
        fetch(feed.url, most_bytes=KB)


@pytest.mark.parametrize("what", ["headers", "content"])
def test_a_feed_that_drips_is_left(feed, monkeypatch, what):
    monkeypatch.setattr(outbound, "FETCH_SECONDS", 0.3)
    feed.drips = what

    with pytest.raises(NotReached, match="timed out"):
        fetch(feed.url, most_bytes=KB)


def test_a_redirect_is_followed_to_where_the_file_is(feed):
    with feed_server() as other:
        other.status, other.headers = 301, {"Location": feed.url}
        assert b"VCALENDAR" in fetch(other.url, most_bytes=KB)


def test_no_redirect_leads_into_our_own_network(feed, settings, monkeypatch):
    settings.OUTBOUND_ANYWHERE = False

    with pytest.raises(NotReached, match="private network"):
        fetch(f"https://127.0.0.1:{feed.server_port}/x", most_bytes=KB)
    assert feed.asked == []


def test_an_address_is_sealed_and_its_path_is_told_nowhere(calendar, feed, acting):
    follow(calendar, feed.url, acting)
    feed.status = 500
    found = fetched(calendar)

    assert url_of(found) == feed.url
    assert "secret" not in found.sealed_url + found.host + found.last_error
    events = EventRecord.objects.filter(subject="calendar").values_list("payload", flat=True)
    assert not any("secret" in str(payload) for payload in events)


def test_an_address_that_is_taken_away_is_asked_no_more(calendar, feed, acting):
    follow(calendar, feed.url, acting)
    follow(calendar, "", acting)

    assert not services.fetch_next(calendar.tenant_id, now=NOW + 9 * DAYS)
    assert EventRecord.objects.filter(name="sla.CalendarFeedSet").count() == 2


def test_what_is_secret_of_an_address_is_in_no_error():
    with pytest.raises(NotReached) as caught:
        fetch("http://127.0.0.1:99999/secret/x.ics?token=hidden", most_bytes=KB)

    assert "127.0.0.1:99999/…" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_the_rounds_fetch_what_is_due_and_tell_of_holidays_that_end(calendar, feed, acting):
    follow(calendar, feed.url, acting)
    tasks.fetch_feeds(calendar.tenant_id)
    tasks.fetch_due_feeds()
    tasks.note_ended_holidays()

    assert feed.asked == ["/secret/holidays.ics"]
