"""What clocks did, in the timeline of a ticket."""

from django.utils.translation import gettext as _

from sla.choices import Metric
from tickets.sentences import Names, Payload, says


@says("sla.ClockWarned")
def _warned(payload: Payload, names: Names) -> str:
    words = _("warned: %(percent)s %% of the time for %(metric)s is used")
    return words % {"percent": payload["percent"], "metric": _metric(payload)}


@says("sla.ClockBreached")
def _breached(payload: Payload, names: Names) -> str:
    return _("noticed that the time for %(metric)s was over") % {"metric": _metric(payload)}


@says("sla.RiskForeseen")
def _foreseen(payload: Payload, names: Names) -> str:
    words = (
        _("foresaw that it may be resolved too late: %(percent)s %% likely")
        if payload["is_at_risk"]
        else _("foresaw that it will be resolved in time: %(percent)s %% likely to be late")
    )
    return words % {"percent": payload["percent"]}


@says("sla.PolicySwitched")
def _switched(payload: Payload, names: Names) -> str:
    values = {key: payload[key] for key in ("before", "after", "reason")}
    return _("switched its service level from %(before)s to %(after)s: %(reason)s") % values


def _metric(payload: Payload) -> str:
    return str(Metric(payload["metric"]).label).lower()
