"""The verbs of VIPs: the only code that writes this app's tables."""

from vip.services.answering import (
    acknowledge_alert,
    end_alert,
    escalate_unanswered,
    note_act,
    open_alert,
)
from vip.services.designations import (
    apply_designation,
    apply_due,
    confirm_vip,
    designate_vip,
    end_lost_groups,
    remind_of_ends,
    revoke_vip,
)
from vip.services.reassessing import reassess, reassess_ticket
from vip.services.reassessments import (
    REASSESSING,
    bring_in_step,
    resume_reassessment,
)
from vip.services.recognising import (
    accept_recognition,
    end_recognitions,
    recognise_vip,
    reconsider_recognition,
    refuse_recognition,
    withdraw_recognition,
)
from vip.services.reporting import note_export
from vip.services.ruling import confirm_rule, edit_rule, make_rule, retire_rule

__all__ = [
    "REASSESSING",
    "accept_recognition",
    "acknowledge_alert",
    "apply_designation",
    "apply_due",
    "bring_in_step",
    "confirm_rule",
    "confirm_vip",
    "designate_vip",
    "edit_rule",
    "end_alert",
    "end_lost_groups",
    "end_recognitions",
    "escalate_unanswered",
    "make_rule",
    "note_act",
    "note_export",
    "open_alert",
    "reassess",
    "reassess_ticket",
    "recognise_vip",
    "reconsider_recognition",
    "refuse_recognition",
    "remind_of_ends",
    "resume_reassessment",
    "retire_rule",
    "revoke_vip",
    "withdraw_recognition",
]
