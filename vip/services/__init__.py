"""The verbs of VIPs: the only code that writes this app's tables."""

from vip.services.designations import (
    apply_designation,
    apply_due,
    confirm_vip,
    designate_vip,
    end_lost_groups,
    remind_of_ends,
    revoke_vip,
)
from vip.services.reassessing import apply_switches, reassess, reassess_ticket
from vip.services.reassessments import (
    REASSESS,
    advance,
    bring_in_step,
    has_stalled,
    resume_reassessment,
)
from vip.services.reporting import note_export
from vip.services.ruling import confirm_rule, edit_rule, make_rule, retire_rule

__all__ = [
    "REASSESS",
    "advance",
    "apply_designation",
    "apply_due",
    "apply_switches",
    "bring_in_step",
    "confirm_rule",
    "confirm_vip",
    "designate_vip",
    "edit_rule",
    "end_lost_groups",
    "has_stalled",
    "make_rule",
    "note_export",
    "reassess",
    "reassess_ticket",
    "remind_of_ends",
    "resume_reassessment",
    "retire_rule",
    "revoke_vip",
]
