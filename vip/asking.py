"""What Cosmo asks people, and what they may answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from vip import services
from vip.choices import RecognitionState as State
from vip.judging import Verb
from vip.models import Recognition
from vip.models.recognitions import RecognitionQuerySet

JUDGE = "vip.judge_recognitions"
MOST, LATELY = 50, 10
VERBS: Mapping[str, Callable[..., Recognition]] = {
    Verb.ACCEPT: services.accept_recognition,
    Verb.REFUSE: services.refuse_recognition,
    Verb.WITHDRAW: services.withdraw_recognition,
    Verb.RECONSIDER: services.reconsider_recognition,
}
# By state, what is offered: the verb, its label and its key.
_BACK: list[tuple[Verb, object, str]] = [(Verb.RECONSIDER, _("Take back"), "z")]
OFFERED: Mapping[str, list[tuple[Verb, object, str]]] = {
    State.PROPOSED: [(Verb.ACCEPT, _("Accept"), "y"), (Verb.REFUSE, _("Refuse"), "x")],
    State.APPLIED: [(Verb.ACCEPT, _("Confirm"), ""), (Verb.REFUSE, _("Refuse"), "x")],
    State.ACCEPTED: _BACK,
    State.REFUSED: _BACK,
    State.WITHDRAWN: _BACK,
}


@dataclass(frozen=True)
class Question:
    """A recognition as a page shows it, with what one may answer."""

    found: Recognition

    @property
    def verbs(self) -> list[tuple[Verb, object, str]]:
        return OFFERED[self.found.state] if self.found.ticket.is_open else []


def questions(found: Iterable[Recognition]) -> list[Question]:
    return [Question(recognition) for recognition in found]


def waiting(found: RecognitionQuerySet) -> tuple[list[Question], bool]:
    """Return what is to be judged, the latest first, and whether there is more."""
    rows = list(found.waiting().named().order_by("-created_at", "-pk")[: MOST + 1])
    return questions(rows[:MOST]), len(rows) > MOST


def judged_lately(found: RecognitionQuerySet) -> list[Question]:
    """Return what Cosmo or people decided last."""
    decided = found.exclude(state=State.PROPOSED).named()
    return questions(decided.order_by("-created_at", "-pk")[:LATELY])
