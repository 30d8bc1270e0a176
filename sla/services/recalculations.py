"""Preview, apply, undo and cancel recalculations. The work itself goes on in the background."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from sla.choices import RecalculationScope, RecalculationStatus
from sla.events import RecalculationBegun, RecalculationCancelled, RecalculationStarted
from sla.models import Calendar, Clock, Recalculation
from sla.promises import catalogue_of
from sla.services.recalculation_runs import RECALCULATING

Status = RecalculationStatus

# The lines of an undo: former terms of what was applied, for the cycle that is the last one now.
TURNED = """
    INSERT INTO sla_recalculationline (tenant_id, recalculation_id, clock_id, kind,
        before_due_at, after_due_at, before_breached_at, after_breached_at,
        before_seconds, after_seconds, before_calendar_version_id, after_calendar_version_id,
        before_policy_version_id, after_policy_version_id, before, after)
    SELECT line.tenant_id, %(undo)s, latest.id,
        CASE kind WHEN 'later' THEN 'earlier' WHEN 'earlier' THEN 'later'
            WHEN 'breached' THEN 'healed' WHEN 'healed' THEN 'breached' ELSE kind END,
        line.after_due_at, line.before_due_at, line.after_breached_at, line.before_breached_at,
        line.after_seconds, line.before_seconds,
        line.after_calendar_version_id, line.before_calendar_version_id,
        line.after_policy_version_id, line.before_policy_version_id, line.after, line.before
    FROM sla_recalculationline line JOIN sla_clock clock ON clock.id = line.clock_id,
    LATERAL (
        SELECT id FROM sla_clock WHERE ticket_id = clock.ticket_id AND metric = clock.metric
        ORDER BY number DESC LIMIT 1
    ) latest
    WHERE line.recalculation_id = %(former)s AND line.applied_at IS NOT NULL
        AND line.kind <> 'left_out'
    ORDER BY line.id
