"""VIP handling for an auditor: on the page, as CSV, and on paper that a reader can read."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from nova.accounts.services import appoint_proxy
from nova.events.models import EventRecord
from sla.services import sweep
from tests.downloads import text_of
from tests.factories import NOW, PersonFactory, SiteFactory
from tests.sla.living import promise
from tests.vip.faring import HOUR, solved, vip
from tickets import services
from vip.reports import files

PERIOD = {"since": "2026-03-01", "until": "2026-03-31"}


@pytest.fixture(autouse=True)
def _later(time_machine):
    time_machine.move_to(NOW + timedelta(days=25), tick=False)


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead", name="Ada Osei")


@pytest.fixture
def vera(lead):
    return vip(lead, "exec", SiteFactory())


@pytest.fixture
def handled(lead, worker, vera):
    """Return two tickets: one in time and answered by an assistant, one late; and nobody's."""
    promise(90, response=20)
    assistant = PersonFactory(name="Aylin Kaya")
    appoint_proxy(vera, assistant, ["view", "reply"], actor=vera, now=NOW)
    quick = solved(vera, worker, NOW + HOUR, after=2 * HOUR / 3, title="=HYPERLINK(1)")
    said = {"actor": assistant, "on_behalf_of": vera, "now": NOW + 3 * HOUR}
    services.rate_ticket(quick.pk, 4, **said)
    late = solved(vera, worker, NOW + 2 * HOUR, after=5 * HOUR, title="Wall is dark")
    solved(PersonFactory(), worker, NOW + HOUR, after=HOUR)
    sweep(lead.tenant_id, actor=lead, now=NOW + timedelta(days=2))
    return quick, late


def table(answer):
    return list(csv.DictReader(io.StringIO(text_of(answer))))


def test_each_ticket_tells_how_it_was_handled(handled, lead, worker, as_person):
    quick, late = table(as_person(lead).get(reverse("vip:handling"), {**PERIOD, "format": "csv"}))
    assert quick["title"] == "'=HYPERLINK(1)"
    assert (quick["level"], quick["source"], quick["rating"]) == ("Exec", "Manual", "4")
    assert "Board" in quick["reasons"]
    assert (quick["time to respond"], quick["time to resolve"]) == ("0:04:00", "0:40:00")
    assert (quick["response verdict"], quick["resolution verdict"]) == ("in time", "in time")
    assert (late["response verdict"], late["resolution verdict"]) == ("breached", "breached")
    assert quick["policy"]
    assert quick["resolution target"] == "1:00:00"  # what VIPs are promised
    assert {"Łucja Żak", "Aylin Kaya for Vera Lind"} <= set(quick["who acted"].split("; "))
    assert quick["acts in another's name"] == (
        "2026-03-03T13:00:00+00:00 Aylin Kaya for Vera Lind rated it 4 of 5"
    )
    assert late["acts in another's name"] == ""


def test_the_paper_can_be_read_back(handled, lead, as_person):
    answer = as_person(lead).get(reverse("vip:handling"), {**PERIOD, "format": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    document = PdfReader(io.BytesIO(answer.content))
    text = "\n".join(page.extract_text() for page in document.pages)
    for words in ("VIP handling", "T-1001 =HYPERLINK(1)", "Wall is dark", "Łucja Żak", "Page 1"):
        assert words in text
    assert "Aylin Kaya for Vera Lind" in " ".join(text.split())
    assert document.metadata.title == "VIP handling"
    assert document.root_object["/Lang"] == "en"
    outline = [entry for entry in document.outline if not isinstance(entry, list)]
    assert [entry.title for entry in outline] == ["VIP handling"]
    assert len(document.outline[1]) == 2


def test_paper_has_numbered_pages_and_its_end(lead, worker, vera, as_person, monkeypatch):
    for n in range(12):
        solved(vera, worker, NOW + n * HOUR / 10, after=HOUR, title="<b>&amp; " + "long " * 40)
    url = reverse("vip:handling")
    answer = as_person(lead).get(url, {**PERIOD, "format": "pdf"})
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) > 1
    assert [f"Page {n + 1}" in page.extract_text() for n, page in enumerate(pages)] == [
        True for _ in pages
    ]
    monkeypatch.setattr(files, "MOST_ON_PAPER", 11)
    answer = as_person(lead).get(url, {**PERIOD, "format": "pdf"})
    assert answer.status_code == 409
    assert "Take the CSV" in answer.content.decode()


def test_of_no_ticket_there_is_a_page_and_a_paper(lead, as_person):
    url = reverse("vip:handling")
    assert "No VIP opened a ticket" in as_person(lead).get(url, PERIOD).content.decode()
    answer = as_person(lead).get(url, {**PERIOD, "format": "pdf"})
    [page] = PdfReader(io.BytesIO(answer.content)).pages
    assert "There is no such ticket." in page.extract_text()


def test_a_long_file_is_whole(lead, worker, vera, as_person, monkeypatch):
    made = [solved(vera, worker, NOW + n // 3 * HOUR / 10, after=HOUR).reference for n in range(7)]
    monkeypatch.setattr("vip.reports.handling.every_line.__defaults__", (2,))
    lines = table(as_person(lead).get(reverse("vip:handling"), {**PERIOD, "format": "csv"}))
    assert [line["reference"] for line in lines] == made


def test_each_file_is_on_record(handled, lead, as_person, api_as):
    browser = as_person(lead)
    for form in ("csv", "pdf"):
        browser.get(reverse("vip:handling"), {**PERIOD, "format": form})
    assert table(api_as(lead).get("/api/support/vip/handling", PERIOD))[0]["level"] == "Exec"
    told = EventRecord.objects.filter(name="vip.VipReportExported", actor=lead).order_by("pk")
    assert [fact.payload["form"] for fact in told] == ["csv", "pdf", "csv"]
    assert {fact.payload["report"] for fact in told} == {"handling"}


@pytest.mark.parametrize(
    ("role", "status"),
    [("lead", 200), ("admin", 200), ("technician", 403), ("manager", 403), ("requester", 404)],
)
def test_who_may_read_it(role, status, handled, as_person, api_as):
    person = PersonFactory(role=role)
    assert as_person(person).get(reverse("vip:handling"), PERIOD).status_code == status
    assert api_as(person).get("/api/support/vip/handling", PERIOD).status_code == status


def test_another_tenants_tickets_are_not_told(handled, outsider, api_as):
    assert table(api_as(outsider).get("/api/support/vip/handling", PERIOD)) == []


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_costs_the_same_for_few_and_many(
    count, lead, worker, vera, as_person, django_assert_num_queries
):
    for n in range(count):
        solved(vera, worker, NOW + n * HOUR / 10, after=HOUR)
    browser = as_person(lead)
    browser.get(reverse("vip:handling"))
    with django_assert_num_queries(10):
        browser.get(reverse("vip:handling"), PERIOD)
