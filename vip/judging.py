"""Whether what Cosmo recognised is applied or proposed, and what people may make of it. Pure.

Whoever writes "for our CEO" would be served before all others, if that were enough. So a ticket is
marked without a human only by the words of somebody who is trusted with that person's tickets,
and not without end (docs/decisions/0060).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from nova.cosmo.rules import Mention
from vip.choices import RecognitionState as State

MOST_A_DAY = 5  # tickets that one author's words mark, unless they work at the desk


class Trust(StrEnum):
    """Why the word of an author counts for a person; none is that it does not."""

    NONE = ""
    DESK = "desk"
    PROXY = "proxy"
    REPORTS = "reports"


class Verb(StrEnum):
    """What people, or Nova, make of a recognition."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    RECONSIDER = "reconsider"


@dataclass(frozen=True)
class Verdict:
    """What Cosmo makes of a mention, and why."""

    is_sure: bool
    because: str


FROM = {
    Verb.ACCEPT: {State.PROPOSED, State.APPLIED},
    Verb.REFUSE: {State.PROPOSED, State.APPLIED, State.ACCEPTED},
    Verb.WITHDRAW: {State.PROPOSED, State.APPLIED, State.ACCEPTED},
    Verb.RECONSIDER: {State.ACCEPTED, State.REFUSED, State.WITHDRAWN},
}
BECOMES = {
    Verb.ACCEPT: State.ACCEPTED,
    Verb.REFUSE: State.REFUSED,
    Verb.WITHDRAW: State.WITHDRAWN,
}


def verdict_on(
    mention: Mention, trust: Trust, marked_lately: int, sure_from: Decimal, propose_from: Decimal
) -> Verdict | None:
    """Return what Cosmo makes of a mention; None is that it says nothing.

    `marked_lately` is how many tickets the author's words have marked within a day.
    """
    if mention.confidence < propose_from:
        return None
    doubt = _doubt(mention, trust, marked_lately, sure_from)
    return Verdict(not doubt, doubt or _reasons()[trust])


def _doubt(mention: Mention, trust: Trust, marked_lately: int, sure_from: Decimal) -> str:
    if not mention.says_for:
        return _("No words say that it is for them")
    if not mention.is_unique:
        return _("Several people may be meant")
    if mention.confidence < sure_from:
        return _("The words leave a doubt")
    if not trust:
        return _("Whoever wrote it is neither theirs nor of the desk")
    if trust != Trust.DESK and marked_lately >= MOST_A_DAY:
        return _("Their words have marked %(count)s tickets within a day") % {
            "count": marked_lately
        }
    return ""


def _reasons() -> dict[Trust, str]:
    return {
        Trust.DESK: _("Whoever wrote it works at the desk"),
        Trust.PROXY: _("Whoever wrote it acts for them"),
        Trust.REPORTS: _("Whoever wrote it works for them"),
    }


def may_become(state: str, verb: Verb) -> bool:
    return state in FROM[verb]


def after(verb: Verb, at_first: State) -> State:
    """Return the state that a verb leads to; to reconsider leads back to what Cosmo had made."""
    return BECOMES.get(verb, at_first)
