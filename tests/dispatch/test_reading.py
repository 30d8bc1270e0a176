"""Engineers as the engine looks at them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.engine.facts import Presence
from dispatch.models import (
    EngineerCertificate,
    EngineerSite,
    EngineerSkill,
    Performance,
    RosterChange,
)
from dispatch.reading import engineers_of, loads_of
from nova.accounts.models import TeamMembership
from nova.tenancy import fence
from tests.dispatch.making import CertificateFactory, EngineerFactory, ShiftFactory, SkillFactory
from tests.factories import NOW, PersonFactory, ServiceFactory, SiteFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets.choices import Status
from tickets.models import Ticket

TODAY = NOW.date()
MARA = {"person__name": "Mara Ruiz", "person__zone": "Europe/Berlin"}


@pytest.fixture
def mara(tenant):
    return EngineerFactory(languages=["de", "en"], capacity=800, **MARA)


def fact_of(engineer, now=NOW, **asked):
    return next(
        f for f in engineers_of(engineer.tenant_id, now, **asked) if f.pk == engineer.person_id
    )


def test_an_engineer_is_a_person_with_all_that_they_bring(mara, tenant):
    team, skill, site = TeamFactory(), SkillFactory(), SiteFactory()
    of = {"tenant": tenant, "engineer": mara}
    TeamMembership.objects.create(tenant=tenant, team=team, person=mara.person)
    EngineerSkill.objects.create(skill=skill, level=4, **of)
    EngineerSite.objects.create(site=site, **of)
    found = fact_of(mara)
    assert (found.name, found.capacity, found.load) == ("Mara Ruiz", 800, 0)
    assert (found.teams, found.sites) == ({team.pk}, {site.pk})
    assert (found.skills, found.languages) == ({skill.pk: 4}, {"de", "en"})


@pytest.mark.parametrize(
    ("expires_on", "is_valid"),
    [(None, True), (TODAY, True), (TODAY - timedelta(days=1), False)],
    ids=["for good", "its last day", "the day after"],
)
def test_only_valid_certificates_count(mara, tenant, expires_on, is_valid):
    held = CertificateFactory()
    EngineerCertificate.objects.create(
        tenant=tenant, engineer=mara, certificate=held, expires_on=expires_on
    )
    assert (held.pk in fact_of(mara).certificates) is is_valid


def test_the_day_of_a_certificate_is_that_of_the_engineer(tenant):
    far = EngineerFactory(person__zone="Pacific/Auckland")
    held = CertificateFactory()
    EngineerCertificate.objects.create(
        tenant=tenant, engineer=far, certificate=held, expires_on=date(2026, 3, 3)
    )
    late = datetime(2026, 3, 3, 11, 30, tzinfo=UTC)  # half an hour into the fourth, over there
    assert not engineers_of(tenant.pk, late)[0].certificates


def test_quality_is_by_service(mara, tenant):
    service = ServiceFactory()
    of = {"tenant": tenant, "engineer": mara, "as_of": NOW}
    Performance.objects.create(service=service, quality=700, **of)
    Performance.objects.create(quality=600, **of)
    assert fact_of(mara).quality == {service.pk: 700}


def test_they_are_at_work_by_their_roster(mara, tenant):
    ShiftFactory(engineer=mara)
    assert fact_of(mara).presence.until == datetime(2026, 3, 3, 15, tzinfo=UTC)
    RosterChange.objects.create(tenant=tenant, engineer=mara, first=TODAY, last=TODAY)
    assert fact_of(mara).presence.until is None


def test_who_has_stated_to_be_away_is_not_at_work_until_then(mara):
    ShiftFactory(engineer=mara)
    mara.person.away_until = NOW + timedelta(hours=1)
    mara.person.save()
    found = fact_of(mara).presence
    assert (found.until, found.back_at) == (None, NOW + timedelta(hours=1))
    assert fact_of(mara, now=NOW + timedelta(hours=1)).presence.until is not None


def test_other_hours_stand_for_those_of_the_week(mara, tenant):
    ShiftFactory(engineer=mara)
    hours = {"kind": "hours", "opens": time(10), "closes": time(12)}
    RosterChange.objects.create(tenant=tenant, engineer=mara, first=TODAY, last=TODAY, **hours)
    assert fact_of(mara).presence.until == datetime(2026, 3, 3, 11, tzinfo=UTC)


def test_who_is_at_work_may_be_known_from_elsewhere(mara):
    told = Presence(NOW + timedelta(hours=1), NOW, is_stale=True)
    found = fact_of(mara, presences=lambda engineers, _now: dict.fromkeys([mara.pk], told))
    assert found.presence == told


def test_who_takes_no_work_is_not_among_them(tenant):
    EngineerFactory(takes_work=False)
    EngineerFactory(person__is_active=False)
    assert engineers_of(tenant.pk, NOW) == []


def test_another_organisation_is_not_among_them(mara, other_tenant):
    with fence.inside(other_tenant.pk):
        assert engineers_of(other_tenant.pk, NOW) == []


def test_load_is_the_sum_of_what_they_have(mara):
    requester = PersonFactory()
    for priority, status in [(1, Status.NEW), (3, Status.AWAITING_CUSTOMER), (3, Status.NEW)]:
        held(requester, mara, priority=priority, status=status)
    held(requester, mara, deleted_at=NOW)
    held(requester, mara, status=Status.RESOLVED, resolved_at=NOW)
    assert loads_of([mara.person_id]) == {mara.person_id: 325}
    assert fact_of(mara).load == 325


def held(requester, engineer, **stands):
    ticket = opened_for(requester)
    stands = {"assignee": engineer.person, "awaiting_reason": "a part", "priority": 3, **stands}
    Ticket.objects.filter(pk=ticket.pk).update(**stands)


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_the_same_for_few_and_many(count, tenant, django_assert_num_queries):
    skill, team = SkillFactory(), TeamFactory()
    for engineer in EngineerFactory.create_batch(count):
        ShiftFactory(engineer=engineer)
        EngineerSkill.objects.create(tenant=tenant, engineer=engineer, skill=skill)
        TeamMembership.objects.create(tenant=tenant, team=team, person=engineer.person)
    # engineers, what they know (5), who says who is there, the roster (2), what they have
    with django_assert_num_queries(10):
        assert len(engineers_of(tenant.pk, NOW)) == count
