"""Cards as a page shows them to one reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.attendance.words import doubt_words
from dispatch.cards import card_for, plain_of, presence_told
from dispatch.engine.deciding import Card
from dispatch.engine.facts import WHOLE
from dispatch.models import Decision
from nova.accounts.models import User
from nova.accounts.permissions import SEE_VIPS
from nova.web.words import Reader

TERMS: dict[str, Promise] = {
    "skill": _("skill"),
    "room": _("room"),
    "quality": _("past results"),
    "known": _("knows them"),
    "language": _("language"),
    "nearness": _("serves the site"),
    "vip": _("preferred for VIPs"),
}


@dataclass(frozen=True)
class Term:
    """A term of somebody's score: how far it is met, in percent, and what it counts."""

    label: object
    percent: int
    weight: int


@dataclass(frozen=True)
class Row:
    """Somebody who may have the ticket. Without the right to see VIPs, no place and no score.

    `score` is the sum of the terms as they are shown, each a share of its weight; `short` is what
    is missing to be the first. `doubt` says by what they were held to be there, if not by the last
    word of attendance.
    """

    person: int
    name: str
    place: str
    terms: list[Term]
    load: int
    capacity: int
    doubt: str
    score: float | None = None
    short: float = 0

    @property
    def share(self) -> int:
        """Return how full they are, in percent."""
        return min(100, 100 * self.load // self.capacity) if self.capacity else 100


@dataclass(frozen=True)
class Kept:
    """Somebody who may not have it, why, by what they are known, and when it may be otherwise."""

    name: str
    why: list[str]
    doubt: str
    back_at: datetime | None


def told_to(decision: Decision, reader: User) -> dict[str, Any]:
    """Return the stored card as somebody may read it."""
    return card_for(decision.card, decision.secret, may_see_vips=reader.has_perm(SEE_VIPS))


def drafted_for(card: Card, reader: User) -> dict[str, Any]:
    """Return a card that is not kept, as somebody may read it."""
    plain, secret = plain_of(card)
    return card_for(plain, secret, may_see_vips=reader.has_perm(SEE_VIPS))


def rows_of(
    card: Mapping[str, Any], primary: int | None, backup: int | None, reader: Reader
) -> list[Row]:
    """Return who may have it, those first whom the engine names."""
    places = {primary: _("recommended"), backup: _("backup")}
    rows = [
        Row(
            person=each["person"],
            name=each["name"],
            place=str(places.get(each["person"], "")),
            terms=[
                Term(TERMS[name], 100 * share // WHOLE, card["weights"].get(name, 0))
                for name, share in each["terms"].items()
            ],
            load=each["load"],
            capacity=each["capacity"],
            doubt=doubt_words(presence_told(each["presence"]), reader),
            score=each["score"] / WHOLE if "score" in each else None,
            short=each.get("short", 0) / WHOLE,
        )
        for each in card["candidates"]
    ]
    order = [primary, backup]
    return sorted(rows, key=lambda row: order.index(row.person) if row.person in order else 2)


def kept_of(card: Mapping[str, Any], reader: Reader) -> list[Kept]:
    """Return who may not have it, by name."""
    found = [
        Kept(
            each["name"],
            [gate["why"] for gate in each["gates"]],
            doubt_words(presence_told(each["presence"]), reader),
            datetime.fromisoformat(each["back_at"]) if each["back_at"] else None,
        )
        for each in card["refused"]
    ]
    return sorted(found, key=lambda kept: kept.name)
