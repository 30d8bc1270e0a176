import pytest
from django.test import RequestFactory
from django.urls import reverse

from nova.web import frame
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

RAIL = [
    ("home", "Home", "house", "web:home", ""),
    ("mine", "Profile", "user-round", "accounts:profile", "tickets.note_ticket"),
]


@pytest.fixture(autouse=True)
def rail(settings):
    settings.RAIL = RAIL


def frame_of(person, path="/", **cookies):
    request = RequestFactory().get(path)
    request.user = person
    request.COOKIES.update(cookies)
    return frame.frame_of(request)


@pytest.mark.parametrize(
    ("role", "places"), [("technician", ["home", "mine"]), ("requester", ["home"])]
)
def test_the_rail_shows_only_what_the_viewer_may_open(role, places, tenant):
    around = frame_of(PersonFactory(role=role))

    assert [item.key for item in around.rail] == places


def test_a_request_that_failed_before_sign_in_has_an_empty_rail():
    assert frame.frame_of(RequestFactory().get("/")).rail == ()


def test_the_place_where_one_is_is_marked(tenant):
    around = frame_of(PersonFactory(role="technician"), path=reverse("accounts:profile"))

    assert [item.key for item in around.rail if item.is_current] == ["mine"]


def test_a_phone_shows_four_places_and_the_menu_the_rest(settings, tenant):
    settings.RAIL = [(str(n), str(n), "house", "web:home", "") for n in range(6)]

    around = frame_of(PersonFactory())

    assert [item.key for item in around.rail_in_menu] == ["4", "5"]


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("", "system"), ('"><script>', "system")]
)
def test_a_theme_is_read_from_its_cookie_and_never_trusted(cookie, theme, tenant):
    around = frame_of(PersonFactory(), nova_theme=cookie)

    assert next(choice.value for choice in around.choices if choice.name == "theme") == theme


def test_a_chosen_preference_is_kept_and_the_first_byte_shows_it(client):
    answer = client.post(reverse("web:prefer"), {"theme": "dark"})

    page = client.get(reverse("accounts:sign_in"))

    assert answer.status_code == 302
    assert answer.cookies["nova_theme"]["samesite"] == "Lax"
    assert b'data-theme="dark"' in page.content


@pytest.mark.parametrize("choice", [{"theme": "blink"}, {"colour": "dark"}, {}])
def test_an_unknown_preference_is_refused(choice, client):
    answer = client.post(reverse("web:prefer"), choice)

    assert answer.status_code == 400
    assert not answer.cookies


@pytest.mark.parametrize(
    ("origin", "leads_to"),
    [("/accounts/profile", "/accounts/profile"), ("https://evil.example/", "/"), ("", "/")],
)
def test_choosing_leads_back_to_nova_and_nowhere_else(origin, leads_to, client):
    answer = client.post(reverse("web:prefer"), {"density": "compact", "next": origin})

    assert answer.url == leads_to


def test_htmx_is_answered_without_a_page(client):
    answer = client.post(reverse("web:prefer"), {"sound": "on"}, headers={"HX-Request": "true"})

    assert answer.status_code == 204


def test_the_start_leads_to_the_first_place_of_the_rail(settings, tenant, as_person):
    settings.RAIL = RAIL[1:]

    answer = as_person(PersonFactory(role="technician")).get(reverse("web:home"))

    assert answer.url == reverse("accounts:profile")
