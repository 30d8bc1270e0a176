"""What a change of a group brings with it, in the same transaction."""

from nova.accounts.events import GroupMembershipChanged
from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.scim import services


def follow_members(event: GroupMembershipChanged, record: EventRecord) -> None:
    """Give and take teams and roles at once: who leaves a group may no more from now on."""
    actor = User.objects.get(pk=record.actor_id)
    services.follow_members(
        event.group_id,
        added=event.added,
        removed=event.removed,
        actor=actor,
        now=record.occurred_at,
    )
