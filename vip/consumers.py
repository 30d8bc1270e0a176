"""What VIP status does after the commit, in the order of events. Wired in `nova.settings`."""

from nova.accounts.models import User
from nova.events.base import Event
from nova.events.models import EventRecord
from vip import services
from vip.models import Designation


def apply_designation(event: Event, record: EventRecord) -> None:
    """Bring people and open tickets in step with a designation that was made or revoked."""
    designation = Designation.objects.get(pk=record.subject_id)
    if designation.starts_at <= record.occurred_at:
        actor = User.objects.get(pk=record.actor_id)
        services.apply_designation(designation, actor=actor, now=record.occurred_at)
