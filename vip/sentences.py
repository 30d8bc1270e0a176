"""How what Cosmo recognised reads in the activity of a ticket."""

from django.utils.translation import gettext as _

from tickets.sentences import Names, Payload, says
from vip.choices import RecognitionState as State


@says("vip.VipRecognised")
def _recognised(payload: Payload, names: Names) -> str:
    is_sure = payload["after"] == State.APPLIED
    form = (
        _("recognised that it is for %(person)s: “%(words)s”")
        if is_sure
        else _("asks whether it is for %(person)s: “%(words)s”")
    )
    return form % {"person": names[payload["person_id"]], "words": payload["words"]}


@says("vip.RecognitionAccepted")
def _accepted(payload: Payload, names: Names) -> str:
    return _("agreed that it is for %(person)s") % {"person": names[payload["person_id"]]}


@says("vip.RecognitionRefused")
def _refused(payload: Payload, names: Names) -> str:
    return _("said that it is not for %(person)s") % {"person": names[payload["person_id"]]}


@says("vip.RecognitionWithdrawn")
def _withdrawn(payload: Payload, names: Names) -> str:
    return _("withdrew that it is for %(person)s") % {"person": names[payload["person_id"]]}


@says("vip.RecognitionReconsidered")
def _reconsidered(payload: Payload, names: Names) -> str:
    words = _("took back what was decided about %(person)s")
    return words % {"person": names[payload["person_id"]]}
