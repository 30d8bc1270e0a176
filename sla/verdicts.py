"""Which policy a ticket would get, and why not the one above it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.accounts.choices import VipLevel
from nova.accounts.models import Department, Organisation, Region, Service
from sla.choices import Metric
from sla.matching import Facts, Value, is_for_vips, refusing
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion
from sla.promises import Promise, promises, targets_of
from tickets.choices import Kind, Module, Priority, TicketType
from tickets.models import Category

LABELS = {
    "priority": gettext_lazy("Priority"),
    "type": gettext_lazy("Type"),
    "kind": gettext_lazy("Kind"),
    "module": gettext_lazy("Module"),
    "category": gettext_lazy("Category"),
    "service": gettext_lazy("Service"),
    "department": gettext_lazy("Department"),
    "region": gettext_lazy("Region"),
    "organisation": gettext_lazy("Organisation"),
    "vip_level": gettext_lazy("VIP level"),
    "tags": gettext_lazy("Tags"),
}
CHOICES: dict[str, Any] = {
    "priority": Priority,
    "type": TicketType,
    "kind": Kind,
    "module": Module,
    "vip_level": VipLevel,
}
ROWS: dict[str, Any] = {
    "category": Category,
    "service": Service,
    "department": Department,
    "region": Region,
    "organisation": Organisation,
}


@dataclass(frozen=True)
class Refusal:
    """One condition that a ticket does not meet, in words."""

    label: str
    wanted: str
    given: str


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one policy: it is the one, it comes later, or why it is not."""

    policy: Policy
    is_chosen: bool
    is_for_vips: bool
    refusals: tuple[Refusal, ...]

    @property
    def comes_later(self) -> bool:
        """Say whether it would match, had not one above it."""
        return not self.is_chosen and not self.refusals


@dataclass(frozen=True)
class Match:
    """The verdict on every published policy in order, and what comes out by metric."""

    verdicts: tuple[Verdict, ...]
    promised: tuple[tuple[Metric, Promise, Calendar], ...]


def verdicts_on(facts: Facts, tenant_id: int, at: datetime, *, with_vips: bool = True) -> Match:
    """Try every published policy, in order, on such a ticket opened at `at`.

    Without `with_vips` what VIPs are promised is left out, for those who may not know of it.
    """
    known = facts if with_vips else facts._replace(vip_level="")
    policies = [
        policy
        for policy in Policy.objects.filter(tenant=tenant_id)
        .exclude(current=None)
        .select_related("current")
        .order_by("order", "pk")
        if with_vips or not is_for_vips(_version(policy).matched)
    ]
    names = _Names(policies, known)
    verdicts, chosen = [], set()
    for policy in policies:
        lane = is_for_vips(_version(policy).matched)
        refusals = tuple(names.refusals(_version(policy), known))
        is_chosen = not refusals and lane not in chosen
        chosen |= {lane} if is_chosen else set()
        verdicts.append(Verdict(policy, is_chosen, lane, refusals))
    return Match(tuple(verdicts), _promised(known, tenant_id, at))


def _promised(
    facts: Facts, tenant_id: int, at: datetime
) -> tuple[tuple[Metric, Promise, Calendar], ...]:
    found = promises(facts, targets_of(tenant_id), at=at)
    wanted = {promise.target.calendar_version_id for promise in found.values()}
    versions = CalendarVersion.objects.select_related("calendar").in_bulk(wanted)
    ordered = sorted(found, key=Metric.values.index)
    return tuple(
        (metric, found[metric], versions[found[metric].target.calendar_version_id].calendar)
        for metric in ordered
    )


def _version(policy: Policy) -> PolicyVersion:
    assert policy.current is not None  # noqa: S101  only such were asked for
    return policy.current


class _Names:
    """What the ids in conditions are called, read once for all policies."""

    def __init__(self, policies: Iterable[Policy], facts: Facts) -> None:
        wanted: dict[str, set[Value]] = {name: set(facts.values_of(name)) for name in ROWS}
        for policy in policies:
            for name in ROWS:
                wanted[name] |= set(_version(policy).matched.get(name, ()))
        self._named: Mapping[str, Mapping[Value, str]] = {
            name: {row.pk: str(row) for row in model._default_manager.filter(pk__in=wanted[name])}
            for name, model in ROWS.items()
            if wanted[name]
        }

    def refusals(self, version: PolicyVersion, facts: Facts) -> Iterable[Refusal]:
        for name in refusing(version.matched, facts):
            wanted = self._words(name, version.matched[name])
            given = self._words(name, facts.values_of(name))
            yield Refusal(str(LABELS[name]), wanted, given or _("none"))

    def _words(self, name: str, values: Iterable[Value]) -> str:
        return ", ".join(self._word(name, value) for value in sorted(values, key=str))

    def _word(self, name: str, value: Value) -> str:
        if name in CHOICES:
            return str(CHOICES[name](value).label)
        return self._named.get(name, {}).get(value, str(value))
