"""How what was decided on an assignment reads in the activity of a ticket."""

from django.utils.translation import gettext as _

from dispatch.choices import OverrideStatus
from tickets.sentences import Names, Payload, says


@says("dispatch.TicketDecided")
def _decided(payload: Payload, names: Names) -> str:
    if payload["primary_id"] is None:
        return _("found nobody who may have it: %(because)s") % payload
    words = {"person": names[payload["primary_id"]], "because": payload["because"]}
    if payload["is_carried_out"]:
        return _("gave it to %(person)s: %(because)s") % words
    return _("recommends %(person)s: %(because)s") % words


@says("dispatch.OverrideAsked")
def _asked(payload: Payload, names: Names) -> str:
    words = {"person": names[payload["chosen_id"]], "reason": payload["reason"]}
    return _("asked that %(person)s works on it: “%(reason)s”") % words


@says("dispatch.OverrideSettled")
def _settled(payload: Payload, names: Names) -> str:
    said = {
        OverrideStatus.APPROVED: _("approved that %(person)s works on it"),
        OverrideStatus.REFUSED: _("refused that %(person)s works on it"),
        OverrideStatus.WITHDRAWN: _("took back that %(person)s shall work on it"),
    }[OverrideStatus(payload["status"])]
    return said % {"person": names[payload["chosen_id"]]}
