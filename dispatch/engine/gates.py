"""Who may not have a piece of work, and why. Pure: gates refuse, they never rank."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from dispatch.engine.facts import Engineer, Job, Policy

Gate = Callable[[Engineer, Job, Policy, datetime], str]


class Refusal(NamedTuple):
    """The gate at which somebody stays, and the reason in words."""

    gate: str
    why: str


def refusals(engineer: Engineer, job: Job, policy: Policy, now: datetime) -> list[Refusal]:
    """Return all gates at which the engineer stays; none of who may have the job."""
    return list(_refusals(engineer, job, policy, now))


def may_have(engineer: Engineer, job: Job, policy: Policy, now: datetime) -> bool:
    """Say whether no gate refuses."""
    return next(_refusals(engineer, job, policy, now), None) is None


def _refusals(engineer: Engineer, job: Job, policy: Policy, now: datetime) -> Iterator[Refusal]:
    for name, gate in GATES.items():
        why = gate(engineer, job, policy, now)
        if why:
            yield Refusal(name, why)


def _on_duty(engineer: Engineer, _job: Job, _policy: Policy, now: datetime) -> str:
    until = engineer.presence.until
    return "" if until is not None and until > now else _("is not on duty")


def _shift(engineer: Engineer, job: Job, policy: Policy, now: datetime) -> str:
    until = engineer.presence.until
    if until is None or until <= now:
        return ""  # the gate before says so
    left = int((until - now).total_seconds())
    asked = min(job.takes_seconds, policy.longest_wait_seconds)
    if left >= asked:
        return ""
    named = {"left": left // 60, "asked": -(-asked // 60)}
    return _("has %(left)s min of the shift left, and this asks for %(asked)s") % named


def _capacity(engineer: Engineer, job: Job, _policy: Policy, _now: datetime) -> str:
    if engineer.load + job.points <= engineer.capacity:
        return ""
    named = {"load": engineer.load, "capacity": engineer.capacity, "points": job.points}
    return _("has %(load)s of %(capacity)s points, and this is %(points)s") % named


def _team(engineer: Engineer, job: Job, _policy: Policy, _now: datetime) -> str:
    return "" if job.team is None or job.team in engineer.teams else _("is not of the team")


def _skill(engineer: Engineer, job: Job, _policy: Policy, _now: datetime) -> str:
    lacking = [
        _("%(skill)s %(level)s") % {"skill": wanted.name, "level": wanted.level}
        for wanted in job.skills
        if wanted.is_mandatory and engineer.skills.get(wanted.pk, 0) < wanted.level
    ]
    return _("lacks %(skills)s") % {"skills": ", ".join(lacking)} if lacking else ""


def _certificate(engineer: Engineer, job: Job, _policy: Policy, _now: datetime) -> str:
    missing = [name for pk, name in job.certificates.items() if pk not in engineer.certificates]
    return _("has no valid %(names)s") % {"names": ", ".join(missing)} if missing else ""


def _branch(engineer: Engineer, job: Job, _policy: Policy, _now: datetime) -> str:
    is_near = job.site is None or not engineer.sites or job.site in engineer.sites
    return "" if is_near else _("does not serve the site")


def _vip(engineer: Engineer, job: Job, policy: Policy, _now: datetime) -> str:
    is_kept = job.is_for_vip and policy.only_preferred_for_vips and not engineer.is_for_vips
    return _("is not among those preferred for VIPs") if is_kept else ""


def _conflict(engineer: Engineer, job: Job, _policy: Policy, _now: datetime) -> str:
    if engineer.pk == job.requester:
        return _("has asked for it")
    return job.excluded.get(engineer.pk, "")


# In the order in which they are told. VIPs' is apart: its reason is for who may know of them.
GATES: dict[str, Gate] = {
    "on_duty": _on_duty,
    "shift": _shift,
    "capacity": _capacity,
    "team": _team,
    "skill": _skill,
    "certificate": _certificate,
    "branch": _branch,
    "vip": _vip,
    "conflict": _conflict,
}
# The facts of a job that each gate looks at: whoever judges many jobs judges once what is alike.
LOOKS_AT = {
    "on_duty": (),
    "shift": ("takes_seconds",),
    "capacity": ("points",),
    "team": ("team",),
    "skill": ("skills",),
    "certificate": ("certificates",),
    "branch": ("site",),
    "vip": ("is_for_vip",),
    "conflict": ("requester", "excluded"),
}
