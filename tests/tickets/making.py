"""Open tickets as the desk does: through the service, with every app's part in it."""

from datetime import datetime
from typing import Any

from nova.accounts.models import User
from tests.factories import NOW
from tickets.intake import TicketDraft
from tickets.models import Ticket
from tickets.services import open_ticket


def opened_for(requester: User, *, at: datetime = NOW, **stated: Any) -> Ticket:
    """Return a ticket of `requester`, opened at an instant."""
    draft = {"title": "Laptop will not start", "submitted_by": requester, **stated}
    return open_ticket(
        TicketDraft(requester=requester, opened_at=at, **draft), actor=requester, now=at
    )
