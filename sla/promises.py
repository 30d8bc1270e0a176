"""Which targets a ticket gets, and by when it is due under each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from sla.choices import Metric
from sla.ledger import Terms, whole_second
from sla.matching import Conditions, Facts, conditions_of, is_for, is_for_vips
from sla.models import Calendar, VipOverride, hours_by
from sla.overriding import overrides_of, terms_in

Held = Mapping[tuple[int | None, Metric], Terms]

CATALOGUE = """
    SELECT json_agg(json_build_array(
        p.id, p.name, v.id, v.number, v.conditions,
        t.metric, t.seconds, c.current_id, t.pause_on, t.reopen, t.on_change, t.team_id, c.name
    ) ORDER BY p."order", p.id, t.team_id NULLS LAST, t.id)::text
    FROM sla_target t JOIN sla_policy p ON p.current_id = t.version_id
        JOIN sla_policyversion v ON v.id = t.version_id JOIN sla_calendar c ON c.id = t.calendar_id
    WHERE t.tenant_id = %s
"""


@dataclass(frozen=True)
class OfferedPolicy:
    """A published version as the catalogue states it; without ids, an override for a VIP."""

    pk: int | None
    name: str
    version_id: int | None = None
    number: int = 0
    conditions: Conditions | None = None

    def is_for(self, facts: Facts) -> bool:
        """Say whether it is for such a ticket."""
        return is_for(self.conditions or {}, facts)

    @property
    def is_for_vips(self) -> bool:
        return is_for_vips(self.conditions or {})


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
    on_change: str
    team_id: int | None = None

    def is_for(self, facts: Facts) -> bool:
        """Say whether it is for such a ticket: an OLA is for tickets that a team has."""
        if self.metric != Metric.OLA:
            return True
        return facts.team is not None and self.team_id in {None, facts.team}


@dataclass(frozen=True)
class Promise:
    """One target for one metric, its terms, and when it is due if never paused."""

    target: OfferedTarget
    terms: Terms
    due_at: datetime | None


class Overriding(NamedTuple):
    """How to learn what VIPs are promised beyond policies, and the version of a calendar."""

    overrides_of: Callable[[int, datetime], Sequence[VipOverride]]
    version_of: Callable[[int], int | None]


def targets_of(tenant_id: int) -> Sequence[OfferedTarget]:
    """Return the targets of a tenant's published policies, in the order in which they match.

    Every ticket asks, and the answer seldom changes; so Postgres writes it as one text, and the
    same text is read once.
    """
    return stated_targets(tenant_id, catalogue_of(tenant_id))


def catalogue_of(tenant_id: int) -> str:
    """Return what a tenant's published policies promise now, as text that can be kept."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE, [tenant_id])
        return cursor.fetchone()[0] or "[]"


def stated_targets(tenant_id: int, catalogue: str) -> Sequence[OfferedTarget]:
    """Return the targets that such a text states."""
    return _read(tenant_id, catalogue)


def _current_version(calendar_id: int) -> int | None:
    calendars = Calendar.objects.filter(pk=calendar_id)
    return calendars.values_list("current_id", flat=True).first()


ASKED = Overriding(overrides_of, _current_version)


def promises(
    facts: Facts,
    targets: Sequence[OfferedTarget],
    *,
    at: datetime,
    held: Held | None = None,
    overriding: Overriding = ASKED,
) -> dict[Metric, Promise]:
    """Return by metric what a catalogue's targets promise for a ticket, counted from `at`.

    A VIP gets the best of the policy for VIPs, the one that anybody would get, and what is
    promised to them or theirs alone. `held` are the terms, by policy, that the ticket's clocks
    have: what was published later is not for them. Many tickets bring an `overriding` that was
    read for all of them.
    """
    chosen = _chosen(targets, facts)
    given = [*chosen, *_overriding(facts, chosen, at, overriding)] if facts.vip_level else chosen
    found: dict[Metric, Promise] = {}
    for target in given:
        _keep_better(found, _promise(target, at, held or {}))
    return found


@lru_cache(maxsize=256)
def _read(tenant_id: int, text: str) -> tuple[OfferedTarget, ...]:
    return tuple(_target(tenant_id, *row) for row in orjson.loads(text))


def _target(tenant_id: int, pk: int, name: str, *rest: Any) -> OfferedTarget:
    version_id, number, conditions, metric, seconds, calendar_version_id, *kept = rest
    pause_on, reopen, on_change, team_id, calendar = kept
    if calendar_version_id is None:
        raise ValueError(f"The calendar {calendar} was never published.")
    policy = OfferedPolicy(pk, name, version_id, number, conditions_of(conditions))
    return OfferedTarget(
        tenant_id=tenant_id,
        policy=policy,
        metric=Metric(metric),
        seconds=seconds,
        calendar_version_id=calendar_version_id,
        pause_on=tuple(pause_on),
        reopen=reopen,
        on_change=on_change,
        team_id=team_id,
    )


def _chosen(targets: Iterable[OfferedTarget], facts: Facts) -> list[OfferedTarget]:
    """Return the targets of the first match for VIPs and of the first match for everybody.

    Of several OLAs of one policy the team's own comes first, and is the one.
    """
    chosen: dict[bool, OfferedPolicy] = {}
    found: dict[tuple[bool, Metric], OfferedTarget] = {}
    for target in targets:
        lane = target.policy.is_for_vips
        if lane not in chosen and target.policy.is_for(facts):
            chosen[lane] = target.policy
        if chosen.get(lane) == target.policy and target.is_for(facts):
            found.setdefault((lane, target.metric), target)
    return list(found.values())


def _overriding(
    facts: Facts, chosen: Sequence[OfferedTarget], at: datetime, known: Overriding
) -> list[OfferedTarget]:
    """Return the targets that a VIP's overrides give in the place of those that policies do.

    What an override does not say, such as the stages that pause, is as the policy says. A metric
    that no policy promises has nothing to override.
    """
    overrides = known.overrides_of(facts.requester, at) if facts.requester else ()
    found = []
    for override in overrides:
        for metric, terms in terms_in(override).items():
            usual = next((target for target in chosen if target.metric == metric), None)
            if usual:
                found.append(_overridden(usual, override, terms, known))
    return found


def _overridden(
    usual: OfferedTarget, override: VipOverride, terms: Mapping[str, int], known: Overriding
) -> OfferedTarget:
    hours = usual.calendar_version_id
    if "calendar" in terms:
        hours = known.version_of(terms["calendar"]) or hours
    return OfferedTarget(
        tenant_id=usual.tenant_id,
        policy=OfferedPolicy(None, _("Override for %(whom)s") % {"whom": override}),
        metric=usual.metric,
        seconds=terms["seconds"],
        calendar_version_id=hours,
        pause_on=usual.pause_on,
        reopen=usual.reopen,
        on_change=usual.on_change,
    )


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
