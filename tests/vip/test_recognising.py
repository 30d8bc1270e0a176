"""What Cosmo recognises in life: marked, asked, judged, taken back; and what fools it not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts.choices import PersonKind, ProxyScope
from nova.accounts.services import appoint_proxy
from nova.errors import Refused
from nova.events.consumers import consume
from nova.events.models import EventRecord, ParkedEvent
from nova.notifications.models import Delivery
from sla.models import LedgerEntry
from tests.factories import NOW, DepartmentFactory, PersonFactory
from tests.tickets.making import opened_for
from tickets.services import add_comment, move_ticket
from vip import services
from vip.choices import RecognitionState as State
from vip.judging import MOST_A_DAY
from vip.models import Recognition, VipSettings
from vip.services import designate_vip, revoke_vip

OURS = {
    path: events
    for path, events in settings.EVENT_CONSUMERS.items()
    if path.startswith(("vip.consumers.", "vip.alerts."))
}
PLAINLY = "This is on behalf of Dana Fischer."


@pytest.fixture
def settle(tenant, settings):
    settings.EVENT_CONSUMERS = OURS

    def run():
        consume(tenant.pk, now=NOW)
        assert not ParkedEvent.objects.exists()

    return run


def made_vip(person, boss, level="exec"):
    person.designation = designate_vip(
        {"person_id": person.pk}, level, reason="Board", actor=boss, now=NOW
    )
    return person


@pytest.fixture
def dana(boss, settle):
    made = made_vip(PersonFactory(name="Dana Fischer", title="Chief Financial Officer"), boss)
    settle()
    return made


@pytest.fixture
def aide(dana):
    person = PersonFactory(name="Amir Haddad")
    appoint_proxy(dana, person, [ProxyScope.SUBMIT], actor=dana, now=NOW)
    return person


def borne(ticket):
    ticket.refresh_from_db()
    return ticket.vip_level, ticket.vip_trigger_source, ticket.vip_priority_score


def state_of(ticket):
    return Recognition.objects.get(ticket=ticket).state


NOTHING = ("", "", 0)
COSMOS = ("exec", "cosmo", 300)


def test_what_is_sure_is_marked_with_its_words(settle, dana, aide):
    ticket = opened_for(aide, description=PLAINLY)
    settle()

    assert borne(ticket) == COSMOS
    assert ticket.vip_reasons == [
        "Exec: Cosmo recognised that it is for Dana Fischer: “on behalf of Dana Fischer”"
    ]
    found = Recognition.objects.get()
    assert (found.state, found.level, found.confidence) == (State.APPLIED, "exec", 1)
    assert found.because == "Whoever wrote it acts for them"
    assert sum(Decimal(str(part["amount"])) for part in found.parts) == 1


def test_the_clocks_switch_and_the_desk_is_told_by_whom(settle, boss, dana, aide):
    ticket = opened_for(aide, description=PLAINLY)
    settle()

    switched = LedgerEntry.objects.filter(ticket=ticket, kind="policy_switched")
    assert switched.exists()
    told = Delivery.objects.filter(recipient=boss).values_list("subject", "text")
    assert any("A VIP" in subject and "Cosmo recognised" in body for subject, body in told)


def test_refusing_brings_everything_back_and_taking_it_back_marks_again(settle, boss, dana, aide):
    ticket = opened_for(aide, description=PLAINLY)
    settle()
    found = Recognition.objects.get()
    switches = LedgerEntry.objects.filter(ticket=ticket, kind="policy_switched")
    before = switches.count()
    services.refuse_recognition(found.pk, actor=boss, now=NOW)
    assert borne(ticket) == NOTHING
    assert ticket.vip_reasons == []
    assert switches.count() > before

    services.reconsider_recognition(found.pk, actor=boss, now=NOW)
    assert borne(ticket) == COSMOS
    assert state_of(ticket) == State.APPLIED


def test_what_is_not_sure_is_asked_and_changes_nothing(settle, boss, dana, aide):
    ticket = opened_for(aide, title="The slides are dark for our CFO")
    settle()

    assert borne(ticket) == NOTHING
    found = Recognition.objects.get()
    assert (found.state, str(found.confidence)) == (State.PROPOSED, "0.70")
    assert found.words == "for our CFO"
    assert Delivery.objects.filter(recipient=boss, subject__startswith="For a VIP?").exists()


def test_a_human_accepts_withdraws_and_takes_it_back(settle, boss, dana, aide):
    ticket = opened_for(aide, title="The slides are dark for our CFO")
    settle()
    found = Recognition.objects.get()
    judge = {"actor": boss, "now": NOW}

    services.accept_recognition(found.pk, **judge)
    assert (borne(ticket), state_of(ticket)) == (COSMOS, State.ACCEPTED)
    services.withdraw_recognition(found.pk, **judge)
    assert (borne(ticket), state_of(ticket)) == (NOTHING, State.WITHDRAWN)
    services.reconsider_recognition(found.pk, **judge)
    assert (borne(ticket), state_of(ticket)) == (NOTHING, State.PROPOSED)
    services.refuse_recognition(found.pk, **judge)
    with pytest.raises(Refused, match="refused already, by Boss"):
        services.accept_recognition(found.pk, **judge)


def test_nothing_of_it_is_silent(settle, boss, dana, aide):
    ticket = opened_for(aide, title="The slides are dark for our CFO")
    settle()
    found = Recognition.objects.get()
    services.accept_recognition(found.pk, actor=boss, now=NOW)
    services.reconsider_recognition(found.pk, actor=boss, now=NOW)

    told = EventRecord.objects.about("ticket", ticket.pk).filter(payload__recognition_id=found.pk)
    assert [
        (r.name, r.payload["before"], r.payload["after"], r.actor.name)
        for r in told.order_by("pk")
    ] == [
        ("vip.VipRecognised", "", "proposed", "Nova"),
        ("vip.RecognitionAccepted", "proposed", "accepted", "Boss"),
        ("vip.RecognitionReconsidered", "accepted", "proposed", "Boss"),
    ]


def test_the_mark_of_cosmo_outlives_that_the_requester_is_looked_at_again(
    settle, boss, dana, aide
):
    ticket = opened_for(aide, description=PLAINLY)
    settle()
    made_vip(aide, boss, "gold")
    settle()
    assert borne(ticket) == COSMOS

    revoke_vip(aide.designation.pk, reason="Over", actor=boss, now=NOW)
    settle()
    assert borne(ticket) == COSMOS


def test_of_two_levels_alike_the_one_that_a_person_gave_speaks(settle, boss, dana, aide):
    made_vip(aide, boss, "exec")
    settle()
    ticket = opened_for(aide, description=PLAINLY)
    settle()
    assert borne(ticket) == ("exec", "manual", 300)
    assert len(ticket.vip_reasons) == 2


def test_the_mark_follows_what_the_person_is_and_ends_with_it(settle, boss, dana, aide):
    ticket = opened_for(aide, description=PLAINLY)
    waiting = opened_for(aide, title="for our CFO")
    settle()
    revoke_vip(dana.designation.pk, reason="Left the board", actor=boss, now=NOW)
    made_vip(dana, boss, "gold")
    settle()
    assert borne(ticket) == ("gold", "cosmo", 200)

    revoke_vip(dana.designation.pk, reason="Left", actor=boss, now=NOW)
    settle()
    assert borne(ticket) == NOTHING
    assert state_of(ticket) == state_of(waiting) == State.WITHDRAWN
    found = Recognition.objects.get(ticket=waiting)
    with pytest.raises(Refused, match="no VIP any more"):
        services.reconsider_recognition(found.pk, actor=boss, now=NOW)


def test_to_write_for_our_cfo_lifts_nobodys_own_ticket(settle, dana):
    ticket = opened_for(PersonFactory(name="Mallory"), description=PLAINLY)
    settle()
    assert borne(ticket) == NOTHING
    assert state_of(ticket) == State.PROPOSED
    assert Recognition.objects.get().because.startswith("Whoever wrote it is neither theirs")


def test_a_colleagues_word_is_a_question(settle, dana):
    writer, place = PersonFactory(), DepartmentFactory()
    type(dana).objects.filter(pk__in=[writer.pk, dana.pk]).update(department=place)
    ticket = opened_for(writer, description=PLAINLY)
    settle()
    assert borne(ticket) == NOTHING
    assert state_of(ticket) == State.PROPOSED


@pytest.mark.parametrize("tie", ["manager", "desk"])
def test_whose_word_counts(settle, dana, tie):
    writer = PersonFactory(role="technician" if tie == "desk" else "requester")
    if tie == "manager":
        type(dana).objects.filter(pk=writer.pk).update(manager=dana)
    ticket = opened_for(PersonFactory(), submitted_by=writer, description=PLAINLY)
    settle()
    assert borne(ticket) == COSMOS


def test_to_read_the_desk_is_not_to_work_at_it(settle, dana):
    ticket = opened_for(PersonFactory(role="executive"), description=PLAINLY)
    settle()
    assert state_of(ticket) == State.PROPOSED


def test_what_a_program_sends_is_its_requesters_word(settle, dana):
    program = PersonFactory(role="integration", kind=PersonKind.SERVICE)
    ticket = opened_for(PersonFactory(), submitted_by=program, description=PLAINLY)
    settle()
    assert state_of(ticket) == State.PROPOSED


def test_an_author_marks_only_so_many_a_day(settle, dana, aide):
    tickets = [opened_for(aide, description=PLAINLY) for _ in range(MOST_A_DAY + 1)]
    settle()
    states = [state_of(ticket) for ticket in tickets]
    assert states == [State.APPLIED] * MOST_A_DAY + [State.PROPOSED]

    later = opened_for(aide, description=PLAINLY, at=NOW + timedelta(days=1))
    settle()
    assert state_of(later) == State.APPLIED


def test_somebody_else_of_that_name_makes_it_a_question(settle, dana, aide):
    PersonFactory(name="Dana FISCHER")
    ticket = opened_for(aide, description=PLAINLY)
    settle()
    assert borne(ticket) == NOTHING
    found = Recognition.objects.get()
    assert (str(found.confidence), found.because) == ("0.50", "Several people may be meant")


def test_a_first_name_that_others_bear_is_nobodys(settle, dana, aide):
    PersonFactory(name="Dana Scully")
    opened_for(aide, description="This is on behalf of Dana")
    settle()
    assert not Recognition.objects.exists()


def test_a_title_that_others_bear_is_a_question(settle, dana, aide):
    PersonFactory(name="Ed", title="CFO")
    ticket = opened_for(aide, description="on behalf of our CFO")
    settle()
    assert borne(ticket) == NOTHING
    assert not Recognition.objects.exists()  # half of 0.90 is nothing to ask


def test_those_who_are_no_vips_matter_to_nobody(settle, dana, aide):
    PersonFactory(name="Tom Berg")
    ticket = opened_for(aide, description="This is on behalf of Tom Berg")
    settle()
    assert not Recognition.objects.exists()
    assert borne(ticket) == NOTHING


def test_vips_of_others_are_not_known(settle, aide, other_tenant):
    ticket = opened_for(aide, description="on behalf of Vera Outside")
    settle()
    assert not Recognition.objects.filter(ticket=ticket).exists()


def test_a_later_reply_says_it_too_and_a_note_does_not(settle, boss, dana, aide):
    ticket = opened_for(aide)
    add_comment(ticket.pk, PLAINLY, is_internal=True, actor=boss, now=NOW)
    add_comment(ticket.pk, PLAINLY, actor=boss, now=NOW)
    settle()
    assert not Recognition.objects.exists()

    add_comment(ticket.pk, PLAINLY, actor=aide, now=NOW)
    settle()
    assert borne(ticket) == COSMOS
    assert Recognition.objects.get().comment.body == PLAINLY


def test_a_question_is_answered_by_surer_words_but_a_refusal_stands(settle, boss, dana, aide):
    ticket = opened_for(aide, title="for our CFO")
    refused = opened_for(aide, title="for our CFO")
    settle()
    found = Recognition.objects.get(ticket=refused)
    services.refuse_recognition(found.pk, actor=boss, now=NOW)
    for one in (ticket, refused):
        add_comment(one.pk, PLAINLY, actor=aide, now=NOW)
    settle()
    assert (borne(ticket), state_of(ticket)) == (COSMOS, State.APPLIED)
    assert (borne(refused), state_of(refused)) == (NOTHING, State.REFUSED)


def test_nothing_is_asked_that_would_change_nothing(settle, boss, dana, aide):
    made_vip(aide, boss, "exec")
    settle()
    opened_for(aide, title="for our CFO")
    settle()
    assert not Recognition.objects.exists()


def test_a_ticket_that_is_done_is_judged_no_more(settle, boss, dana, aide):
    ticket = opened_for(aide, title="for our CFO")
    settle()
    move_ticket(ticket.pk, "resolved", actor=boss, now=NOW, resolution="Done")
    with pytest.raises(Refused, match="is done"):
        services.accept_recognition(Recognition.objects.get().pk, actor=boss, now=NOW)


def test_a_tenant_may_switch_it_off(tenant, settle, dana, aide):
    VipSettings.objects.create(tenant=tenant, recognises=False)
    opened_for(aide, description=PLAINLY)
    settle()
    assert not Recognition.objects.exists()


def test_a_tenant_says_from_which_confidence_on(tenant, settle, dana, aide):
    VipSettings.objects.create(
        tenant=tenant, sure_from=Decimal("0.7"), propose_from=Decimal("0.65")
    )
    sure, named = opened_for(aide, title="for our CFO"), opened_for(aide, title="Dana Fischer")
    settle()
    assert borne(sure) == COSMOS
    assert not Recognition.objects.filter(ticket=named).exists()


def test_many_new_tickets_cost_as_much_as_few(settle, dana, aide):
    def cost(count):
        for _ in range(count):
            opened_for(aide, description="Nobody is named here, not even Tom Berg")
        with CaptureQueriesContext(connection) as queries:
            settle()
        return len(queries)

    cost(1)
    assert cost(3) == cost(30)
