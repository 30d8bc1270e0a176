"""What a viewer may learn of a ticket: decided here, once, for every page, endpoint and export."""

from dataclasses import dataclass

from nova.accounts.models import User


@dataclass(frozen=True)
class Lens:
    """The parts of a ticket that one viewer sees; what is withheld is absent, not empty.

    Without `desk` the viewer is a requester: no clock, no queue place, no VIP, no internal note,
    since each of them would let an ordinary person tell a VIP's ticket from another.
    """

    desk: bool = False
    vip: bool = False
    clocks: bool = False
    adjustments: bool = False
    notes: bool = False

    @classmethod
    def of(cls, user: User) -> "Lens":
        """Return the lens of a viewer, by their permissions alone."""
        desk = user.has_perm("tickets.view_ticket")
        return cls(
            desk=desk,
            vip=desk and user.has_perm("tickets.view_vip_flag"),
            clocks=desk and user.has_perm("sla.view_clock"),
            adjustments=desk and user.has_perm("tickets.view_sla_adjustments"),
            notes=desk and user.has_perm("tickets.note_ticket"),
        )
