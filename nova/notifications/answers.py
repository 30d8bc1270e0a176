"""What other apps say beside alerts: who answered one, or where a person can."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from nova.accounts.models import User
from nova.notifications.choices import ALERTS
from nova.notifications.models import Delivery


@dataclass(frozen=True, slots=True)
class Answer:
    """Where an alert is acknowledged by POST, or else who did so and when."""

    url: str = ""
    by: str = ""
    at: datetime | None = None


def answered(rows: Sequence[Delivery], viewer: User) -> list[tuple[Delivery, Answer | None]]:
    """Return each of a person's notifications with its answer; news has none."""
    alerts = [row for row in rows if row.kind in ALERTS and row.record_id]
    found: dict[int, Answer] = {}
    for path in settings.ALERT_ANSWERS if alerts else ():
        found |= import_string(path)(alerts, viewer)
    return [(row, found.get(row.pk)) for row in rows]
