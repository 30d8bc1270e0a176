"""Which targets a ticket gets, and by when it is due under each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import orjson
from django.db import connection

from sla.choices import Metric
from sla.ledger import Terms, whole_second
from sla.models import hours_by

Held = Mapping[tuple[int, Metric], Terms]
Names = frozenset[str | int]

CATALOGUE = """
    SELECT json_agg(json_build_array(
        p.id, p.name, p.priorities, p.types, p.kinds, p.modules, p.vip_levels,
        t.metric, t.seconds, c.current_id, t.pause_on, t.reopen, c.name
    ) ORDER BY p."order", p.id, t.id)::text
    FROM sla_target t JOIN sla_policy p ON p.id = t.policy_id
        JOIN sla_calendar c ON c.id = t.calendar_id
    WHERE t.tenant_id = %s AND p.is_active
"""


class Matched(Protocol):
    """What policies look at: of a ticket, of a draft, or of the fact that one was opened."""

    @property
    def priority(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def module(self) -> str: ...
    @property
    def vip_level(self) -> str: ...


@dataclass(frozen=True)
class OfferedPolicy:
    """An active policy as the catalogue states it: for which tickets. An empty set is for all."""

    pk: int
    name: str
    priorities: Names
    types: Names
    kinds: Names
    modules: Names
    vip_levels: Names


@dataclass(frozen=True)
class OfferedTarget:
    """What a policy gives for one metric, by the calendar version that is current."""

    tenant_id: int
    policy: OfferedPolicy
    metric: Metric
    seconds: int
    calendar_version_id: int
    pause_on: tuple[str, ...]
    reopen: str


@dataclass(frozen=True)
class Promise:
    """One target for one metric, its terms, and when it is due if never paused."""

    target: OfferedTarget
    terms: Terms
    due_at: datetime | None


def targets_of(tenant_id: int) -> Sequence[OfferedTarget]:
    """Return the targets of a tenant's active policies, in the order in which policies match.

    Every ticket asks, and the answer seldom changes; so Postgres writes it as one text, and the
    same text is read once.
    """
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE, [tenant_id])
        return _read(tenant_id, cursor.fetchone()[0] or "[]")


def promises(
    wanted: Matched, targets: Sequence[OfferedTarget], *, at: datetime, held: Held | None = None
) -> dict[Metric, Promise]:
    """Return by metric what a catalogue's targets promise for a ticket opened at `at`.

    A VIP gets the better of the policy for VIPs and the one that anybody would get. `held` are
    the terms, by policy, that the ticket's clocks have: what was edited later is not for them.
    """
    found: dict[Metric, Promise] = {}
    for policy in _chosen(dict.fromkeys(target.policy for target in targets), wanted):
        for target in (target for target in targets if target.policy == policy):
            _keep_better(found, _promise(target, at, held or {}))
    return found


def matches(policy: OfferedPolicy, wanted: Matched) -> bool:
    """Say whether a policy is for such a ticket."""
    pairs = (
        (policy.priorities, wanted.priority),
        (policy.types, wanted.type),
        (policy.kinds, wanted.kind),
        (policy.modules, wanted.module),
        (policy.vip_levels, wanted.vip_level),
    )
    return all(not allowed or value in allowed for allowed, value in pairs)


@lru_cache(maxsize=256)
def _read(tenant_id: int, text: str) -> tuple[OfferedTarget, ...]:
    return tuple(_target(tenant_id, *row) for row in orjson.loads(text))


def _target(tenant_id: int, pk: int, name: str, *rest: Any) -> OfferedTarget:
    *matched, metric, seconds, version_id, pause_on, reopen, calendar = rest
    if version_id is None:
        raise ValueError(f"The calendar {calendar} was never published.")
    policy = OfferedPolicy(pk, name, *map(frozenset, matched))
    return OfferedTarget(
        tenant_id, policy, Metric(metric), seconds, version_id, tuple(pause_on), reopen
    )


def _chosen(policies: Iterable[OfferedPolicy], wanted: Matched) -> list[OfferedPolicy]:
    """Return the first match of the policies for VIPs and the first of those for everybody."""
    matching = [policy for policy in policies if matches(policy, wanted)]
    for_vips = [policy for policy in matching if policy.vip_levels]
    for_all = [policy for policy in matching if not policy.vip_levels]
    return [*for_vips[:1], *for_all[:1]]


def _promise(target: OfferedTarget, at: datetime, held: Held) -> Promise:
    terms = held.get((target.policy.pk, target.metric))
    terms = terms or Terms(target.seconds, hours_by(target.calendar_version_id))
    return Promise(target, terms, terms.hours.advance(whole_second(at), terms.target_seconds))


def _keep_better(found: dict[Metric, Promise], promise: Promise) -> None:
    metric = promise.target.metric
    rival = found.get(metric)
    if rival is None or _sooner(promise.due_at, rival.due_at):
        found[metric] = promise


def _sooner(due_at: datetime | None, than: datetime | None) -> bool:
    return due_at is not None and (than is None or due_at < than)