"""


@transaction.atomic
def preview_recalculation(
    scope: str,
    *,
    reason: str,
    actor: User,
    now: datetime,
    policy_ids: Sequence[int] = (),
    calendar: Calendar | None = None,
) -> Recalculation:
    """Begin to look at what running clocks would say by what is promised now.

    Raises `Refused` without a reason, or where the scope names nothing.
    """
    _check(scope, reason, policy_ids, calendar)
    recalculation = Recalculation.objects.create(
        tenant_id=actor.tenant_id,
        scope=scope,
        policy_ids=sorted(policy_ids) if scope == RecalculationScope.POLICIES else [],
        calendar=calendar if scope == RecalculationScope.CALENDAR else None,
        reason=reason,
        author=actor,
        catalogue=catalogue_of(actor.tenant_id),
        created_at=now,
        moved_at=now,
        to_look_at=Clock.objects.live().count(),
    )
    event = RecalculationBegun(
        tenant_id=actor.tenant_id, recalculation_id=recalculation.pk, scope=scope, reason=reason
    )
    publish(event, actor=actor, now=now)
    RECALCULATING.go_on(recalculation)
    return recalculation


@transaction.atomic
def apply_recalculation(recalculation_id: int, *, actor: User, now: datetime) -> Recalculation:
    """Begin to do what was previewed; one that stopped midway goes on from there.

    Raises `Refused` unless it is previewed, when what is promised has changed since, and while
    another one is being applied.
    """
    recalculation = _held_alone(recalculation_id)
    goes_on = recalculation.may_go_on
    if not recalculation.may_begin and not goes_on:
        raise Refused(_("It cannot be applied: its preview must be complete."))
    _refuse_stale(recalculation)
    if not goes_on:
        recalculation.cursor = 0
        recalculation.to_apply = recalculation.lines.count()
    _start(recalculation, actor, now)
    return recalculation


@transaction.atomic
def undo_recalculation(recalculation_id: int, *, actor: User, now: datetime) -> Recalculation:
    """Begin to give back the former terms; return the recalculation that does so.

    A clock that got other terms since keeps those. Raises `Refused` where nothing was applied,
    where it is undone already, and for one that is an undoing itself.
    """
    former = _held_alone(recalculation_id)
    if not former.may_undo():
        raise Refused(_("There is nothing to undo."))
    undo = Recalculation.objects.create(
        tenant_id=former.tenant_id,
        scope=RecalculationScope.UNDO,
        undoes=former,
        reason=former.reason,
        status=Status.PREVIEWED,
        author=actor,
        created_at=now,
        moved_at=now,
    )
    undo.to_look_at = undo.looked_at = undo.to_apply = _turn(former, undo)
    _start(undo, actor, now)
    return undo


@transaction.atomic
def cancel_recalculation(recalculation_id: int, *, actor: User, now: datetime) -> Recalculation:
    """End one early. What it has done to clocks by then stays done, and may be undone.

    Raises `Refused` when it is over already.
    """
    recalculation = _held(recalculation_id)
    if not recalculation.may_cancel:
        raise Refused(_("It is over already."))
    recalculation.status, recalculation.ended_at = Status.CANCELLED, now
    recalculation.save(update_fields=["status", "ended_at"])
    event = RecalculationCancelled(
        tenant_id=recalculation.tenant_id,
        recalculation_id=recalculation.pk,
        applied=recalculation.applied,
    )
    publish(event, actor=actor, now=now)
    return recalculation


def _check(scope: str, reason: str, policy_ids: Sequence[int], calendar: Calendar | None) -> None:
    if not reason.strip():
        raise Refused(_("Say why."))
    if scope == RecalculationScope.POLICIES and not policy_ids:
        raise Refused(_("Choose at least one policy."))
    if scope == RecalculationScope.CALENDAR and calendar is None:
        raise Refused(_("Choose a calendar."))
    if scope == RecalculationScope.UNDO or scope not in RecalculationScope.values:
        raise Refused(_("Say which clocks."))


def _held(recalculation_id: int) -> Recalculation:
    return Recalculation.objects.select_for_update(of=("self",)).get(pk=recalculation_id)


def _held_alone(recalculation_id: int) -> Recalculation:
    """Hold it, and with it all that might be applied: so that of two one is first."""
    rivals = Q(status__in=[Status.PREVIEWED, Status.APPLYING])
    held = Recalculation.objects.select_for_update(of=("self",)).order_by("pk")
    rows = {row.pk: row for row in held.filter(rivals | Q(pk=recalculation_id))}
    if any(row.status == Status.APPLYING for row in rows.values()):
        raise Refused(_("A recalculation is being applied. Wait until it is done."))
    if recalculation_id not in rows:
        raise Recalculation.DoesNotExist
    return rows[recalculation_id]


def _refuse_stale(recalculation: Recalculation) -> None:
    is_undo = recalculation.undoes_id is not None
    if not is_undo and recalculation.catalogue != catalogue_of(recalculation.tenant_id):
        raise Refused(_("What is promised has changed since. Preview it again."))


def _start(recalculation: Recalculation, actor: User, now: datetime) -> None:
    """Let it be applied from now on, by the right of `actor`."""
    recalculation.status, recalculation.applier = Status.APPLYING, actor
    recalculation.moved_at, recalculation.ended_at, recalculation.attempts = now, None, 0
    recalculation.save()
    event = RecalculationStarted(
        tenant_id=recalculation.tenant_id,
        recalculation_id=recalculation.pk,
        reason=recalculation.reason,
        lines=recalculation.to_apply,
        undoes=recalculation.undoes_id,
    )
    publish(event, actor=actor, now=now)
    RECALCULATING.go_on(recalculation)


def _turn(former: Recalculation, undo: Recalculation) -> int:
    """Write the lines that undo those of `former`; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(TURNED, {"undo": undo.pk, "former": former.pk})
        return cursor.rowcount
