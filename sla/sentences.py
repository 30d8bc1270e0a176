"""What clocks did, in the timeline of a ticket."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from sla.choices import Metric, Whom
from sla.rules import Step
from sla.step_words import listed_posts, moment_of
from tickets.sentences import Names, Payload, says


@says("sla.ClockWarned")
def _warned(payload: Payload, names: Names) -> str:
    words = _("noticed that %(percent)s %% of the time for %(metric)s is used")
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


@says("sla.ClockEscalated")
@says("sla.VipClockEscalated")
def _escalated(payload: Payload, names: Names) -> str:
    step = Step("", payload["percent"], payload["offset_seconds"])
    values = {"moment": moment_of(step), "metric": _metric(payload)}
    if not payload["told"]:
        return _("acted %(moment)s of the time for %(metric)s") % values
    values["told"] = whom_told(payload)
    if not payload["level"]:
        return _("told %(told)s %(moment)s of the time for %(metric)s") % values
    return _("escalated it to %(told)s, %(moment)s of the time for %(metric)s") % values


@says("sla.TicketEscalated")
def _escalated_by_hand(payload: Payload, names: Names) -> str:
    values = {"told": whom_told(payload), "reason": payload["reason"]}
    return _("escalated it to %(told)s: %(reason)s") % values


@says("sla.ReviewOpened")
def _reviewed(payload: Payload, names: Names) -> str:
    return _("opened the review %(reference)s") % {"reference": payload["reference"]}


def whom_told(payload: Payload) -> str:
    """Return who was told at which post, for whom they stand in, and where nobody was."""
    told = [_one_told(each) for each in payload["told"]]
    said = str(get_text_list(told, _("and"))) or _("nobody")
    # Who answers for all is no post of the chain: that they were looked for says nothing.
    passed = [post for post in payload["passed"] if post in Whom.values]
    if not passed:
        return said
    posts = listed_posts(passed)
    return _("%(told)s (nobody there: %(posts)s)") % {"told": said, "posts": posts}


def _one_told(each: Payload) -> str:
    values = {"post": listed_posts([each["post"]]), "name": each["name"]}
    if each["instead_of"]:
        values["absent"] = each["instead_of"]
        return _("%(post)s, %(name)s for %(absent)s") % values
    return _("%(post)s, %(name)s") % values


@says("sla.PolicySwitched")
def _switched(payload: Payload, names: Names) -> str:
    values = {key: payload[key] for key in ("before", "after", "reason")}
    return _("switched its service level from %(before)s to %(after)s: %(reason)s") % values


def _metric(payload: Payload) -> str:
    return str(Metric(payload["metric"]).label).lower()
