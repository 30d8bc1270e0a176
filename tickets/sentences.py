"""What happened to a ticket, one human sentence per event. Each follows the name of who did it.

An app says its own events in a module `sentences` of its own, found at start as `admin` is.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from nova.accounts.choices import VipLevel
from tickets.choices import Status
from tickets.labels import LABELS, WORDS

Payload = Mapping[str, Any]
Names = Mapping[int, str]
Says = Callable[[Payload, Names], str]
SENTENCES: dict[str, Says] = {}
# By what names facts call people whom their sentences name.
PEOPLE = ("person_id", "primary_id", "chosen_id")
# Too long to be quoted in a line.
UNQUOTED = {"description", "custom_fields"}


def says(name: str) -> Callable[[Says], Says]:
    """Register how events of this name read. The payload holds what the reader may know."""

    def register(function: Says) -> Says:
        if name in SENTENCES:
            raise ValueError(f"{name} has its sentence already")
        SENTENCES[name] = function
        return function

    return register


def sentence(name: str, payload: Payload, names: Names) -> str:
    """Return what happened, in words. An event that nobody says is named as it is.

    `payload` also bears `actor_id`, since one does some things to oneself.
    """
    if name in SENTENCES:
        return SENTENCES[name](payload, names)
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name.rpartition(".")[2]).lower()


def people_in(payload: Payload) -> set[int]:
    """Return the ids of people that a sentence may have to name."""
    return {payload[name] for name in PEOPLE if payload.get(name)}


@says("tickets.TicketOpened")
def _opened(payload: Payload, names: Names) -> str:
    return _("opened the ticket")


@says("tickets.TicketImported")
def _imported(payload: Payload, names: Names) -> str:
    words = _("brought it here from %(system)s, where it was %(reference)s")
    return words % {"system": payload["system"], "reference": payload["external_ref"]}


@says("tickets.TicketEdited")
def _edited(payload: Payload, names: Names) -> str:
    return "; ".join(_change(name, *values) for name, values in payload["changes"].items())


@says("tickets.TicketMoved")
def _moved(payload: Payload, names: Names) -> str:
    stages = {key: Status(payload[key]).label for key in ("before", "after")}
    return _because(_("moved it from %(before)s to %(after)s") % stages, payload)


@says("tickets.TicketAssigned")
def _assigned(payload: Payload, names: Names) -> str:
    changes = [
        _assignment(name, before, after, payload["actor_id"])
        for name, (before, after) in payload["changes"].items()
    ]
    return _because("; ".join(changes), payload)


@says("tickets.CommentAdded")
def _replied(payload: Payload, names: Names) -> str:
    return _("replied")


@says("tickets.NoteAdded")
def _noted(payload: Payload, names: Names) -> str:
    return _("wrote an internal note")


@says("tickets.FileAttached")
def _attached(payload: Payload, names: Names) -> str:
    return _("attached %(name)s") % {"name": payload["file_name"]}


@says("tickets.WatcherAdded")
def _watched(payload: Payload, names: Names) -> str:
    if payload["person_id"] == payload["actor_id"]:
        return _("began to watch it")
    return _("added %(person)s as a watcher") % {"person": names[payload["person_id"]]}


@says("tickets.WatcherRemoved")
def _unwatched(payload: Payload, names: Names) -> str:
    if payload["person_id"] == payload["actor_id"]:
        return _("stopped watching it")
    return _("removed %(person)s as a watcher") % {"person": names[payload["person_id"]]}


@says("tickets.TimeTracked")
def _tracked(payload: Payload, names: Names) -> str:
    return _("recorded %(minutes)s min of work") % {"minutes": payload["minutes"]}


@says("tickets.TicketDeleted")
def _deleted(payload: Payload, names: Names) -> str:
    return _because(_("deleted the ticket"), payload)


@says("tickets.TicketRestored")
def _restored(payload: Payload, names: Names) -> str:
    return _("restored the ticket")


@says("tickets.TicketMerged")
def _merged(payload: Payload, names: Names) -> str:
    return _because(_("merged it into %(into)s") % {"into": payload["into"]}, payload)


@says("tickets.TicketRated")
def _rated(payload: Payload, names: Names) -> str:
    score = {"before": payload["before"], "after": payload["score"]}
    if score["before"]:
        return _("changed the rating from %(before)s to %(after)s of 5") % score
    return _("rated it %(after)s of 5") % score


@says("tickets.TicketRescored")
def _rescored(payload: Payload, names: Names) -> str:
    part = payload["parts"].get(payload["part"], {})
    score = {"before": payload["before"], "after": payload["after"]}
    if score["before"] == score["after"]:
        return _because(_("kept its score in the queue at %(after)s") % score, part)
    return _because(_("changed its score in the queue from %(before)s to %(after)s") % score, part)


@says("tickets.TicketMarked")
def _marked(payload: Payload, names: Names) -> str:
    because = {"reason": payload.get("because", "")}
    if not payload["after"]:
        return _because(_("took the VIP mark away"), because)
    words = {"level": VipLevel(payload["after"]).label}
    return _because(_("marked it as VIP: %(level)s") % words, because)


def _change(name: str, before: Any, after: Any) -> str:
    label = str(LABELS.get(name, name)).lower()
    if name in UNQUOTED:
        return _("changed the %(field)s") % {"field": label}
    values = {"field": label, "before": _word(name, before), "after": _word(name, after)}
    if not values["before"]:
        return _("set the %(field)s to %(after)s") % values
    if not values["after"]:
        return _("emptied the %(field)s (was %(before)s)") % values
    return _("changed the %(field)s from %(before)s to %(after)s") % values


def _assignment(name: str, before: Any, after: Any, actor_id: int) -> str:
    if name == "assignee" and after and after["id"] == actor_id:
        return _("took it")
    values = {"before": _word(name, before), "after": _word(name, after)}
    if name == "assignee":
        forms = _("assigned it to %(after)s"), _("took it from %(before)s")
    elif name == "backup":
        forms = _("made %(after)s the backup"), _("took away %(before)s as the backup")
    else:
        forms = _("gave it to the team %(after)s"), _("took it from the team %(before)s")
    return (forms[0] if values["after"] else forms[1]) % values


def _word(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name", ""))
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(WORDS.get(name, {}).get(value, "" if value is None else value))


def _because(said: str, payload: Payload) -> str:
    reason = payload.get("reason")
    return f"{said}: {reason}" if reason else said
