"""Who may be told of clocks."""

from nova.accounts import organisation
from nova.accounts.chain import Organisation
from tickets.events import DESK, VIP

CLOCKS = "sla.view_clock"


def organisation_of(tenant_id: int) -> Organisation:
    """Return those of a tenant who may read tickets and clocks."""
    return organisation.organisation_of(tenant_id, needs=(DESK, CLOCKS), knows=VIP)
