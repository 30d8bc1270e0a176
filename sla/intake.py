"""The step of intake that says by when a ticket must be taken."""

from sla.promises import promises, targets_of
from tickets.choices import SlaState
from tickets.intake import TicketDraft


def promise(draft: TicketDraft) -> TicketDraft:
    """Intake step: the earliest due time is the ticket's place in time.

    The clocks themselves start when the ticket is there (`sla.handlers`).
    """
    targets = targets_of(draft.requester.tenant_id)
    found = promises(draft, targets, at=draft.opened_at)
    due = [promise.due_at for promise in found.values() if promise.due_at]
    if not due:
        return draft
    return draft.revise(queue_at=min(due), next_due_at=min(due), sla_state=SlaState.RUNNING)
