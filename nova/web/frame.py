"""The frame around every page: the rail that the viewer may open, and how they like to see it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nova.web import since

RAIL_ON_PHONE = 4


@dataclass(frozen=True, slots=True)
class Preference:
    """Something that people may choose, by value and word; the first value is the default."""

    title: object
    words: dict[str, object]
    is_for_desk: bool = True


# What a person may choose about the look of Nova. Cookies named `nova_<name>` keep it, so that the
# first byte of a page is already right.
PREFERENCES = {
    "theme": Preference(
        _("Theme"),
        {"system": _("System"), "light": _("Light"), "dark": _("Dark")},
        is_for_desk=False,
    ),
    "contrast": Preference(
        _("Contrast"), {"system": _("System"), "more": _("More")}, is_for_desk=False
    ),
    "density": Preference(_("Rows"), {"comfortable": _("Comfortable"), "compact": _("Compact")}),
    "score": Preference(_("Why here?"), {"shown": _("Shown"), "hidden": _("On demand")}),
    "sound": Preference(_("Sound of alerts"), {"off": _("Off"), "on": _("On")}),
}


@dataclass(frozen=True, slots=True)
class RailItem:
    """One place of the rail that this viewer may open."""

    key: str
    label: object  # lazy, so that it follows the language of the request
    icon: str
    url: str
    is_current: bool
    keys: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A preference, and what this viewer has chosen of it."""

    name: str
    preference: Preference
    value: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What base.html needs beside the page itself."""

    rail: tuple[RailItem, ...]
    urls: dict[str, str]
    since: Callable[[], str]  # called by whole pages alone
    choices: tuple[Choice, ...]
    reports: Any  # the pages of Analytics, looked up where they are shown
    language: str  # with `places` and `chosen`, all that the drawn parts of a frame depend on

    @property
    def places(self) -> str:
        return " ".join(f"{item.url}{'!' if item.is_current else ''}" for item in self.rail)

    @property
    def chosen(self) -> str:
        return " ".join(f"{choice.name}={choice.value}" for choice in self.choices)

    @property
    def rail_in_menu(self) -> tuple[RailItem, ...]:
        return self.rail[RAIL_ON_PHONE:]


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the context processor's one variable; a fragment that does not ask pays nothing."""
    return {"frame": SimpleLazyObject(partial(frame_of, request))}


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame of a request's viewer."""
    rail = _rail(request)
    return Frame(
        rail=rail,
        urls={key: _address(name) for key, name in settings.FRAME_URLS.items()},
        since=partial(_since, request),
        choices=_choices(request, is_desk=bool(rail)),
        reports=SimpleLazyObject(partial(_reports, request)),
        language=get_language() or settings.LANGUAGE_CODE,
    )


def _choices(request: HttpRequest, *, is_desk: bool) -> tuple[Choice, ...]:
    """Return what the browser's cookies tell of each preference, or its default."""
    return tuple(
        Choice(name, preference, _chosen(request, name, preference))
        for name, preference in PREFERENCES.items()
        if is_desk or not preference.is_for_desk
    )


def _chosen(request: HttpRequest, name: str, preference: Preference) -> str:
    value = request.COOKIES.get(f"nova_{name}", "")
    return value if value in preference.words else next(iter(preference.words))


def _since(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return since.mark_for(user) if user is not None and user.is_authenticated else ""


def _rail(request: HttpRequest) -> tuple[RailItem, ...]:
    user = getattr(request, "user", None)  # a page of an error may come before sign-in is known
    if user is None or not user.is_authenticated:
        return ()
    places = [
        (key, label, icon, _address(url_name))
        for key, label, icon, url_name, permission in settings.RAIL
        if not permission or user.has_perm(permission)
    ]
    reports = [_address(url_name) for _label, url_name, _needs in settings.REPORTS]
    beside = {_address(name): _address(home) for name, home in settings.RAIL_BESIDE.items()}
    nearest = _nearest(request.path, [*(url for *_, url in places), *reports, *beside])
    here = reports[0] if nearest in reports else beside.get(nearest, nearest)
    return tuple(
        RailItem(key, label, icon, url, is_current=url == here, keys=_keys(key))
        for key, label, icon, url in places
    )


def _reports(request: HttpRequest) -> tuple[RailItem, ...]:
    """Return the pages of Analytics that this viewer may open."""
    user = getattr(request, "user", None)
    places = [
        (label, _address(url_name))
        for label, url_name, needs in settings.REPORTS
        if user is not None and user.has_perms(needs) and _is_there(url_name, user)
    ]
    here = _nearest(request.path, [url for _label, url in places])
    return tuple(
        RailItem("", label, "", url, is_current=url == here, keys="") for label, url in places
    )


def _is_there(url_name: str, user: Any) -> bool:
    """Say whether a person's tenant has not switched this page off."""
    switch = settings.REPORT_SWITCHES.get(url_name)
    return switch is None or import_string(switch)(user)


@cache
def _address(name: str) -> str:
    """Return where a place of every page is: the router is asked once per process."""
    return reverse(name)


def _nearest(path: str, urls: list[str]) -> str:
    """Return the longest of `urls` that `path` lies under."""
    above = [url for url in urls if path == url or path.startswith(url.rstrip("/") + "/")]
    return max(above, key=len, default="")


def _keys(key: str) -> str:
    return f"g {'q' if key == 'pulse' else key[0]}"
