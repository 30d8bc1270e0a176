"""The page of satisfaction: who may open it, what it counts, and what people wrote."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from tests.downloads import text_of
from tests.factories import NOW, PersonFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets import services
from tickets.choices import Status
from tickets.models import Rating

MARCH = {"since": "2026-03-01", "until": "2026-03-31"}
LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _then(time_machine):
    time_machine.move_to(LATER, tick=False)


@pytest.fixture
def technician(tenant):
    return PersonFactory(role="technician", name="Ada Osei")


@pytest.fixture
def requester(tenant):
    return PersonFactory(name="Rob Ray")


@pytest.fixture
def studio(tenant):
    return TeamFactory(name="Studio")


def rated(requester, technician, *scores, team=None, comment=""):
    for score in scores:
        ticket = opened_for(requester, title="Screen flickers", team_id=team.pk if team else None)
        services.assign_ticket(ticket.pk, {"assignee": technician}, actor=technician, now=NOW)
        services.move_ticket(ticket.pk, Status.RESOLVED, actor=technician, now=NOW)
        if score:
            services.rate_ticket(ticket.pk, score, comment, actor=requester, now=LATER)


def page(client, **asked):
    return client.get(reverse("tickets:satisfaction"), {**MARCH, **asked})


def table(answer):
    return {line["Team"]: line for line in csv.DictReader(io.StringIO(text_of(answer)))}


@pytest.mark.parametrize(
    ("role", "status"),
    [("lead", 200), ("manager", 200), ("technician", 403), ("requester", 403)],
)
def test_it_is_for_those_who_may_read_it(tenant, role, status, as_person):
    assert page(as_person(PersonFactory(role=role))).status_code == status


def test_teams_are_counted_apart_and_few_answers_tell_nothing(
    requester, technician, studio, as_person
):
    rated(requester, technician, 5, 4, 3, 1, 5, 0, team=studio)
    rated(requester, technician, 5, 0)
    lead = as_person(PersonFactory(role="lead"))
    lines = table(page(lead, format="csv"))

    assert [*lines] == ["Studio", ""]
    assert lines["Studio"]["satisfied"] == "0.6"
    assert (lines["Studio"]["solved"], lines["Studio"]["answered"]) == ("6", "5")
    assert (lines[""]["answered"], lines[""]["satisfied"]) == ("1", "")
    shown = page(lead).content.decode()
    assert "4 of 6 answers" in shown
    assert "6 of 8 solved tickets" in shown


def test_it_agrees_with_a_plain_count(requester, technician, studio, as_person):
    rated(requester, technician, 5, 4, 2, 1, 5, 4, 4, team=studio)
    line = table(page(as_person(PersonFactory(role="lead")), format="csv"))["Studio"]
    scores = list(Rating.objects.values_list("score", flat=True))

    assert float(line["satisfied"]) == round(sum(s >= 4 for s in scores) / len(scores), 4)


def test_what_people_wrote_is_shown_as_text(requester, technician, as_person):
    rated(requester, technician, 2, comment="<b>Late</b> & cold")
    shown = page(as_person(PersonFactory(role="lead"))).content.decode()

    assert "&lt;b&gt;Late&lt;/b&gt; &amp; cold" in shown
    assert "2 of 5" in shown
    assert "Rob Ray" in shown


def test_a_number_leads_to_its_answers(requester, technician, studio, as_person):
    rated(requester, technician, 5, team=studio, comment="In the studio")
    rated(requester, technician, 3, comment="Elsewhere")
    lead = as_person(PersonFactory(role="lead"))
    every = page(lead)
    links = re.findall(r'href="([^"]+#said)"', every.content.decode())
    shown = [lead.get(reverse("tickets:satisfaction") + unescape(link)) for link in links]

    assert {"In the studio", "Elsewhere"} == said_on(every)
    assert [said_on(answer) for answer in shown] == [{"In the studio"}, {"Elsewhere"}]
    assert 'name="only"' not in shown[0].content.decode()
    assert page(lead, only="x").status_code == 422


def said_on(answer):
    found = answer.content.decode()
    return {words for words in ("In the studio", "Elsewhere") if words in found}


def test_nothing_of_other_days_or_organisations_is_counted(
    requester, technician, outsider, as_person
):
    rated(requester, technician, 5)
    lead = as_person(PersonFactory(role="lead"))

    for answer in (page(lead, since="2026-01-01", until="2026-01-31"), page(as_person(outsider))):
        assert "Nothing was solved" in answer.content.decode()


def test_days_that_are_none_are_named(tenant, as_person):
    answer = page(as_person(PersonFactory(role="lead")), until="2020-01-01")

    assert answer.status_code == 422
    assert "from before to" in answer.content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_the_same_for_few_and_many(
    requester, technician, as_person, count, django_assert_num_queries
):
    rated(requester, technician, *[4] * count, comment="Fine")
    client = as_person(PersonFactory(role="lead"))
    page(client)
    with django_assert_num_queries(6):
        page(client)
