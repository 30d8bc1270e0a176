"""Two who give one name at once: who is later hears what they would have heard a minute later."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nova.accounts.models import Region
from nova.tenancy import fence
from sla.models import Calendar
from sla.services import create_calendar, create_policy
from sla.written import Written
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing, somebody_waits
from tests.sla.test_calendar_core import FILE

URL = "/api/support/sla"
WEEK = {"mon": [["09:00", "17:00"]]}
TARGET = {"metric": "resolution", "seconds": 90}
FORM = {"order": 5, "versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}


@pytest.fixture
def admin(transactional_db):
    made = TenantFactory()
    with fence.inside(made.pk):
        return PersonFactory(role="admin")


@pytest.fixture
def office(admin):
    with fence.inside(admin.tenant_id):
        return Calendar.objects.get(name="Office hours").pk


def beaten(make, admin, act):
    """Return what comes of `act` while somebody makes the same, and commits once it waits."""
    is_there, is_over = threading.Event(), threading.Event()

    def be_faster():
        with fence.inside(admin.tenant_id):
            make(admin)
            is_there.set()
            while not somebody_waits() and not is_over.is_set():
                pass

    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(closing, be_faster)
        assert is_there.wait(20)
        try:
            return act()
        finally:
            is_over.set()
            making.result()


def make_policy(admin):
    create_policy("Night", 5, {}, [], actor=admin, now=NOW)


def make_calendar(admin):
    create_calendar("Night", Written(zone="UTC", weekly=WEEK), actor=admin, now=NOW)


def make_region(admin):
    Region.objects.create(tenant_id=admin.tenant_id, name="Night")


@pytest.mark.parametrize(
    ("make", "path", "stated"),
    [
        (make_policy, URL, {"targets": [{**TARGET, "calendar": "Office hours"}]}),
        (make_calendar, f"{URL}/calendars", {"tz": "UTC", "weekly": WEEK}),
    ],
    ids=["policy", "calendar"],
)
def test_the_api_names_the_field(admin, office, api_as, make, path, stated):
    program, stated = api_as(admin), {"name": "Night", **stated}
    raced = beaten(make, admin, lambda: program.post(path, stated))
    known = program.post(path, stated)

    assert (raced.status_code, list(raced.json()["errors"])) == (400, ["name"])
    assert raced.json() == known.json()


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (make_policy, "admin:sla_policy_add"),
        (make_calendar, "admin:sla_calendar_add"),
        (make_region, "admin:accounts_region_add"),
    ],
    ids=["policy", "calendar", "region"],
)
def test_core_shows_the_form_again(admin, office, as_person, make, where):
    terms = {"resolution_span": "90 s", "resolution_calendar": office}
    stated = {"name": "Night", **FORM, **terms, "zone": "UTC", "mon": "09:00-17:00"}
    core, url = as_person(admin), reverse(where)

    def send():
        return core.post(url, {**stated, "ics_file": SimpleUploadedFile("days.ics", FILE)})

    raced, known = beaten(make, admin, send), send()

    assert raced.status_code == 200
    errors = [one.context["adminform"].form.errors for one in (raced, known)]
    assert errors[0] == errors[1] != {}
