"""The verbs of attendance: set which service is asked, ask it, keep what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

import structlog
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dispatch.attendance import rules
from dispatch.attendance.answers import Findings, NotAsAgreed, Who, findings_in
from dispatch.events import AttendanceBack, AttendanceLost, AttendanceSourceSet
from dispatch.models import AttendanceSource, AttendanceState, Engineer
from dispatch.models.attendance import LONGEST_REMARK
from nova.accounts.models import User
from nova.accounts.sealing import seal, unseal
from nova.accounts.system import system_of
from nova.errors import Refused
from nova.events.bus import publish
from nova.events.nudge import wake
from nova.notifications.outbound import NotReached, ask
from nova.tenancy.fence import inside

ASK = "dispatch.ask_attendance"
PATH = "/api/hr/attendance"
SECONDS, MOST_BYTES = 5, 4 << 20
LEASE = timedelta(seconds=30)
MOST_REMARKS = 20
SAID = ("source", "on_duty", "since", "until", "back_at", "said_at")
TOKEN_NEEDED = _("This is another service: give its token, too.")
log = structlog.get_logger(__name__)


@transaction.atomic
def set_source(
    *, address: str, token: str, is_on: bool, actor: User, now: datetime
) -> AttendanceSource:
    """Let a tenant's engineers be at work as this service says, which is asked at once.

    Without a token the present one stays, unless the address leads to another host: that is not
    to be told it. Raises `Refused`. What a former service said is forgotten.
    """
    source = AttendanceSource.objects.select_for_update().filter(tenant=actor.tenant_id).first()
    source = source or AttendanceSource(tenant_id=actor.tenant_id, address="", is_on=False)
    address = address.rstrip("/")
    if needs_token(source, address) and not token:
        raise Refused(str(TOKEN_NEEDED))
    changes = {
        "address": (source.address, address),
        "is_on": (source.is_on, is_on),
        "token": (None, "changed" if token else None),
    }
    changes = {name: change for name, change in changes.items() if change[0] != change[1]}
    if changes:
        _begin_anew(source, address, token, is_on, now)
        event = AttendanceSourceSet(
            tenant_id=source.tenant_id, attendancesource_id=source.pk, changes=changes
        )
        publish(event, actor=actor, now=now)
    return source


def needs_token(source: AttendanceSource | None, address: str) -> bool:
    """Say whether a token is to be given with an address, as none is kept for its host."""
    return source is None or _place_of(source.address) != _place_of(address)


@transaction.atomic
def ask_soon(source_id: int, *, now: datetime) -> None:
    """Let a service be asked now."""
    sources = AttendanceSource.objects.filter(pk=source_id, is_on=True)
    if sources.update(next_ask_at=now):
        tenant_id = sources.values_list("tenant_id", flat=True)[0]
        transaction.on_commit(partial(wake, ASK, tenant_id), robust=True)


def is_due(*, now: datetime) -> bool:
    """Say whether a service is to be asked. Call it inside a fence."""
    return AttendanceSource.objects.filter(is_on=True, next_ask_at__lte=now).exists()


def ask_next(tenant_id: int, *, now: datetime) -> bool:
    """Ask a tenant's service if that is due; return whether it was.

    It is claimed in one transaction and settled in another, with the asking between the two. An
    answer that comes after a newer one is not used.
    """
    with inside(tenant_id):
        visit = _claim(now)
    if visit is None:
        return False
    findings, error = _findings(visit)
    with inside(tenant_id):
        _settle(visit, findings, error)
    return True


@dataclass(frozen=True)
class _Visit:
    """What a worker needs to know to ask a service for an instant."""

    source_id: int
    address: str
    sealed_token: str
    engineers: dict[int, Who]
    at: datetime

    @property
    def url(self) -> str:
        at = self.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return f"{self.address}{PATH}?{urlencode({'at': at})}"


def _place_of(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()


def _begin_anew(
    source: AttendanceSource, address: str, token: str, is_on: bool, now: datetime
) -> None:
    """Save what was set. Failures of before are no longer news, nor is another one's word."""
    if source.pk and source.address != address:
        source.states.all().delete()
        source.answered_at, source.named, source.strangers, source.remarks = None, 0, 0, []
    source.address, source.is_on, source.next_ask_at = address, is_on, now
    source.sealed_token = seal(token) if token else source.sealed_token
    source.failures, source.failed_at, source.lost_at, source.last_error = 0, None, None, ""
    source.save()
    if is_on:
        transaction.on_commit(partial(wake, ASK, source.tenant_id), robust=True)


