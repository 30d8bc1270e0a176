"""The demo looks alive at any hour, tells the same story each time, and is made only once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dispatch.models import Override
from nova.accounts.models import User
from nova.demo.openings import scenes
from nova.demo.services import ORGANISATIONS, seed_demo
from nova.demo.tables.acme import ACME
from nova.demo.tables.globex import GLOBEX
from nova.events.consumers import consume
from nova.events.models import EventRecord, ParkedEvent
from nova.tenancy import fence
from nova.tenancy.models import Tenant
from sla.models import Calendar, VipOverride
from stardust.models import Entry
from tests.factories import NOW
from tests.tickets.making import opened_for
from tickets.choices import Status
from tickets.models import Ticket
from tickets.rules import may_become
from vip.models import Recognition

MOMENTS = [
    pytest.param(NOW, id="Tuesday morning"),
    pytest.param(datetime(2026, 3, 7, 23, 30, tzinfo=UTC), id="Saturday night"),
    pytest.param(datetime(2026, 1, 1, 0, 5, tzinfo=UTC), id="New Year"),
]


@pytest.mark.parametrize("now", MOMENTS)
@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda organisation: organisation.slug)
def test_a_story_is_in_order_and_ends_now(organisation, now):
    told = scenes(organisation, now)

    instants = [scene.at for scene in told]
    assert instants == sorted(instants)
    assert instants[-1] <= now
    assert instants[0] >= now - timedelta(days=32)
    assert sum(scene.verb == "open" for scene in told) == organisation.tickets


@pytest.mark.parametrize("now", MOMENTS)
def test_every_step_of_a_story_is_allowed_by_the_lifecycle(now):
    told = [scene for scene in scenes(ACME, now) if scene.verb in {"open", "move", "say"}]

    status: dict[int, Status] = {}
    steps = []
    for scene in told:
        before = status.get(scene.ticket, Status.NEW)
        theirs = scene.verb == "say" and scene.who in (scene.role.requester, scene.role.submitter)
        answered = theirs and before == Status.AWAITING_CUSTOMER
        after = Status.IN_PROGRESS if answered else scene.says.get("to", before)
        steps += [(before, after)] * (scene.verb == "move")
        status[scene.ticket] = after
    assert [step for step in steps if not may_become(*step)] == []


def test_the_same_moment_has_the_same_story():
    assert scenes(GLOBEX, NOW) == scenes(GLOBEX, NOW)


def test_every_case_finds_people_places_and_words():
    roles = [scene.role for organisation in ORGANISATIONS for scene in scenes(organisation, NOW)]

    texts = [role.words(str(text)) for role in roles for text in vars(role.case).values()]
    assert [text for text in texts if "{" in text] == []


def test_it_is_refused_where_no_demo_is_asked_for(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="no demo"):
        call_command("seed_demo")


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_is_alive_fenced_and_made_once(settings):
    settings.DEMO = True
    made = list(seed_demo("nova-demo", now=NOW))
    out = StringIO()
    call_command("seed_demo", stdout=out)

    assert [(seeded.name, seeded.tickets) for seeded in made] == [
        ("Acme Broadcast", 352),
        ("Globex Logistics", 45),
    ]
    assert "there already" in out.getvalue()
    assert "nova-demo" in out.getvalue()
    acme = Tenant.objects.get(slug="acme")
    with fence.inside(acme.pk):
        assert User.objects.get(email="vip@acme.example").vip_level == "exec"
        assert User.objects.get(email="tech@acme.example").check_password("nova-demo")
        tickets = Counter(Ticket.objects.values_list("status", flat=True))
        assert set(tickets) >= set(Status) - {Status.ACKNOWLEDGED}
        states = Counter(Ticket.objects.unresolved().values_list("sla_state", flat=True))
        assert states["breached"] >= 3
        assert states["at_risk"] >= 1
        assert Ticket.objects.unresolved().exclude(vip_level="").exists()
        fresh = Ticket.objects.filter(opened_at__gt=NOW - timedelta(minutes=10))
        assert fresh.count() >= 3
        assert consume(acme.pk, now=NOW) > 0
        assert Ticket.objects.unresolved().filter(score_parts__has_key="risk").exists()
        assert not ParkedEvent.objects.exists()
        read = Recognition.objects.order_by("pk").values_list("person__name", "state")
        assert list(read) == [("Chen Wei", "applied"), ("Victoria Brandt", "proposed")]
        kinds = set(Entry.objects.values_list("kind", "is_bonus"))
        assert kinds >= {("earned", False), ("earned", True), ("taken_back", False)}
        assert Entry.objects.filter(person__email="tech@acme.example", points__gt=0).exists()
        fresh_vip = opened_for(User.objects.get(email="vip@acme.example"))
        assert Ticket.objects.unresolved().for_list().first() == fresh_vip  # is seen on top
        assert not EventRecord.objects.filter(occurred_at__gt=NOW).exists()
        assert not Ticket.objects.exclude(tenant=acme).exists()
        wishes = Counter(Override.objects.values_list("status", flat=True))
        assert wishes == {"approved": 2, "refused": 1, "asked": 1}
        assert VipOverride.objects.get(starts_at__gt=NOW).reason == "Annual general meeting"
        desk = Calendar.objects.get(name="Hamburg desk").current.definition
        assert desk["tz"] == "Europe/Berlin"
        assert {"Christmas Eve", "Reformation Day"} <= {day["name"] for day in desk["holidays"]}


@pytest.mark.slow
@pytest.mark.django_db
def test_people_saw_it_otherwise_also_where_the_desk_is_empty_now(settings):
    settings.DEMO = True
    next(seed_demo("nova-demo", now=datetime(2026, 3, 7, 23, 30, tzinfo=UTC)))

    with fence.inside(Tenant.objects.get(slug="acme").pk):
        wishes = Counter(Override.objects.values_list("status", flat=True))
    assert (wishes["approved"], wishes["refused"]) == (2, 1)
