"""How it reads by what somebody is held to be at work. Pure: who reads is an argument."""

from collections.abc import Callable

from dispatch.engine.facts import Presence, Source
from nova.web.times import day_time
from nova.web.words import Reader


def source_words(presence: Presence, reader: Reader) -> str:
    """Return by what a presence is known: "as attendance said at 09:12", "by the roster"."""
    at = day_time(presence.said_at, reader) if presence.said_at else ""
    return _sentence(presence, bool(at), reader.words.gettext).format(at=at)


def _sentence(presence: Presence, has_answered: bool, gettext: Callable[[str], str]) -> str:
    if presence.source == Source.UNNAMED:
        return gettext("by the roster, since attendance does not name them")
    if presence.source == Source.OUTDATED and has_answered:
        return gettext("by the roster, since what attendance said at {at} is over")
    if presence.source == Source.OUTDATED:
        return gettext("by the roster, since attendance has not answered yet")
    if presence.source == Source.ATTENDANCE and presence.is_stale:
        return gettext("as attendance said at {at} (it does not answer since)")
    if presence.source == Source.ATTENDANCE:
        return gettext("as attendance said at {at}")
    return gettext("by the roster")
