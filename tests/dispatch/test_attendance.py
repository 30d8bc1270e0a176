"""Attendance from a real service, right, slow, wrong, empty, down and back again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch import tasks
from dispatch.attendance import services
from dispatch.attendance.gateway import gateway_of
from dispatch.attendance.news import tell_back, tell_lost
from dispatch.attendance.rules import AGAIN
from dispatch.engine.facts import Presence, Source
from dispatch.events import AttendanceBack, AttendanceLost
from dispatch.models import AttendanceSource, AttendanceState, Engineer
from dispatch.reading import engineers_of
from nova.errors import Refused
from nova.events.bus import publish
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from nova.tenancy import fence
from tests.dispatch.attending import (
    TOKEN,
    asked,
    attendance_server,
    engineer,
    follow,
    presence,
    row,
)
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FOUR = datetime(2026, 3, 3, 16, tzinfo=UTC)


@pytest.fixture
def server():
    with attendance_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _near(settings):
    settings.OUTBOUND_ANYWHERE = True


@pytest.fixture
def admin(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def ann(tenant):
    return engineer("ann@acme.example")


@pytest.fixture
def source(server, admin, ann):
    return follow(server, admin)


def test_without_a_service_the_roster_says_who_is_there(ann):
    assert presence(ann) == Presence(until=FOUR, known_at=NOW)
    assert presence(engineer(on_shift=False)).until is None


def test_the_service_is_asked_for_an_instant_with_the_token(server, source):
    asked(source)

    assert server.asked == ["/api/hr/attendance?at=2026-03-03T10%3A00%3A00Z"]
    assert server.told["Authorization"] == f"Bearer {TOKEN}"
    assert server.told["Accept"] == "application/json"


def test_what_the_service_says_goes_before_the_roster(server, source, ann):
    ben = engineer("ben@acme.example", on_shift=False, external_id="4711")
    boss = {"email": "boss@acme.example", "on_duty": True}
    server.says(
        {"external_id": "4711", "on_duty": True, "until": "2026-03-03T14:00:00+01:00"},
        row(ann, on_duty=False, back_at="2026-03-04T08:00:00Z"),
        boss,
    )
    found = asked(source)

    assert (found.answered_at, found.named, found.strangers, found.remarks) == (NOW, 2, 1, [])
    assert presence(ben) == Presence(FOUR - 3 * HOUR, NOW, None, False, Source.ATTENDANCE, NOW)
    assert presence(ann) == Presence(None, NOW, FOUR + 16 * HOUR, False, Source.ATTENDANCE, NOW)


def test_whom_the_service_does_not_name_the_roster_does(server, source, ann):
    server.says(row(engineer(on_shift=False)))
    asked(source)

    assert (presence(ann).until, presence(ann).source) == (FOUR, Source.UNNAMED)


def test_an_empty_list_says_that_nobody_is_known_and_not_that_nobody_is_there(server, source, ann):
    server.says(row(ann, on_duty=False))
    asked(source)
    server.says()
    found = asked(source, NOW + MINUTE)

    assert (found.last_error, found.named) == ("", 0)
    assert presence(ann, NOW + MINUTE).until == FOUR
    assert not AttendanceState.objects.exists()


def test_of_whom_a_row_is_wrong_the_word_of_before_holds(server, source, ann):
    server.says(row(ann, on_duty=False))
    asked(source)
    server.says(row(ann, until="tonight"), row(engineer()))
    found = asked(source, NOW + 5 * MINUTE)

    told = presence(ann, NOW + 5 * MINUTE)
    assert found.remarks[0].startswith("row 1: until: is not an instant")
    assert (told.until, told.is_stale, told.said_at) == (None, True, NOW)


def test_of_many_remarks_some_are_kept_and_the_others_counted(server, source, ann):
    server.says(row(ann), *range(100))
    found = asked(source)

    assert len(found.remarks) == 21
    assert found.remarks[-1] == "and 80 more"


WRONG = {
    "a page": ({"content": b"<html>Sign in</html>"}, "It is not JSON."),
    "an object": ({"content": b'{"error": "no"}'}, "It is not a list."),
    "broken": ({"status": 500}, "It answered 500."),
    "no right to": ({"status": 403}, "It answered 403."),
    "led to an inner place": (
        {"status": 302, "headers": {"Location": "http://169.254.169.254/latest"}},
        "It answered 302.",
    ),
    "huge": ({"content": b" " * (5 << 20)}, "It is larger than 4096 KB."),
    "cut short": ({"content": b"[]", "headers": {"Content-Length": "9"}}, "IncompleteRead"),
}


@pytest.mark.parametrize(("wrong", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_an_answer_is_noted_and_the_word_of_before_holds(
    server, source, ann, wrong, words
):
    server.says(row(ann, on_duty=False))
    asked(source)
    vars(server).update(wrong)
    found = asked(source, NOW + 4 * MINUTE)

    assert words in found.last_error
    assert (found.failures, found.failed_at) == (1, NOW + 4 * MINUTE)
    assert found.answered_at == NOW
    assert found.next_ask_at == NOW + 4.5 * MINUTE
    told = presence(ann, NOW + 4 * MINUTE)
    assert (told.until, told.is_stale, told.known_at) == (None, True, NOW)


def test_a_redirect_is_not_followed_with_the_token(server, source):
    with attendance_server() as other:
        server.status, server.headers = 302, {"Location": f"{other.address}/api/hr/attendance"}
        asked(source)

        assert other.asked == []


@pytest.mark.parametrize("what", ["headers", "content"])
def test_a_service_that_drips_is_left_when_its_time_is_over(server, source, monkeypatch, what):
    monkeypatch.setattr(services, "SECONDS", 0.3)
    server.drips = what

    assert "timed out" in asked(source).last_error


def test_a_service_that_is_silent_is_left_when_its_time_is_over(server, source, monkeypatch):
    monkeypatch.setattr(services, "SECONDS", 0.3)
    server.gate.clear()

    assert "timed out" in asked(source).last_error


def test_a_service_that_is_down_is_lost_once_and_back_once(server, admin, ann, source):
    server.says(row(ann))
    asked(source)
    down = AttendanceSource.objects.filter(pk=source.pk)
    down.update(address="http://127.0.0.1:9")
    minutes = [asked(source, NOW + number * MINUTE) and number for number in range(1, 6)]
    down.update(address=server.address)
    found = asked(source, NOW + 6 * MINUTE)
    asked(source, NOW + 7 * MINUTE)

    assert (found.failures, found.lost_at, found.last_error) == (0, None, "")
    assert len(minutes) == 5
    [lost] = EventRecord.objects.filter(name="dispatch.AttendanceLost")
    [back] = EventRecord.objects.filter(name="dispatch.AttendanceBack")
    assert lost.occurred_at == NOW + 3 * MINUTE
    assert lost.payload["answered_at"] == NOW.isoformat()
    assert back.payload == {"lost_at": lost.occurred_at.isoformat()}
    assert presence(ann, NOW + 6 * MINUTE).is_stale is False


def test_who_answers_for_engineers_is_told_that_it_was_lost_and_is_back(tenant, admin):
    lead, _technician = PersonFactory(role="lead"), PersonFactory(role="technician")
    lost = AttendanceLost(tenant_id=tenant.pk, answered_at="", error="It answered 500.")
    back = AttendanceBack(tenant_id=tenant.pk, lost_at=NOW.isoformat())
    tell_lost(lost, recorded(lost, admin))
    tell_back(back, recorded(back, admin))

    told = Delivery.objects.filter(channel="in_app").order_by("pk")
    assert [(each.recipient, each.subject) for each in told.filter(recipient=lead)] == [
        (lead, "The attendance service does not answer"),
        (lead, "The attendance service answers again"),
    ]
    assert "It answered 500." in told[0].text
    assert {each.recipient for each in told} == {lead, admin}


def recorded(event, actor):
    publish(event, actor=actor, now=NOW)
    return EventRecord.objects.latest("pk")


def test_it_is_asked_again_soon_and_not_before(server, source):
    asked(source)

    assert not services.ask_next(source.tenant_id, now=NOW + AGAIN - timedelta(seconds=1))
    assert services.ask_next(source.tenant_id, now=NOW + AGAIN)


def test_a_service_that_is_switched_off_is_neither_asked_nor_believed(server, admin, source, ann):
    server.says(row(ann, on_duty=False))
    asked(source)
    follow(server, admin, token="", is_on=False)

    assert not services.ask_next(source.tenant_id, now=NOW + HOUR)
    assert presence(ann) == Presence(until=FOUR, known_at=NOW)


def test_another_service_begins_with_nothing_said(server, admin, source, ann):
    server.says(row(ann, on_duty=False))
    asked(source)
    follow(server, admin, address=f"{server.address}/hr", token="")

    assert presence(ann).source == Source.OUTDATED
    assert presence(ann).until == FOUR


def test_no_other_host_is_told_the_token_that_was_given_for_one(server, admin, source):
    with pytest.raises(Refused, match="give its token"):
        follow(server, admin, address="https://elsewhere.example", token="")
    source.refresh_from_db()
    assert source.address == server.address


def test_what_is_set_is_told_without_the_token(server, admin, source):
    follow(server, admin, token="")  # nothing differs
    follow(server, admin, token="another", is_on=False)

    events = EventRecord.objects.filter(name="dispatch.AttendanceSourceSet").order_by("pk")
    assert [record.payload["changes"] for record in events] == [
        {
            "address": ["", server.address],
            "is_on": [False, True],
            "token": [None, "changed"],
        },
        {"is_on": [True, False], "token": [None, "changed"]},
    ]
    assert TOKEN not in AttendanceSource.objects.get().sealed_token


def test_a_token_that_was_sealed_with_a_lost_key_is_asked_for_again(server, source, settings):
    settings.SECRET_KEY = "another one"
    settings.SECRET_KEY_FALLBACKS = []

    assert "enter it again" in asked(source).last_error
    assert server.asked == []


def test_no_service_lies_in_our_own_network(server, admin, source, settings):
    settings.OUTBOUND_ANYWHERE = False
    AttendanceSource.objects.update(address=f"https://127.0.0.1:{server.server_port}")

    assert "private network" in asked(source).last_error
    assert server.asked == []


def test_the_token_and_the_path_are_in_no_error_and_no_log(server, admin, source, capfd, caplog):
    follow(server, admin, address=f"{server.address}/hidden", token="")
    server.status = 500
    asked(source)
    AttendanceSource.objects.update(address="http://127.0.0.1:9/hidden")
    found = asked(source, NOW + MINUTE)

    said = found.last_error + "".join(capfd.readouterr()) + caplog.text
    assert "ConnectionError" in said
    assert TOKEN not in said
    assert "hidden" not in said


def test_tenants_have_each_their_service_and_their_engineers(
    server, source, ann, other_tenant, outsider
):
    with fence.inside(other_tenant.pk):
        theirs = engineer("theirs@globex.example", on_shift=False)
    server.says(row(theirs), row(ann, on_duty=False))
    found = asked(source)

    assert (found.named, found.strangers) == (1, 1)
    with fence.inside(other_tenant.pk):
        assert not AttendanceState.objects.exists()
        assert not AttendanceSource.objects.exists()
        assert presence(theirs).source == Source.ROSTER


@pytest.mark.parametrize("count", [3, 30])
def test_presences_cost_the_same_for_few_and_many(
    server, source, count, django_assert_num_queries
):
    server.says(*(row(engineer()) for _ in range(count)))
    asked(source)
    engineers = list(Engineer.objects.at_work().select_related("person"))

    with django_assert_num_queries(4):  # the service, shifts, changes, what was said
        found = gateway_of(source.tenant_id)(engineers, NOW)

    assert len(found) == count + 1


def test_an_answer_is_kept_at_the_same_cost_for_few_and_many(server, source):
    costs = []
    for number, count in enumerate((3, 30), start=1):
        server.says(*(row(engineer()) for _ in range(count)))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            asked(source, NOW + number * MINUTE)
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_the_engine_is_told_what_the_service_says(server, source, ann):
    server.says(row(ann, on_duty=False))
    asked(source)

    [fact] = engineers_of(source.tenant_id, NOW)
    assert fact.presence == presence(ann)
    assert fact.presence.source == Source.ATTENDANCE


def test_the_rounds_ask_what_is_due(server, source):
    tasks.ask_attendance_due()
    tasks.ask_attendance(source.tenant_id)
    tasks.ask_attendance(source.tenant_id)

    assert len(server.asked) == 1


@pytest.fixture
def apart(transactional_db):
    """Return an admin with an engineer, whom threads see as well."""
    made = TenantFactory()
    with fence.inside(made.pk):
        engineer("ann@acme.example")
        return PersonFactory(role="admin")


@pytest.mark.slow
def test_an_answer_that_comes_late_does_not_undo_a_newer_one(apart):
    with attendance_server() as server, ThreadPoolExecutor(1) as others:
        with fence.inside(apart.tenant_id):
            source = follow(server, apart)
            ann = Engineer.objects.get()
            server.says(row(ann, on_duty=False))
        server.gate.clear()
        late = others.submit(closing, lambda: services.ask_next(apart.tenant_id, now=NOW))
        while not server.asked:
            assert not late.done()
        with attendance_server() as newer, fence.inside(apart.tenant_id):
            newer.says(row(ann))
            AttendanceSource.objects.update(address=newer.address)
            asked(source, NOW + MINUTE)
            AttendanceSource.objects.update(address=server.address)
        server.gate.set()
        assert late.result()
        with fence.inside(apart.tenant_id):
            state = AttendanceState.objects.get()
            assert (state.on_duty, state.said_at) == (True, NOW + MINUTE)
            assert AttendanceSource.objects.get().answered_at == NOW + MINUTE


@pytest.mark.slow
def test_a_service_is_asked_by_one_worker(apart):
    with attendance_server() as server, ThreadPoolExecutor(4) as workers:
        with fence.inside(apart.tenant_id):
            follow(server, apart)
        ask = [
            workers.submit(closing, lambda: services.ask_next(apart.tenant_id, now=NOW))
            for _ in range(4)
        ]
        assert sorted(each.result() for each in ask) == [False, False, False, True]
        assert len(server.asked) == 1
