"""Work is given out by what attendance said last, and the card says so."""

from datetime import timedelta

import pytest

from dispatch.attendance.words import source_words
from dispatch.cards import presence_told
from dispatch.choices import Cause
from dispatch.models import Decision
from dispatch.services import assign_by_engine
from nova.accounts.system import system_of
from nova.accounts.zones import UTC
from nova.web.words import Reader, words_of
from tests.dispatch.attending import asked, attendance_server, engineer, follow, row
from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for

MINUTE = timedelta(minutes=1)
LATER = NOW + 48 * MINUTE


@pytest.fixture
def server(settings):
    settings.OUTBOUND_ANYWHERE = True
    with attendance_server() as running:
        yield running


@pytest.fixture
def decided(tenant):
    """Return a way to have a ticket decided upon: to whom it goes, and how their card reads."""

    def decide(at=LATER):
        ticket = opened_for(PersonFactory())
        system = system_of(tenant.pk)
        assign_by_engine([ticket.pk], cause=Cause.OPENED, actor=system, now=at)
        decision = Decision.objects.get(ticket=ticket)
        named = [*decision.card["candidates"], *decision.card["refused"]]
        reader = Reader(at, UTC, words_of("en"))
        told = {each["person"]: presence_told(each["presence"]) for each in named}
        return decision.primary, {pk: source_words(each, reader) for pk, each in told.items()}

    return decide


WRONG = {
    "slow": {"drips": "content"},
    "wrong": {"content": b"<html>"},
    "broken": {"status": 500},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_assignment_goes_on_with_what_was_last_known(server, decided, monkeypatch, wrong):
    monkeypatch.setattr("dispatch.attendance.services.SECONDS", 0.3)
    gone, there = engineer(), engineer(on_shift=False)
    source = follow(server, PersonFactory(role="admin"))
    server.says(row(gone, on_duty=False), row(there, until="2026-03-03T18:00:00Z"))
    asked(source, NOW)
    vars(server).update(wrong)
    asked(source, LATER)

    primary, words = decided()
    assert primary == there.person
    silent = "as attendance said at 10:00 (it does not answer since)"
    assert words == {gone.person_id: silent, there.person_id: silent}


def test_an_empty_answer_leaves_it_to_the_roster(server, decided):
    there, _free = engineer(), engineer(on_shift=False)
    source = follow(server, PersonFactory(role="admin"))
    asked(source, LATER)

    primary, words = decided()
    assert primary == there.person
    assert set(words.values()) == {"by the roster, since attendance does not name them"}


def test_a_service_that_never_answered_leaves_it_to_the_roster(decided, settings):
    settings.OUTBOUND_ANYWHERE = True
    there = engineer()
    with attendance_server() as gone:
        pass
    asked(follow(gone, PersonFactory(role="admin")), LATER)

    primary, words = decided()
    assert primary == there.person
    assert set(words.values()) == {"by the roster, since attendance has not answered yet"}
