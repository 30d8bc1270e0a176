"""The verbs of the desk: the only code that writes this app's tables."""

from tickets.services.bulk import edit_many
from tickets.services.conversation import (
    add_comment,
    add_watcher,
    attach_file,
    remove_watcher,
    track_time,
)
from tickets.services.editing import (
    assign_each,
    assign_ticket,
    delete_ticket,
    edit_ticket,
    restore_ticket,
)
from tickets.services.looking import note_seen
from tickets.services.merging import merge_ticket
from tickets.services.moving import TransitionRefused, close_settled, move_ticket
from tickets.services.opening import open_ticket
from tickets.services.ranking import (
    SlaProjection,
    VipMark,
    lift_waiting,
    project_sla,
    set_score_part,
    set_score_parts,
    set_vips,
)
from tickets.services.rating import rate_ticket
from tickets.services.taking import take_ticket
from tickets.services.views import add_view, edit_view, forget_view, save_view
from tickets.services.weights import follow_weights, weights_of

__all__ = [
    "SlaProjection",
    "TransitionRefused",
    "VipMark",
    "add_comment",
    "add_view",
    "add_watcher",
    "assign_each",
    "assign_ticket",
    "attach_file",
    "close_settled",
    "delete_ticket",
    "edit_many",
    "edit_ticket",
    "edit_view",
    "follow_weights",
    "forget_view",
    "lift_waiting",
    "merge_ticket",
    "move_ticket",
    "note_seen",
    "open_ticket",
    "project_sla",
    "rate_ticket",
    "remove_watcher",
    "restore_ticket",
    "save_view",
    "set_score_part",
    "set_score_parts",
    "set_vips",
    "take_ticket",
    "track_time",
    "weights_of",
]
