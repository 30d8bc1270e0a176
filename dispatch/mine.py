"""What somebody works on next: of their own, or of what waits and they may have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dispatch.services.offering import first_for
from nova.accounts.models import User
from tickets.choices import Status
from tickets.lens import Lens
from tickets.models import Ticket
from tickets.models.ticket import QUEUE_ORDER
from tickets.rows import Row, row_of
from tickets.rules import AWAITING
from tickets.shape import shapes

SHOWN = 50


@dataclass(frozen=True)
class Best:
    """The ticket to take up next, and why; one that nobody has is to be taken first."""

    row: Row
    because: str
    is_free: bool = False


def own_rows(person: User, now: datetime) -> list[Row]:
    """Return the first of somebody's open tickets, in the order of the queue."""
    tickets = Ticket.objects.visible_to(person).unresolved().filter(assignee=person)
    ids = tickets.order_by(*QUEUE_ORDER).values_list("pk", flat=True)[:SHOWN]
    return _rows(person, list(ids), now)


def best_of(person: User, rows: Sequence[Row], now: datetime) -> Best | None:
    """Return what to take up next: the first of one's own that awaits nobody, else what waits."""
    ready = [row for row in rows if Status(row.status) not in AWAITING]
    if ready:
        return Best(ready[0], _own(len(ready), len(rows) - len(ready)))
    free = first_for(person, now)
    if free is None:
        return None
    said = _("Nobody has it, and nothing keeps you from it: it stands first of what you may have.")
    [row] = _rows(person, [free.pk], now)
    return Best(row, said, is_free=True)


def _rows(person: User, ids: Sequence[int], now: datetime) -> list[Row]:
    return [row_of(shape) for shape in shapes(ids, Lens.of(person), now=now)]


def _own(ready: int, others: int) -> str:
    said = ngettext(
        "The only one of yours that can be gone on with.",
        "It stands first in the queue of the %(count)s of yours that can be gone on with.",
        ready,
    ) % {"count": ready}
    if not others:
        return said
    awaits = ngettext("%(count)s awaits others.", "%(count)s await others.", others)
    return f"{said} {awaits % {'count': others}}"
