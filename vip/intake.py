"""The step of intake that recognises a VIP."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from nova.accounts.choices import VipLevel
from tickets import rules as queue
from tickets.choices import ScorePart
from tickets.intake import TicketDraft
from tickets.models import DeskSettings
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
    modules = modules_of(draft.requester.tenant_id)
    points = points_in(modules, standing.level, draft.module)
    if not points:
        return marked.revise(because=_("VIP order is switched off for this module"))
    return marked.with_part(ScorePart.VIP, points, standing.reasons[0])


def points_in(modules: Collection[str], level: str, module: str) -> int:
    """Return what a level counts in the queue: nothing outside of modules where VIPs go first."""
    return queue.VIP_POINTS[VipLevel(level)] if level and module in modules else 0


def modules_of(tenant_id: int) -> Collection[str]:
    """Return the modules of a tenant in which VIPs go first."""
    found: list[str] = DeskSettings.objects.get(tenant_id=tenant_id).vip_modules
    return found


def counts_in(tenant_id: int, module: str) -> bool:
    """Say whether VIPs go first in this module of the tenant."""
    return module in modules_of(tenant_id)
