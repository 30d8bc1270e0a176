"""What can be done to a ticket next, in verbs: permissions and the stage are arguments."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tickets import rules
from tickets.choices import Status

VERBS = {
    Status.ACKNOWLEDGED: _("Acknowledge"),
    Status.DIAGNOSING: _("Start diagnosing"),
    Status.IN_PROGRESS: _("Start work"),
    Status.AWAITING_CUSTOMER: _("Wait for the customer"),
    Status.AWAITING_DEPENDENCY: _("Wait for something else"),
    Status.RESOLVED: _("Resolve"),
    Status.CLOSED: _("Close"),
    Status.REOPENED: _("Reopen"),
}
RESUME = _("Resume work")
# What usually comes next; the other ways stand in a menu.
USUAL = {
    Status.NEW: Status.ACKNOWLEDGED,
    Status.ACKNOWLEDGED: Status.DIAGNOSING,
    Status.DIAGNOSING: Status.IN_PROGRESS,
    Status.IN_PROGRESS: Status.RESOLVED,
    Status.AWAITING_CUSTOMER: Status.IN_PROGRESS,
    Status.AWAITING_DEPENDENCY: Status.IN_PROGRESS,
    Status.RESOLVED: Status.CLOSED,
    Status.CLOSED: Status.REOPENED,
    Status.REOPENED: Status.ACKNOWLEDGED,
}
ASKS = {*rules.AWAITING, Status.RESOLVED, Status.REOPENED}
UNTAKEN = (Status.NEW, Status.REOPENED)
VERB_PERMISSIONS = {
    "move": "tickets.move_ticket",
    "assign": "tickets.assign_ticket",
    "edit": "tickets.edit_ticket",
    "reply": "tickets.reply_ticket",
    "note": "tickets.note_ticket",
    "attach": "tickets.attach_file",
    "watch": "tickets.watch_ticket",
    "track": "tickets.track_time",
    "merge": "tickets.merge_ticket",
    "delete": "tickets.delete_ticket",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that may follow. `asks`: it wants words first, so it opens a dialog."""

    to: str
    verb: object  # lazy, so that it follows the language of the request
    asks: bool


@dataclass(frozen=True, slots=True)
class AddedAct:
    """An act of another app: `path` stands below the ticket's address, and below many's."""

    path: str
    permission: str
    label: object
    icon: str
    key: str


def steps_from(status: str) -> list[Step]:
    """Return the stages that may follow, the usual one first."""
    usual = USUAL[Status(status)]
    others = [then for then in rules.TRANSITIONS[Status(status)] if then != usual]
    return [Step(then, _verb(status, then), then in ASKS) for then in (usual, *others)]


def may(holds: Callable[[str], bool]) -> dict[str, bool]:
    """Return by verb whether somebody with these permissions may do it."""
    return {verb: holds(permission) for verb, permission in VERB_PERMISSIONS.items()}


def added(holds: Callable[[str], bool]) -> list[AddedAct]:
    """Return the acts of other apps that somebody with these permissions may do."""
    acts = [AddedAct(*row) for row in settings.TICKET_ACTS]
    return [act for act in acts if holds(act.permission)]


def _verb(status: str, then: Status) -> object:
    is_resumed = status in rules.AWAITING and then == Status.IN_PROGRESS
    return RESUME if is_resumed else VERBS[then]
