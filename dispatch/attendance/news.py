"""Who is told that the attendance service was lost, or is back. Wired in `nova.wiring`."""

from dispatch.events import AttendanceBack, AttendanceLost
from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.notifications.choices import Channel
from nova.notifications.services import notify

ARRANGE = "dispatch.manage_engineers"


def tell_lost(event: AttendanceLost, record: EventRecord) -> None:
    """Tell those who answer for engineers that presences are those of before."""
    words = {"has_answered": bool(event.answered_at), "error": event.error}
    _tell(record, "dispatch/mail/attendance_lost", words)


def tell_back(event: AttendanceBack, record: EventRecord) -> None:
    """Tell the same people that it answers again."""
    _tell(record, "dispatch/mail/attendance_back", {})


def _tell(record: EventRecord, template: str, words: dict[str, object]) -> None:
    notify(
        User.objects.filter(tenant=record.tenant_id).with_permission(ARRANGE),
        template=template,
        context=words,
        channels=[Channel.IN_APP, Channel.EMAIL],
        record=record,
    )
