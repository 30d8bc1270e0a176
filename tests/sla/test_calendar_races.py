"""Many at one calendar: one publishes, one writes the draft, and one worker fetches a feed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from nova.tenancy import fence
from sla import services
from sla.models import CalendarFeed
from sla.services.calendars import DraftRefused
from sla.written import Written
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing, wait_for_a_lock
from tests.sla.feeds import feed_server

ZONES = ("UTC", "Asia/Tokyo", "Asia/Dubai", "Asia/Kolkata")


@pytest.fixture
def admin(transactional_db):
    made = TenantFactory()
    with fence.inside(made.pk):
        return PersonFactory(role="admin")


@pytest.fixture
def calendar(admin):
    with fence.inside(admin.tenant_id):
        return services.create_calendar("Berlin", written("Europe/Berlin"), actor=admin, now=NOW)


def written(zone):
    return Written(zone=zone, weekly={"mon": [["09:00", "17:00"]]})


def versions(admin, calendar):
    with fence.inside(admin.tenant_id):
        found = calendar.versions.order_by("number")
        return list(found.values_list("number", "status"))


@pytest.mark.slow
def test_of_many_who_publish_a_draft_one_does(admin, calendar, at_once):
    def publish(_):
        try:
            with fence.inside(admin.tenant_id):
                services.publish_calendar(calendar.pk, actor=admin, now=NOW)
        except DraftRefused:
            return "refused"
        return "published"

    assert sorted(at_once(publish, range(4))) == ["published", *["refused"] * 3]
    assert versions(admin, calendar) == [(1, "published")]


@pytest.mark.slow
def test_many_who_write_at_once_write_one_draft(admin, calendar, at_once):
    def draft(zone):
        with fence.inside(admin.tenant_id):
            services.draft_calendar(calendar.pk, written(zone), actor=admin, now=NOW)

    with fence.inside(admin.tenant_id):
        services.publish_calendar(calendar.pk, actor=admin, now=NOW)
    at_once(draft, ZONES)

    assert versions(admin, calendar) == [(1, "published"), (2, "draft")]


@pytest.mark.slow
def test_a_feed_is_fetched_by_one_worker(admin, calendar, settings, at_once):
    settings.OUTBOUND_ANYWHERE = True
    with feed_server() as feed:
        feed.closes("20261225")
        with fence.inside(admin.tenant_id):
            services.set_feed(calendar.pk, feed.url, publishes_itself=False, actor=admin, now=NOW)
        fetched = at_once(lambda _: services.fetch_next(admin.tenant_id, now=NOW), range(4))

        assert sorted(fetched) == [False, False, False, True]
        assert len(feed.asked) == 1


@pytest.mark.slow
def test_who_sets_a_feed_anew_and_the_worker_that_fetched_it_do_not_wait_for_each_other(
    admin, calendar, settings
):
    settings.OUTBOUND_ANYWHERE = True
    acting = {"actor": admin, "now": NOW}

    def fetch():
        services.fetch_next(admin.tenant_id, now=NOW)

    with feed_server() as feed, ThreadPoolExecutor(1) as pool:
        feed.closes("20261225")
        with fence.inside(admin.tenant_id):
            services.set_feed(calendar.pk, feed.url, publishes_itself=False, **acting)
        with fence.inside(admin.tenant_id):
            services.rename_calendar(calendar.pk, "Bonn", **acting)
            fetching = pool.submit(closing, fetch)
            wait_for_a_lock(fetching)
            services.set_feed(calendar.pk, feed.url, publishes_itself=True, **acting)
        fetching.result()

    with fence.inside(admin.tenant_id):
        found = CalendarFeed.objects.get(calendar=calendar)
        assert (found.publishes_itself, found.fetched_at) == (True, NOW)
    assert versions(admin, calendar) == [(1, "draft")]
