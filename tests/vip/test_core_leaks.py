"""Pages of Core that are not about VIPs do not tell who is one."""

import pytest
from django.urls import reverse

from nova.events.consumers import consume
from nova.notifications.choices import HookForm
from nova.notifications.models import Delivery, SlackHook
from tests.factories import NOW, DepartmentFactory, FloorFactory, PersonFactory, RoleFactory
from tests.tickets.making import opened_for
from vip.services import designate_vip, reassess

SECRETS = (b"esignation", b"Exec", b"Secret")


@pytest.fixture
def vera(boss):
    person = PersonFactory(name="Vera")
    designated(boss, person_id=person.pk)
    reassess([person.pk], actor=boss, now=NOW)
    return person


@pytest.fixture
def blind(tenant, as_person):
    """Return a way to Core for somebody who holds one permission, and not that of the flag."""

    def holding(permission):
        person = PersonFactory(role="")
        role = RoleFactory(permissions=["accounts.enter_core", permission])
        person.grants.create(role=role, tenant_id=role.tenant_id)
        return as_person(person)

    return holding


def designated(boss, **target):
    return designate_vip(target, "exec", reason="Secret", actor=boss, now=NOW)


@pytest.mark.parametrize(
    "lookup",
    ["vip_level=exec", "vip_level__startswith=ex", "attributes__isVIP=1", "password__gt=a"],
)
def test_people_are_found_by_what_the_page_offers_alone(vera, blind, lookup):
    browser, page = blind("accounts.manage_people"), reverse("admin:accounts_user_changelist")

    assert browser.get(f"{page}?{lookup}").status_code == 400
    assert browser.get(f"{page}?is_active__exact=1").status_code == 200
    assert browser.get(f"{page}?department__id__exact=1").status_code == 200


@pytest.mark.parametrize("lookup", ["vip_level=exec", "vip_priority_score__gte=300"])
def test_so_are_tickets(vera, blind, lookup):
    browser, page = blind("tickets.view_ticket"), reverse("admin:tickets_ticket_changelist")

    assert browser.get(f"{page}?{lookup}").status_code == 400
    assert browser.get(f"{page}?status__exact=new").status_code == 200


def test_the_history_of_a_person_leaves_out_what_the_viewer_may_not_learn(
    vera, boss, blind, as_person
):
    page = reverse("admin:accounts_user_history", args=[vera.pk])

    assert b"VipLevelChanged" in as_person(boss).get(page).content
    assert b"Vip" not in blind("accounts.manage_people").get(page).content


def test_what_is_designated_is_kept_without_saying_so(boss, blind):
    newsroom = DepartmentFactory(name="Newsroom")
    designated(boss, department_id=newsroom.pk)
    browser = blind("accounts.manage_organisation")
    page = reverse("admin:accounts_department_delete", args=[newsroom.pk])
    for answer in (browser.get(page), browser.post(page, {"post": "yes"})):
        assert b"Something that you may not look at" in answer.content
        assert not any(secret in answer.content for secret in SECRETS)


def test_so_is_a_floor(boss, blind):
    floor = FloorFactory(name="Nineteenth")
    designated(boss, floor_id=floor.pk)
    browser = blind("accounts.manage_organisation")
    given = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": floor.pk, "0-site": floor.site_id}
    given |= {"0-name": floor.name, "0-DELETE": "on"}
    answer = browser.post(
        reverse("admin:accounts_site_change", args=[floor.site_id]),
        {
            "name": "HQ",
            "zone": "UTC",
            **{f"floors-{name}": value for name, value in given.items()},
        },
    )

    assert b"Nineteenth is needed elsewhere." in answer.content
    assert not any(secret in answer.content for secret in SECRETS)


@pytest.mark.parametrize("levels", [[], ["exec"]])
def test_deliveries_are_shown_to_who_may_know_what_they_say(
    tenant, vera, boss, blind, as_person, levels
):
    kinds = ["vip", "risk", "breach"]
    hook = {"form": HookForm.CHAT, "kinds": kinds, "levels": levels, "sealed_url": "x"}
    SlackHook.objects.create(tenant=tenant, name="vips", **hook)
    opened_for(vera)
    consume(tenant.pk, now=NOW)
    told = Delivery.objects.filter(kind="vip")
    assert set(told.values_list("channel", flat=True)) >= {"in_app", "email", "slack"}
    browser, page = (
        blind("notifications.manage_deliveries"),
        reverse("admin:notifications_delivery_changelist"),
    )

    assert b"Exec: T-1001" in as_person(boss).get(page).content
    assert b"Exec: T-1001" not in browser.get(page).content
    for delivery in told:
        one = reverse("admin:notifications_delivery_change", args=[delivery.pk])
        assert browser.get(one).status_code == 302
