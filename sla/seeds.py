"""What a new tenant promises until its admin decides otherwise."""

from datetime import datetime
from typing import NamedTuple

from nova.accounts.choices import VipLevel
from nova.tenancy.models import Tenant
from sla.choices import Metric, VersionStatus
from sla.models import Calendar, CalendarVersion, EscalationStep, Policy, PolicyVersion, Target
from sla.models.steps import stated_by
from sla.steps import FAILING_OVER, FOR_VIPS, ORDINARY, Escalation
from tickets.choices import Priority

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOURS = {
    "Office hours": {day: [["09:00", "17:00"]] for day in WEEKDAYS},
    "Around the clock": {day: [["00:00", "24:00"]] for day in (*WEEKDAYS, "sat", "sun")},
}
MINUTE, HOUR = 60, 3600


class Row(NamedTuple):
    """One policy of the catalogue: whom it is for, its targets in seconds, and its steps."""

    name: str
    vip_levels: tuple[VipLevel, ...]
    priorities: tuple[Priority, ...]
    response: int
    resolution: int
    calendar: str
    steps: tuple[Escalation, ...] = ORDINARY


CATALOGUE = [
    Row("VIP", tuple(VipLevel), (), 5 * MINUTE, HOUR, "Around the clock", FOR_VIPS),
    Row("Critical", (), (Priority.P1,), 15 * MINUTE, 2 * HOUR, "Around the clock", FAILING_OVER),
    Row("High", (), (Priority.P2,), 30 * MINUTE, 4 * HOUR, "Office hours"),
    Row("Moderate", (), (Priority.P3,), 2 * HOUR, 8 * HOUR, "Office hours"),
    Row("Low", (), (Priority.P4,), 4 * HOUR, 24 * HOUR, "Office hours"),
    Row("Planning", (), (Priority.P5,), 8 * HOUR, 40 * HOUR, "Office hours"),
]


def seed_catalogue(tenant: Tenant, *, now: datetime) -> None:
    """Create two calendars, and a policy for VIPs and for each priority."""
    calendars = {name: _calendar(tenant, name, now) for name in HOURS}
    for order, row in enumerate(CATALOGUE, start=1):
        policy = Policy.objects.create(tenant=tenant, name=row.name, order=order * 10)
        policy.current = _published(policy, row, calendars[row.calendar], now)
        policy.save(update_fields=["current"])


def _published(policy: Policy, row: Row, calendar: Calendar, now: datetime) -> PolicyVersion:
    stated = {"vip_level": row.vip_levels, "priority": row.priorities}
    version = PolicyVersion.objects.create(
        tenant_id=policy.tenant_id,
        policy=policy,
        number=1,
        conditions={name: list(values) for name, values in stated.items() if values},
        written_at=now,
    )
    common = {"tenant_id": policy.tenant_id, "version": version, "calendar": calendar}
    Target.objects.bulk_create(
        [
            Target(**common, metric=Metric.RESPONSE, seconds=row.response, pause_on=[]),
            Target(**common, metric=Metric.RESOLUTION, seconds=row.resolution),
        ]
    )
    EscalationStep.objects.bulk_create(
        EscalationStep(tenant_id=policy.tenant_id, version=version, **stated_by(each))
        for each in row.steps
    )
    version.status, version.published_at = VersionStatus.PUBLISHED, now
    version.save(update_fields=["status", "published_at"])
    return version


def _calendar(tenant: Tenant, name: str, now: datetime) -> Calendar:
    calendar = Calendar.objects.create(tenant=tenant, name=name)
    definition = {"tz": "UTC", "weekly": HOURS[name], "holidays": []}
    calendar.current = CalendarVersion.objects.create(
        tenant=tenant,
        calendar=calendar,
        number=1,
        status=VersionStatus.PUBLISHED,
        definition=definition,
        written_at=now,
        published_at=now,
    )
    calendar.save(update_fields=["current"])
    return calendar
