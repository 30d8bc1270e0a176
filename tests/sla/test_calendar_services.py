"""Calendars are written as drafts, published and retired; what was published never changes."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from nova.tenancy import fence
from sla import services
from sla.calendar_news import tell_draft, tell_ended
from sla.calendars import Malformed
from sla.events import CalendarDrafted, HolidaysEnded
from sla.models import Calendar, CalendarFeed, CalendarVersion
from sla.public_holidays import holidays_by_rule
from sla.services.calendars import DraftRefused
from sla.written import Written
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.sla.living import minutes
from tests.tickets.making import opened_for

WEEK = {"mon": [["09:00", "17:00"]]}


def written(**changes):
    return Written(**{"zone": "Europe/Berlin", "weekly": WEEK, **changes})


@pytest.fixture
def admin(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def acting(admin):
    return {"actor": admin, "now": NOW}


@pytest.fixture
def calendar(acting):
    return services.create_calendar("Berlin", written(), **acting)


@pytest.fixture
def published(calendar, acting):
    return services.publish_calendar(calendar.pk, **acting)


def statuses(calendar):
    return list(calendar.versions.order_by("number").values_list("number", "status"))


def told(name):
    return list(
        EventRecord.objects.filter(name=name).order_by("pk").values_list("payload", flat=True)
    )


def test_a_calendar_begins_with_a_draft_and_without_hours(calendar):
    assert statuses(calendar) == [(1, "draft")]
    assert Calendar.objects.get(pk=calendar.pk).current is None
    assert not Calendar.objects.in_force().filter(pk=calendar.pk).exists()
    assert [event["number"] for event in told("sla.CalendarDrafted")] == [1]


def test_to_publish_is_to_retire_what_was_in_force(published, acting):
    services.draft_calendar(published.pk, written(weekly={"tue": WEEK["mon"]}), **acting)
    services.publish_calendar(published.pk, **acting)

    assert statuses(published) == [(1, "retired"), (2, "published")]
    former = published.versions.get(number=1)
    assert (former.published_at, former.retired_at) == (NOW, NOW)
    assert told("sla.CalendarPublished")[-1]["changes"] == {
        "mon": ["09:00-17:00", ""],
        "tue": ["", "09:00-17:00"],
    }


def test_a_draft_is_written_anew_and_is_one(published, acting):
    for zone in ("Asia/Tokyo", "Asia/Dubai"):
        services.draft_calendar(published.pk, written(zone=zone), **acting)

    draft = published.versions.get(status="draft")
    assert (draft.number, draft.definition["tz"]) == (2, "Asia/Dubai")
    assert draft.hours.zone.key == "Asia/Dubai"


def test_what_says_no_more_than_before_writes_nothing(published, acting):
    assert services.draft_calendar(published.pk, written(), **acting) is None
    assert statuses(published) == [(1, "published")]


def test_a_draft_is_discarded_unless_it_is_all_there_is(published, acting):
    services.draft_calendar(published.pk, written(zone="UTC"), **acting)
    services.discard_calendar_draft(published.pk, **acting)
    first = services.create_calendar("Other", written(), **acting)

    assert statuses(published) == [(1, "published")]
    assert told("sla.CalendarDraftDiscarded")[0]["number"] == 2
    with pytest.raises(DraftRefused):
        services.discard_calendar_draft(first.pk, **acting)


def test_without_a_draft_there_is_nothing_to_publish_or_discard(published, acting):
    for verb in (services.publish_calendar, services.discard_calendar_draft):
        with pytest.raises(DraftRefused):
            verb(published.pk, **acting)


def test_hours_that_never_open_are_published_only_on_purpose(published, acting):
    services.draft_calendar(published.pk, written(weekly={}), **acting)
    with pytest.raises(DraftRefused, match="never open"):
        services.publish_calendar(published.pk, **acting)
    services.publish_calendar(published.pk, may_stay_closed=True, **acting)

    assert statuses(published)[-1] == (2, "published")


def test_hours_that_cannot_be_read_are_no_draft(published, acting):
    with pytest.raises(Malformed), transaction.atomic():
        services.draft_calendar(published.pk, written(zone="Mars/Base"), **acting)

    assert statuses(published) == [(1, "published")]


def test_a_clock_keeps_the_hours_that_it_started_with(tenant, acting):
    ticket = opened_for(PersonFactory(), at=minutes(0))
    before = list(ticket.clocks.order_by("pk").values("calendar_version", "due_at"))
    for calendar in Calendar.objects.all():
        services.draft_calendar(calendar.pk, written(zone="Asia/Tokyo"), **acting)
        services.publish_calendar(calendar.pk, **acting)

    assert list(ticket.clocks.order_by("pk").values("calendar_version", "due_at")) == before


def test_a_calendar_is_renamed_at_once(published, acting):
    services.rename_calendar(published.pk, "Munich", **acting)
    services.rename_calendar(published.pk, "Munich", **acting)

    assert [event["changes"] for event in told("sla.CalendarRenamed")] == [
        {"name": ["Berlin", "Munich"]}
    ]


FORBIDDEN = {
    "other hours": "UPDATE sla_calendarversion SET definition = '{}' WHERE status = %s",
    "another number": "UPDATE sla_calendarversion SET number = 9 WHERE status = %s",
    "a draft again": "UPDATE sla_calendarversion SET status = 'draft' WHERE status = %s",
    "deleted": "DELETE FROM sla_calendarversion WHERE status = %s",
}


@pytest.mark.parametrize("status", ["published", "retired"])
@pytest.mark.parametrize("words", FORBIDDEN.values(), ids=FORBIDDEN)
def test_the_database_itself_lets_no_published_version_change(published, acting, words, status):
    services.draft_calendar(published.pk, written(zone="UTC"), **acting)
    services.publish_calendar(published.pk, **acting)

    expected = pytest.raises(DatabaseError, match="what was published never changes")
    with expected, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words, [status])


@pytest.mark.parametrize(
    ("before", "after"), [("retired", "published"), ("published", "draft"), ("retired", "draft")]
)
def test_a_version_lives_in_one_direction(published, acting, before, after):
    for zone in ("UTC", "Asia/Tokyo"):
        services.draft_calendar(published.pk, written(zone=zone), **acting)
        _ = zone == "UTC" and services.publish_calendar(published.pk, **acting)

    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        published.versions.filter(status=before).update(status=after)


def test_a_version_does_not_follow_what_the_library_says_later(published, acting, monkeypatch):
    rule = holidays_by_rule("DE", "BY", 2026, 2026)
    services.draft_calendar(published.pk, written(public=rule), **acting)
    services.publish_calendar(published.pk, **acting)
    current = CalendarVersion.objects.get(status="published", calendar=published)

    assert current.written.public == rule
    assert {"date": "2026-01-06", "name": "Epiphany"} in current.definition["holidays"]


def test_holidays_that_end_are_told_once_for_each_year(published, acting, admin):
    rule = holidays_by_rule("DE", "BY", NOW.year, NOW.year)
    services.draft_calendar(published.pk, written(public=rule), **acting)
    services.publish_calendar(published.pk, **acting)
    lists = [services.note_ended_holidays(admin.tenant_id, **acting) for _ in range(2)]

    assert lists == [1, 0]
    assert [event["year"] for event in told("sla.HolidaysEnded")] == [NOW.year + 1]
    assert (
        services.note_ended_holidays(
            admin.tenant_id, actor=admin, now=NOW.replace(year=NOW.year + 1)
        )
        == 0
    )


def test_who_arranges_calendars_is_told_that_holidays_end(published, acting, admin):
    PersonFactory(role="technician")
    rule = holidays_by_rule("DE", "BY", NOW.year, NOW.year)
    services.draft_calendar(published.pk, written(public=rule), **acting)
    services.publish_calendar(published.pk, **acting)
    services.note_ended_holidays(admin.tenant_id, **acting)
    record = EventRecord.objects.get(name="sla.HolidaysEnded")
    for _ in range(2):
        tell_ended(HolidaysEnded(tenant_id=record.tenant_id, **record.payload), record)

    inbox = Delivery.objects.filter(channel="in_app")
    assert [(d.recipient, d.subject) for d in inbox] == [(admin, "Berlin: holidays end with 2026")]
    assert inbox[0].link == f"/core/sla/calendar/{published.pk}/change/"


def test_of_a_draft_that_a_person_wrote_nobody_is_told(calendar):
    record = EventRecord.objects.get(name="sla.CalendarDrafted")
    tell_draft(CalendarDrafted(tenant_id=record.tenant_id, **record.payload), record)

    assert not Delivery.objects.exists()


def test_no_other_tenant_sees_calendars_versions_or_feeds(published, acting, other_tenant):
    services.set_feed(published.pk, "https://a.example/x", publishes_itself=False, **acting)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('nova.tenant', %s, true)", [str(other_tenant.pk)])
        names = set(Calendar.objects.values_list("name", flat=True))
        versions = CalendarVersion.objects.filter(calendar=published.pk)
        seen = [versions.exists(), CalendarFeed.objects.exists()]
        cursor.execute("SELECT set_config('nova.tenant', %s, true)", [str(published.tenant_id)])

    assert "Berlin" not in names
    assert seen == [False, False]
    assert CalendarFeed.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_migration_says_of_old_versions_when_they_held_and_can_be_undone():
    tenant = TenantFactory()
    loader = MigrationExecutor(connection).loader
    before = dict(loader.get_migration("sla", "0014_calendar_drafts").dependencies)["sla"]
    with fence.inside(tenant.pk):
        acting = {"actor": PersonFactory(role="admin"), "now": NOW}
        made = services.create_calendar("Berlin", written(), **acting)
        services.publish_calendar(made.pk, **acting)
        for zone in ("UTC", "Asia/Tokyo"):
            services.draft_calendar(made.pk, written(zone=zone), **acting)
            _ = zone == "UTC" and services.publish_calendar(made.pk, **acting)
    call_command("migrate", "sla", before, verbosity=0)
    call_command("migrate", "sla", verbosity=0)

    with fence.inside(tenant.pk):
        assert statuses(made) == [(1, "retired"), (2, "published")]
        former = made.versions.get(number=1)
        assert (former.written_at, former.retired_at) == (NOW, NOW)
