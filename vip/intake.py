"""The step of intake that recognises a VIP."""

from django.utils.translation import gettext as _

from tickets.choices import ScorePart
from tickets.intake import TicketDraft
from tickets.services import weights_of
from vip.reading import hold_standing, standing_of


def recognise(draft: TicketDraft) -> TicketDraft:
    """Intake step: mark what is for a VIP, and lift it where the module's switch is on.

    VIP follows the person the ticket is for, whoever submits it.
    """
    hold_standing(draft.requester)
    standing = standing_of(draft.requester, at=draft.opened_at)
    if not standing.level:
        return draft
    marked = draft.revise(
        because=standing.reasons[0],
        vip_level=standing.level,
        vip_trigger_source=standing.source,
        vip_reasons=standing.reasons,
    )
    weights = weights_of(draft.requester.tenant_id)
    points = weights.of_level(standing.level, draft.module)
    if not points:
        return marked.revise(because=_("VIP order is switched off for this module"))
    return marked.with_part(ScorePart.VIP, points, standing.reasons[0])


def counts_in(tenant_id: int, module: str) -> bool:
    """Say whether VIPs go first in this module of the tenant."""
    return module in weights_of(tenant_id).modules
