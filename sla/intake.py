"""The step of intake that says by when a ticket must be taken."""

from sla.choices import AT_OPENING
from sla.facts import facts_of_draft
from sla.promises import promises, targets_of
from tickets.choices import SlaState
from tickets.intake import TicketDraft


def promise(draft: TicketDraft) -> TicketDraft:
    """Intake step: the earliest due time is the ticket's place in time.

    The clocks themselves start when the ticket is there (`sla.handlers`).
    """
    targets = targets_of(draft.requester.tenant_id)
    found = promises(facts_of_draft(draft), targets, at=draft.opened_at)
    due = [found[metric].due_at for metric in AT_OPENING if metric in found]
    earliest = min(filter(None, due), default=None)
    if earliest is None:
        return draft
    return draft.revise(queue_at=earliest, next_due_at=earliest, sla_state=SlaState.RUNNING)
