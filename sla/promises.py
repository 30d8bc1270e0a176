"""Which targets a ticket gets, and by when it is due under each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sla.choices import Metric
from sla.ledger import Terms, whole_second
from sla.models import CalendarVersion, Policy, Target

Held = Mapping[tuple[int, Metric], Terms]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The properties of a ticket, or of a draft, that policies match."""

    priority: int
    type: str
    kind: str
    module: str
    vip_level: str


@dataclass(frozen=True)
class Promise:
    """One target for one metric, its terms, and when it is due if never paused."""

    target: Target
    terms: Terms
    due_at: datetime | None


def targets_of(tenant_id: int) -> list[Target]:
    """Return the targets of a tenant's active policies, in the order in which policies match."""
    return list(
        Target.objects.filter(tenant_id=tenant_id, policy__is_active=True)
        .select_related("policy", "calendar__current")
        .order_by("policy__order", "policy_id")
    )


def promises(
    wanted: Wanted, targets: Sequence[Target], *, at: datetime, held: Held | None = None
) -> dict[Metric, Promise]:
    """Return by metric what a catalogue's targets promise for a ticket opened at `at`.

    A VIP gets the better of the policy for VIPs and the one that anybody would get. `held` are
    the terms, by policy, that the ticket's clocks have: what was edited later is not for them.
    """
    found: dict[Metric, Promise] = {}
    for policy in _chosen(dict.fromkeys(target.policy for target in targets), wanted):
        for target in (target for target in targets if target.policy_id == policy.pk):
            _keep_better(found, _promise(target, at, held or {}))
    return found


def version_of(target: Target) -> CalendarVersion:
    """Return the hours that a clock started now would go by."""
    version = target.calendar.current
    if version is None:
        raise ValueError(f"The calendar {target.calendar} was never published.")
    return version


def matches(policy: Policy, wanted: Wanted) -> bool:
    """Say whether a policy is for such a ticket; an empty list of the policy is for all."""
    pairs = (
        (policy.priorities, wanted.priority),
        (policy.types, wanted.type),
        (policy.kinds, wanted.kind),
        (policy.modules, wanted.module),
        (policy.vip_levels, wanted.vip_level),
    )
    return all(not allowed or value in allowed for allowed, value in pairs)


def _chosen(policies: Iterable[Policy], wanted: Wanted) -> list[Policy]:
    """Return the first match of the policies for VIPs and the first of those for everybody."""
    matching = [policy for policy in policies if matches(policy, wanted)]
    for_vips = [policy for policy in matching if policy.vip_levels]
    for_all = [policy for policy in matching if not policy.vip_levels]
    return [*for_vips[:1], *for_all[:1]]


def _promise(target: Target, at: datetime, held: Held) -> Promise:
    terms = held.get((target.policy_id, Metric(target.metric)))
    terms = terms or Terms(target.seconds, version_of(target).hours)
    return Promise(target, terms, terms.hours.advance(whole_second(at), terms.target_seconds))


def _keep_better(found: dict[Metric, Promise], promise: Promise) -> None:
    metric = Metric(promise.target.metric)
    rival = found.get(metric)
    if rival is None or _sooner(promise.due_at, rival.due_at):
        found[metric] = promise


def _sooner(due_at: datetime | None, than: datetime | None) -> bool:
    return due_at is not None and (than is None or due_at < than)