def _claim(now: datetime) -> _Visit | None:
    """Take the source if it is due; if the worker dies, it is asked again after the lease."""
    due = AttendanceSource.objects.filter(is_on=True, next_ask_at__lte=now)
    source = due.select_for_update(skip_locked=True).first()
    if source is None:
        return None
    source.next_ask_at = now + LEASE
    source.save(update_fields=["next_ask_at"])
    people = Engineer.objects.at_work().values_list("pk", "person__email", "person__external_id")
    engineers = {pk: Who(email, external_id or "") for pk, email, external_id in people}
    return _Visit(source.pk, source.address, source.sealed_token, engineers, now)


def _findings(visit: _Visit) -> tuple[Findings | None, str]:
    """Return what a service says, or what is wrong with it."""
    try:
        token = unseal(visit.sealed_token)
    except InvalidToken:
        return None, "The token cannot be read; please enter it again."
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    try:
        content = ask(visit.url, headers=headers, most_bytes=MOST_BYTES, seconds=SECONDS)
        return findings_in(content, visit.engineers, visit.at), ""
    except (NotReached, NotAsAgreed) as error:
        log.warning("attendance_failed", source=visit.source_id, error=str(error))
        return None, str(error)


def _settle(visit: _Visit, findings: Findings | None, error: str) -> None:
    """Note how a visit ended, unless something newer is known or it was set anew since."""
    sources = AttendanceSource.objects.select_for_update().filter(pk=visit.source_id, is_on=True)
    source = sources.filter(address=visit.address, sealed_token=visit.sealed_token).first()
    if source is None or (source.answered_at and source.answered_at >= visit.at):
        return
    if findings is None:
        _note_failure(source, error, visit.at)
    else:
        _keep(source, findings, visit.at)
        _note_answer(source, findings, visit.at)
    source.save()


def _note_failure(source: AttendanceSource, error: str, now: datetime) -> None:
    source.failures += 1
    source.failed_at, source.last_error = now, error
    source.next_ask_at = now + rules.wait_after(source.failures)
    if source.failures >= rules.LOST_AFTER and source.lost_at is None:
        source.lost_at = now
        answered_at = source.answered_at.isoformat() if source.answered_at else ""
        event = AttendanceLost(tenant_id=source.tenant_id, answered_at=answered_at, error=error)
        publish(event, actor=system_of(source.tenant_id), now=now)


def _note_answer(source: AttendanceSource, findings: Findings, now: datetime) -> None:
    if source.lost_at is not None:
        lost_at = source.lost_at.isoformat()
        event = AttendanceBack(tenant_id=source.tenant_id, lost_at=lost_at)
        publish(event, actor=system_of(source.tenant_id), now=now)
    source.failures, source.last_error, source.lost_at = 0, "", None
    source.answered_at, source.next_ask_at = now, now + rules.AGAIN
    source.named, source.strangers = len(findings.rows), findings.strangers
    source.remarks = _shortened(findings.remarks)


def _keep(source: AttendanceSource, findings: Findings, at: datetime) -> None:
    """Let what was said of engineers be what is known; of whom nothing is said, nothing is."""
    present = Engineer.objects.filter(pk__in=findings.rows).values_list("pk", flat=True)
    told = [
        (pk, findings.rows[pk]) for pk in present.order_by("pk").select_for_update(no_key=True)
    ]
    states = [
        AttendanceState(
            tenant_id=source.tenant_id,
            engineer_id=pk,
            source=source,
            on_duty=row.on_duty,
            since=row.since,
            until=row.until,
            back_at=row.back_at,
            said_at=at,
        )
        for pk, row in told
    ]
    source.states.exclude(engineer__in={*findings.rows, *findings.unclear}).delete()
    AttendanceState.objects.bulk_create(
        states, update_conflicts=True, unique_fields=["engineer"], update_fields=SAID
    )


def _shortened(remarks: Sequence[str]) -> list[str]:
    kept = [remark[:LONGEST_REMARK] for remark in remarks[:MOST_REMARKS]]
    more = len(remarks) - len(kept)
    return [*kept, f"and {more} more"] if more else kept
