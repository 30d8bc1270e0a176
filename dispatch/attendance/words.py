"""How it reads by what somebody is held to be at work. Pure: who reads is an argument."""

from collections.abc import Callable

from django.utils.translation import gettext_noop

from dispatch.engine.facts import Presence, Source
from nova.web.times import day_time
from nova.web.words import Reader

SAID = {
    Source.ROSTER: gettext_noop("by the roster"),
    Source.THEMSELVES: gettext_noop("as they have stated themselves"),
    Source.ATTENDANCE: gettext_noop("as attendance said at {at}"),
    Source.UNNAMED: gettext_noop("by the roster, since attendance does not name them"),
    Source.OUTDATED: gettext_noop("by the roster, since attendance has not answered yet"),
}


def source_words(presence: Presence, reader: Reader) -> str:
    """Return by what a presence is known: "as attendance said at 09:12", "by the roster"."""
    at = day_time(presence.said_at, reader) if presence.said_at else ""
    return _sentence(presence, bool(at), reader.words.gettext).format(at=at)


def doubt_words(presence: Presence, reader: Reader) -> str:
    """Return by what somebody is held to be there, where that is not the plain answer; or ""."""
    is_plain = presence.source == Source.ROSTER
    is_fresh = presence.source == Source.ATTENDANCE and not presence.is_stale
    return "" if is_plain or is_fresh else source_words(presence, reader)


def _sentence(presence: Presence, has_answered: bool, gettext: Callable[[str], str]) -> str:
    if presence.source == Source.OUTDATED and has_answered:
        return gettext("by the roster, since what attendance said at {at} is over")
    if presence.source == Source.ATTENDANCE and presence.is_stale:
        return gettext("as attendance said at {at} (it does not answer since)")
    return gettext(SAID[presence.source])
