"""What Cosmo recognised: noted, judged by people, and ended with its cause."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from vip import judging
from vip.choices import RecognitionState as State
from vip.events import (
    RecognitionAccepted,
    RecognitionEvent,
    RecognitionReconsidered,
    RecognitionRefused,
    RecognitionWithdrawn,
    VipRecognised,
)
from vip.judging import Verb
from vip.models import Recognition
from vip.models.recognitions import HOLDING
from vip.reading import hold_standings
from vip.services.reassessing import reassess_ticket

EVENTS: Mapping[Verb, type[RecognitionEvent]] = {
    Verb.ACCEPT: RecognitionAccepted,
    Verb.REFUSE: RecognitionRefused,
    Verb.WITHDRAW: RecognitionWithdrawn,
    Verb.RECONSIDER: RecognitionReconsidered,
}
SURER = ("comment", "author", "level", "words", "confidence", "parts", "is_sure", "because")


@transaction.atomic
def recognise_vip(found: Recognition, *, actor: User, now: datetime) -> Recognition | None:
    """Note whom a ticket is for by somebody's words, and mark it where that is sure.

    What was noted of ticket and person before stays as it is, but for a proposal of which Cosmo
    has become sure. Returns None where there is no news.
    """
    hold_standings([found.ticket.requester_id, found.person_id])
    known = (
        Recognition.objects.select_for_update()
        .filter(ticket=found.ticket_id, person=found.person_id)
        .first()
    )
    if known and not (known.state == State.PROPOSED and found.is_sure):
        return None
    before = known.state if known else ""
    noted = _surer(known, found) if known else found
    noted.state = noted.at_first
    noted.save()
    event = VipRecognised(
        **_named(noted, before),
        level=noted.level,
        words=noted.words,
        confidence=float(noted.confidence),
        reason=noted.because,
    )
    publish(event, actor=actor, now=now)
    if noted.is_sure:
        _follow(noted, _("Cosmo recognised it"), actor, now)
    return noted


def _surer(known: Recognition, found: Recognition) -> Recognition:
    for name in SURER:
        setattr(known, name, getattr(found, name))
    return known


def accept_recognition(recognition_id: int, *, actor: User, now: datetime) -> Recognition:
    """Say that Cosmo is right: the ticket is for that person, and bears their level."""
    return _judge(recognition_id, Verb.ACCEPT, actor, now)


def refuse_recognition(recognition_id: int, *, actor: User, now: datetime) -> Recognition:
    """Say that Cosmo is wrong. What the ticket bore by it goes."""
    return _judge(recognition_id, Verb.REFUSE, actor, now)


def withdraw_recognition(recognition_id: int, *, actor: User, now: datetime) -> Recognition:
    """Say that it counts no more, right or wrong."""
    return _judge(recognition_id, Verb.WITHDRAW, actor, now)


def reconsider_recognition(recognition_id: int, *, actor: User, now: datetime) -> Recognition:
    """Take back what was decided: it is again what Cosmo had made of it."""
    return _judge(recognition_id, Verb.RECONSIDER, actor, now)


@transaction.atomic
def end_recognitions(person_id: int, *, actor: User, now: datetime) -> int:
    """Withdraw all that stands of somebody who is no VIP any more; return how many.

    Their tickets bear no level by it already: they follow what the person is.
    """
    standing = Recognition.objects.filter(person=person_id, state__in=[*HOLDING, State.PROPOSED])
    held = list(standing.select_for_update(of=["self"]).order_by("pk"))
    for recognition in held:
        _decide(recognition, Verb.WITHDRAW, actor, now)
    return len(held)


@transaction.atomic
def _judge(recognition_id: int, verb: Verb, actor: User, now: datetime) -> Recognition:
    """Do a verb. Of two at once the second finds that it is decided."""
    # Without joins: who was waited for has changed by whom it is decided.
    held = Recognition.objects.select_for_update().get(pk=recognition_id)
    _check(held, verb)
    hold_standings([held.ticket.requester_id, held.person_id])
    _decide(held, verb, actor, now)
    _follow(held, _because(held, verb, actor), actor, now)
    return held


def _check(held: Recognition, verb: Verb) -> None:
    words = {"ticket": held.ticket.reference, "person": held.person, "by": held.decided_by}
    if not held.ticket.is_open:
        raise Refused(_("%(ticket)s is done.") % words)
    if not judging.may_become(held.state, verb):
        state = {**words, "state": held.get_state_display().lower()}
        if held.decided_by:
            raise Refused(_("It is %(state)s already, by %(by)s.") % state)
        raise Refused(_("It is %(state)s.") % state)
    leads_to = judging.after(verb, held.at_first)
    if not held.person.is_vip and leads_to in (*HOLDING, State.PROPOSED):
        raise Refused(_("%(person)s is no VIP any more.") % words)


def _decide(held: Recognition, verb: Verb, actor: User, now: datetime) -> None:
    before, is_undone = held.state, verb == Verb.RECONSIDER
    held.state = judging.after(verb, held.at_first)
    held.decided_by = None if is_undone else actor
    held.decided_at = None if is_undone else now
    held.save(update_fields=["state", "decided_by", "decided_at"])
    publish(EVENTS[verb](**_named(held, before)), actor=actor, now=now)


def _follow(noted: Recognition, because: str, actor: User, now: datetime) -> None:
    reassess_ticket(noted.ticket, actor=actor, now=now, because=because)


def _because(held: Recognition, verb: Verb, actor: User) -> str:
    words = {"actor": actor, "person": held.person}
    return {
        Verb.ACCEPT: _("%(actor)s agreed with Cosmo that it is for %(person)s"),
        Verb.REFUSE: _("%(actor)s said that it is not for %(person)s"),
        Verb.WITHDRAW: _("%(actor)s withdrew that it is for %(person)s"),
        Verb.RECONSIDER: _("%(actor)s took the decision about %(person)s back"),
    }[verb] % words


def _named(noted: Recognition, before: str) -> dict[str, Any]:
    """Return what every event of a recognition says of it."""
    return {
        "tenant_id": noted.tenant_id,
        "ticket_id": noted.ticket_id,
        "recognition_id": noted.pk,
        "person_id": noted.person_id,
        "before": before,
        "after": noted.state,
    }
