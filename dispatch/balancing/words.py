"""Why a ticket is moved, in words for those who have it, had it, or answer for it."""

from django.utils.translation import gettext as _

from dispatch.balancing.facts import Move
from dispatch.choices import MoveReason


def why(move: Move) -> str:
    """Return the reason in the language of whoever reads it."""
    return _pattern(move) % move.numbers


def _pattern(move: Move) -> str:
    if move.reason == MoveReason.LEFT:
        if "hours" in move.numbers:
            return _("whoever had it has left, and is back in %(hours)s h")
        return _("whoever had it has left")
    return {
        MoveReason.DRAINED: _("it waited, and there is room now"),
        MoveReason.UNACKNOWLEDGED: _("it was not acknowledged in %(minutes)s min"),
        MoveReason.OVER: _("whoever had it has %(share)s %% of what they can do"),
        MoveReason.BALANCE: _(
            "whoever had it has %(share)s %% of what they can do, and this one %(target)s %%"
        ),
    }[move.reason]
