"""The frame around every page: the rail that the viewer may open, and how they like to see it."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

RAIL_ON_PHONE = 4
# What a person may choose about the look of Nova; the first value is the default. Cookies named
# `nova_<name>` keep it, so that the first byte of a page is already right.
PREFERENCES = {
    "theme": ("system", "light", "dark"),
    "contrast": ("system", "more"),
    "density": ("comfortable", "compact"),
    "score": ("shown", "hidden"),
    "sound": ("off", "on"),
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
class Frame:
    """What base.html needs beside the page itself."""

    rail: tuple[RailItem, ...]
    urls: dict[str, str]
    preferences: dict[str, str]

    @property
    def rail_on_phone(self) -> tuple[RailItem, ...]:
        return self.rail[:RAIL_ON_PHONE]

    @property
    def rail_in_menu(self) -> tuple[RailItem, ...]:
        return self.rail[RAIL_ON_PHONE:]


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Return the context processor's one variable."""
    return {
        "frame": Frame(
            rail=_rail(request),
            urls={key: reverse(name) for key, name in settings.FRAME_URLS.items()},
            preferences=preferences_of(request),
        )
    }


def preferences_of(request: HttpRequest) -> dict[str, str]:
    """Return each preference as the browser's cookies tell it, or its default."""
    chosen = {name: request.COOKIES.get(f"nova_{name}", "") for name in PREFERENCES}
    return {
        name: chosen[name] if chosen[name] in values else values[0]
        for name, values in PREFERENCES.items()
    }


def _rail(request: HttpRequest) -> tuple[RailItem, ...]:
    user = getattr(request, "user", None)  # a page of an error may come before sign-in is known
    if user is None or not user.is_authenticated:
        return ()
    places = [
        (key, label, icon, reverse(url_name))
        for key, label, icon, url_name, permission in settings.RAIL
        if not permission or user.has_perm(permission)
    ]
    here = _nearest(request.path, [url for *_, url in places])
    return tuple(
        RailItem(key, label, icon, url, is_current=url == here, keys=_keys(key))
        for key, label, icon, url in places
    )


def _nearest(path: str, urls: list[str]) -> str:
    """Return the longest of `urls` that `path` lies under."""
    above = [url for url in urls if path == url or path.startswith(url.rstrip("/") + "/")]
    return max(above, key=len, default="")


def _keys(key: str) -> str:
    return f"g {'q' if key == 'pulse' else key[0]}"
