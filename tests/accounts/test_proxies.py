"""Who acts for whom: how it begins, holds and ends, and who has a say in it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils.html import strip_tags

from nova.accounts.identity import person_by_id
from nova.accounts.models import Organisation, Proxy, User
from nova.accounts.rules import ends_in_vain
from nova.accounts.services import (
    appoint_proxy,
    deactivate_person,
    dismiss_proxy,
    reactivate_person,
)
from nova.errors import Refused
from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.factories import NOW, PersonFactory, TenantFactory

DAY = timedelta(days=1)
API = "/api/support/proxies"
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(tenant):
    return PersonFactory(name="Maria Ruiz")


@pytest.fixture
def proxy(person):
    return PersonFactory(name="Ana Osei")


@pytest.fixture
def admin(tenant):
    return PersonFactory(role="admin", name="Ines Brandt")


def appoint(person, proxy, *scopes, now=NOW, **terms):
    stated = {"actor": person, **terms}
    return appoint_proxy(person, proxy, scopes or ["submit", "view"], now=now, **stated)


def seen_at(instant, who):
    """Return in whose names somebody may act who comes in at an instant."""
    with time_machine.travel(instant, tick=False):
        return person_by_id(who.pk).stands_for


def told(name):
    return EventRecord.objects.filter(name=f"accounts.{name}")


class TestHolding:
    @pytest.mark.parametrize(
        ("terms", "at", "holds"),
        [
            pytest.param({}, NOW, True, id="from now on"),
            pytest.param({}, NOW + 3650 * DAY, True, id="without end"),
            pytest.param({}, NOW - DAY, False, id="not before it was said"),
            pytest.param({"starts_at": NOW + DAY}, NOW, False, id="not before it starts"),
            pytest.param({"starts_at": NOW + DAY}, NOW + DAY, True, id="from its start on"),
            pytest.param({"ends_at": NOW + DAY}, NOW + DAY / 2, True, id="until it ends"),
            pytest.param({"ends_at": NOW + DAY}, NOW + DAY, False, id="not when it ends"),
        ],
    )
    def test_it_holds_between_its_dates(self, person, proxy, terms, at, holds):
        made = appoint(person, proxy, **terms)

        assert seen_at(at, proxy) == ({person.pk: {"submit", "view"}} if holds else {})
        assert Proxy.objects.in_force(at).filter(pk=made.pk).exists() is holds
        assert (made.state(at) == "active") is holds

    def test_several_add_up(self, person, proxy):
        appoint(person, proxy, "view")
        appoint(person, proxy, "reply", ends_at=NOW + DAY)

        assert seen_at(NOW, proxy) == {person.pk: {"view", "reply"}}
        assert Proxy.objects.in_force(NOW).scopes_by_person() == seen_at(NOW, proxy)
        assert seen_at(NOW + DAY, proxy) == {person.pk: {"view"}}

    def test_the_proxy_of_a_proxy_is_nothing(self, person, proxy):
        third = PersonFactory()
        appoint(person, proxy)
        appoint(proxy, third)

        assert seen_at(NOW, third).keys() == {proxy.pk}

    def test_nobody_stands_for_others_who_was_not_found_by_a_request(self, person, proxy):
        appoint(person, proxy)

        assert User.objects.get(pk=proxy.pk).stands_for == {}

    def test_dismissing_ends_it_at_once_and_keeps_the_record(self, person, proxy):
        made = appoint(person, proxy)
        for reason in ("Has left", "again"):
            dismiss_proxy(made.pk, actor=person, now=NOW + DAY, reason=reason)

        assert seen_at(NOW + DAY, proxy) == {}
        assert Proxy.objects.get().state(NOW + DAY) == "dismissed"
        assert told("ProxyDismissed").get().payload["reason"] == "Has left"

    @pytest.mark.parametrize("who", ["person", "proxy"])
    def test_whoever_is_deactivated_acts_no_more_and_is_acted_for_no_more(
        self, person, proxy, admin, who
    ):
        one = {"person": person, "proxy": proxy}[who]
        appoint(person, proxy)
        deactivate_person(one.pk, actor=admin, now=NOW)
        reactivate_person(one.pk, actor=admin, now=NOW + DAY)

        assert seen_at(NOW + DAY, proxy) == {}
        assert told("ProxyDismissed").get().payload["reason"] == "deactivated"

    def test_who_is_not_active_is_not_acted_for_whatever_else_is_written(self, person, proxy):
        appoint(person, proxy)
        User.objects.filter(pk=person.pk).update(is_active=False)

        assert seen_at(NOW, proxy) == {}
        assert not Proxy.objects.in_force(NOW).exists()

    def test_another_tenant_sees_none_of_it(self, person, proxy, outsider):
        appoint(person, proxy)
        with fence.inside(outsider.tenant_id):
            assert not Proxy.objects.exists()


class TestAppointing:
    def test_it_is_told_with_all_its_terms(self, person, proxy, admin):
        made = appoint(person, proxy, "view", "submit", actor=admin, reason="Leave", source="scim")
        event = told("ProxyAppointed").get()

        assert (event.actor, event.subject_pk) == (admin, person.pk)
        assert event.payload == {
            **{"person_id": person.pk, "proxy_id": proxy.pk, "appointment_id": made.pk},
            **{"scopes": ["submit", "view"], "starts_at": NOW.isoformat(), "ends_at": None},
            **{"source": "scim", "reason": "Leave"},
        }

    @pytest.mark.parametrize(
        "terms", [{}, {"ends_at": NOW + 9 * DAY}, {"starts_at": NOW + 5 * DAY}]
    )
    def test_the_same_said_again_changes_nothing(self, person, proxy, terms):
        first = appoint(person, proxy, "view", "submit", source="scim", **terms)
        again = appoint(person, proxy, "submit", "view", source="scim", now=NOW + DAY, **terms)

        assert again == first
        assert told("ProxyAppointed").count() == 1

    @pytest.mark.parametrize(
        "terms", [{"source": "scim"}, {"ends_at": NOW + 9 * DAY}, {"starts_at": NOW + 9 * DAY}]
    )
    def test_what_differs_is_another(self, person, proxy, terms):
        appoint(person, proxy)
        appoint(person, proxy, now=NOW + DAY, **terms)

        assert Proxy.objects.count() == 2

    def test_it_can_be_said_anew_after_it_ended(self, person, proxy):
        first = appoint(person, proxy)
        dismiss_proxy(first.pk, actor=person, now=NOW)

        assert appoint(person, proxy) != first

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            pytest.param({"ends_at": NOW}, "in the future", id="over already"),
            pytest.param(
                {"starts_at": NOW + DAY, "ends_at": NOW + DAY}, "in the future", id="no time"
            ),
        ],
    )
    def test_dates_that_leave_no_time_are_refused(self, person, proxy, change, words):
        with pytest.raises(Refused, match=words):
            appoint(person, proxy, **change)

    def test_nobody_is_their_own_proxy(self, person):
        with pytest.raises(Refused, match="themselves"):
            appoint(person, person)

    def test_without_a_scope_it_is_refused(self, person, proxy):
        with pytest.raises(Refused, match="may do"):
            appoint_proxy(person, proxy, [], actor=person, now=NOW)

    @pytest.mark.parametrize("fields", [{"is_active": False}, {"kind": "service"}])
    def test_who_does_not_sign_in_acts_for_nobody(self, person, fields):
        with pytest.raises(Refused, match="nobody who signs in"):
            appoint(person, PersonFactory(**fields))

    def test_nobody_of_another_tenant_acts(self, person, outsider):
        with pytest.raises(Refused, match="no such person"):
            appoint(person, outsider)

    @pytest.mark.parametrize(
        ("starts", "ends", "is_vain"),
        [(None, None, False), (None, -1, True), (None, 0, True), (None, 1, False), (2, 1, True)],
    )
    def test_time_is_left(self, starts, ends, is_vain):
        dates = [None if hours is None else NOW + hours * DAY for hours in (starts, ends)]
        assert ends_in_vain(*dates, NOW) is is_vain


@pytest.mark.django_db(transaction=True)
def test_the_same_said_twice_at_once_stands_once():
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        person, proxy = PersonFactory(), PersonFactory()

    def say(_):
        try:
            with fence.inside(tenant.pk):
                return appoint(person, proxy, source="scim").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(say, range(8)))
    with fence.inside(tenant.pk):
        assert [row.pk for row in Proxy.objects.all()] == list(made)
        assert told("ProxyAppointed").count() == 1


class TestApi:
    def test_one_appoints_looks_up_and_dismisses_for_oneself(self, person, proxy, api_as):
        mine = api_as(person)
        told = {"proxy": proxy.email, "scopes": ["view"], "reason": "Leave"}
        made = mine.post(API, told, format="json")
        assert made.status_code == 201
        assert made.json() | {"id": 0, "starts_at": "", "created_at": ""} == {
            **{"id": 0, "starts_at": "", "created_at": "", "ends_at": None, "revoked_at": None},
            "person": {"id": person.pk, "name": person.name, "email": person.email},
            "proxy": {"id": proxy.pk, "name": proxy.name, "email": proxy.email},
            "author": {"id": person.pk, "name": person.name, "email": person.email},
            **{"scopes": ["view"], "state": "active", "source": "api", "reason": "Leave"},
        }
        one = f"{API}/{made.json()['id']}"
        assert mine.get(one).json() == made.json()
        ended = mine.post(f"{one}/dismiss", {"reason": "Back"}, format="json")
        assert ended.json()["state"] == "dismissed"

    def test_the_two_see_it_and_others_do_not(self, person, proxy, admin, api_as):
        made = appoint(person, proxy)
        for who, there in ((person, 1), (proxy, 1), (admin, 1), (PersonFactory(), 0)):
            assert len(api_as(who).get(API).json()["results"]) == there
            found = api_as(who).get(f"{API}/{made.pk}").status_code
            ended = api_as(who).post(f"{API}/{made.pk}/dismiss", {}, format="json").status_code
            assert (found, ended) == ((200, 200) if there else (404, 404))

    @pytest.mark.parametrize("role", ["lead", "admin"])
    def test_leads_and_admins_appoint_for_anybody(self, person, proxy, api_as, role):
        boss = PersonFactory(role=role)
        told = {"person": person.email, "proxy": proxy.pk, "scopes": ["submit"]}
        made = api_as(boss).post(API, told, format="json").json()
        assert (made["person"]["id"], made["author"]["id"]) == (person.pk, boss.pk)

    @pytest.mark.parametrize("role", ["requester", "technician", "manager"])
    def test_others_are_not_told_who_there_is(self, person, proxy, api_as, role):
        other = api_as(PersonFactory(role=role))
        answers = [
            other.post(API, {"person": who, "proxy": "x", "scopes": []}, format="json")
            for who in (person.email, "nobody@example.com")
        ]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].json() == answers[1].json()

    def test_somebody_of_another_organisation_is_as_nobody(self, person, api_as):
        customer = PersonFactory(
            organisation=Organisation.objects.create(tenant_id=person.tenant_id, name="Customer")
        )
        answers = [
            api_as(person).post(API, {"proxy": who, "scopes": ["view"]}, format="json").json()
            for who in (customer.email, "nobody@example.com")
        ]
        assert answers[0] == answers[1]
        assert answers[0]["errors"].keys() == {"proxy"}

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"scopes": ["rule"]}, "scopes"),
            ({"scopes": []}, "scopes"),
            ({"ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
            ({"starts_at": "soon"}, "starts_at"),
            ({"until": "2030-01-01"}, "until"),
        ],
    )
    def test_a_mistake_is_named(self, person, proxy, api_as, wrong, field):
        told = {"proxy": proxy.pk, "scopes": ["view"], **wrong}
        answer = api_as(person).post(API, told, format="json")
        assert answer.status_code == 400
        assert answer.json()["errors"].keys() == {field}

    def test_to_appoint_oneself_is_refused(self, admin, api_as):
        told = {"proxy": admin.pk, "scopes": ["view"]}
        assert api_as(admin).post(API, told, format="json").status_code == 409

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_list_costs_the_same_for_few_and_many(
        self, person, api_as, count, django_assert_num_queries
    ):
        for other in PersonFactory.create_batch(count):
            appoint(person, other)
        mine = api_as(person)
        with django_assert_num_queries(4):  # savepoint, person, page, release
            answer = mine.get(API)
        assert len(answer.json()["results"]) == count


class TestPages:
    @pytest.fixture
    def mine(self, person, as_person):
        return as_person(person)

    def test_one_looks_for_somebody_and_lets_them_act(self, mine, person, proxy):
        page = mine.get(reverse("accounts:proxies"), {"who": "osei"})
        assert f"Ana Osei ({proxy.email})" in page.content.decode()
        told = {"proxy": proxy.pk, "scopes": ["submit", "view"], "reason": "Leave"}
        answer = mine.post(f"{reverse('accounts:proxies')}?who=osei", told)
        assert answer.url == reverse("accounts:proxies")
        words = strip_tags(mine.get(answer.url).content.decode())
        assert "Ana Osei" in words
        assert "Leave" in words
        assert "Ana Osei" in mine.get(reverse("accounts:profile")).content.decode()

    def test_what_was_wrong_is_said_and_nothing_is_written(self, mine, proxy):
        told = {"proxy": proxy.pk, "scopes": [], "ends_at": "2020-01-01T10:00"}
        answer = mine.post(f"{reverse('accounts:proxies')}?who=osei", told)
        assert answer.status_code == 422
        words = answer.content.decode()
        assert "Choose at least one thing." in words
        assert "It must end in the future" in words
        assert not Proxy.objects.exists()

    @pytest.mark.parametrize("words", ["a", "zzz", "\0"])
    def test_nobody_found_is_said(self, mine, words):
        page = mine.get(reverse("accounts:proxies"), {"who": words}).content.decode()
        assert ("Nobody was found" in page) is (words != "\0")

    def test_only_who_was_looked_for_is_appointed(self, mine, proxy):
        told = {"proxy": PersonFactory(name="Zoe").pk, "scopes": ["view"]}
        assert mine.post(f"{reverse('accounts:proxies')}?who=osei", told).status_code == 422

    def test_customers_do_not_find_the_house(self, tenant, proxy, as_person):
        firm = Organisation.objects.create(tenant=tenant, name="Customer")
        customer = as_person(PersonFactory(organisation=firm))
        page = customer.get(reverse("accounts:proxies"), {"who": "osei"}).content.decode()
        assert "Nobody was found" in page

    @pytest.mark.parametrize("who", ["person", "proxy"])
    def test_each_of_the_two_ends_it(self, person, proxy, as_person, who):
        made = appoint(person, proxy)
        one = as_person({"person": person, "proxy": proxy}[who])
        assert one.post(reverse("accounts:dismiss_proxy", args=[made.pk])).status_code == 302
        assert Proxy.objects.get().revoked_at

    def test_nobody_else_does(self, person, proxy, as_person):
        made = appoint(person, proxy)
        stranger = as_person(PersonFactory())
        there = reverse("accounts:dismiss_proxy", args=[made.pk])
        assert stranger.post(there).status_code == 404
        assert stranger.get(reverse("accounts:proxies_of", args=[person.pk])).status_code == 403

    def test_a_lead_sees_and_sets_who_acts_for_somebody(self, person, proxy, as_person):
        boss = as_person(PersonFactory(role="lead"))
        here = reverse("accounts:proxies_of", args=[person.pk])
        boss.post(f"{here}?who=osei", {"proxy": proxy.pk, "scopes": ["view"]})
        made = Proxy.objects.get()
        assert (made.person, made.proxy) == (person, proxy)
        assert "Who acts for Maria Ruiz" in boss.get(here).content.decode()
        ended = boss.post(reverse("accounts:dismiss_proxy", args=[made.pk]))
        assert ended.url == here

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_page_costs_the_same_for_few_and_many(
        self, mine, person, count, django_assert_num_queries
    ):
        for other in PersonFactory.create_batch(count):
            appoint(person, other)
            appoint(other, person)
        with django_assert_num_queries(5):  # savepoint, person, theirs, for whom, release
            mine.get(reverse("accounts:proxies"))


class TestCore:
    @pytest.fixture
    def core(self, admin, as_person):
        return as_person(admin)

    def test_an_admin_appoints_and_ends_it(self, core, person, proxy, admin):
        stated = {"person": person.pk, "proxy": proxy.pk, "scopes": ["view"], "reason": "Leave"}
        answer = core.post(reverse("admin:accounts_proxy_add"), stated)
        assert answer.status_code == 302
        made = Proxy.objects.get()
        assert (made.author, made.reason, made.source) == (admin, "Leave", "manual")
        page = reverse("admin:accounts_proxy_change", args=[made.pk])
        assert "Ana Osei" in core.get(page).content.decode()
        assert core.post(page, {"because": "Back"}).status_code == 302
        assert told("ProxyDismissed").get().payload["reason"] == "Back"
        assert "because" not in core.get(page).content.decode()
        assert (
            "ProxyDismissed"
            in core.get(reverse("admin:accounts_proxy_history", args=[made.pk])).content.decode()
        )

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"ends_at_0": "2020-01-01", "ends_at_1": "10:00"}, "It must end in the future"),
            ({"reason": ""}, "required"),
            ({"scopes": []}, "required"),
        ],
    )
    def test_what_is_wrong_is_said(self, core, person, proxy, wrong, words):
        stated = {"person": person.pk, "proxy": proxy.pk, "scopes": ["view"], "reason": "x"}
        answer = core.post(reverse("admin:accounts_proxy_add"), {**stated, **wrong})
        assert answer.status_code == 200
        assert words in answer.content.decode()
        assert not Proxy.objects.exists()

    def test_nobody_is_appointed_for_themselves(self, core, person):
        stated = {"person": person.pk, "proxy": person.pk, "scopes": ["view"], "reason": "x"}
        answer = core.post(reverse("admin:accounts_proxy_add"), stated)
        assert "themselves" in answer.content.decode()

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_list_costs_the_same_for_few_and_many(
        self, core, person, count, django_assert_max_num_queries
    ):
        for other in PersonFactory.create_batch(count):
            appoint(person, other)
        with django_assert_max_num_queries(12):
            assert core.get(reverse("admin:accounts_proxy_changelist")).status_code == 200
