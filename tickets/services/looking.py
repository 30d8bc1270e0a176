"""What a person has seen of a ticket."""

from datetime import datetime

from nova.accounts.models import User
from tickets.models import Seen, Ticket


def note_seen(ticket: Ticket, person: User, *, now: datetime) -> datetime | None:
    """Note that a person looks at a ticket now; return when they looked before, if ever.

    It changes nothing of the ticket, so no event tells of it.
    """
    before = Seen.objects.filter(ticket=ticket, person=person).values_list("at", flat=True)
    looked_at = before.first()
    seen = Seen(
        tenant_id=ticket.tenant_id, ticket=ticket, person=person, version=ticket.version, at=now
    )
    Seen.objects.bulk_create(
        [seen],
        update_conflicts=True,
        unique_fields=["person", "ticket"],
        update_fields=["version", "at"],
    )
    return looked_at
