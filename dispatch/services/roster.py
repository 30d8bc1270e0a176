"""When engineers work: their week, and the days on which it is otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dispatch import rules
from dispatch.choices import ChangeKind
from dispatch.events import RosterChanged
from dispatch.models import Engineer, RosterChange, Shift
from dispatch.presence import hours_of_shift
from dispatch.roster import clash
from dispatch.services.engineers import locked
from nova.accounts.models import User
from nova.errors import Refused
from nova.events.base import Change
from nova.events.bus import publish


class RosterRefused(Refused):
    """Hours or days cannot be so."""


class Hours(NamedTuple):
    """A shift of a weekday (0: Monday); one that ends first ends on the next day."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class StatedChange:
    """Days on which somebody works otherwise; `opens` and `closes` only of other hours."""

    kind: str
    first: date
    last: date
    opens: time | None = None
    closes: time | None = None
    reason: str = ""


@transaction.atomic
def set_week(
    engineer_id: int, week: Iterable[Hours], *, actor: User, now: datetime
) -> list[Shift]:
    """Let an engineer work these hours of each week, and no others. No change, no event.

    Raises `RosterRefused` where two of them overlap.
    """
    engineer = locked(engineer_id)
    shifts = [
        Shift(tenant_id=engineer.tenant_id, engineer=engineer, **hours._asdict())
        for hours in sorted(set(week))
    ]
    refuse_clash(shifts)
    before, after = [str(each) for each in engineer.shifts.all()], [str(each) for each in shifts]
    if before != after:
        engineer.shifts.all().delete()
        Shift.objects.bulk_create(shifts)
        _tell(engineer, {"week": (before, after)}, actor, now)
    return shifts


@transaction.atomic
def add_change(
    engineer_id: int, stated: StatedChange, *, actor: User, now: datetime
) -> RosterChange:
    """Let an engineer not work on some days, or at other hours.

    Raises `RosterRefused` where days are stated that are changed already, and for hours or an
    order of days that make no sense.
    """
    engineer = locked(engineer_id)
    change = RosterChange(tenant_id=engineer.tenant_id, engineer=engineer, **vars(stated))
    refuse_senseless(change)
    refuse_overlap(change)
    change.save(force_insert=True)
    _tell(engineer, {"days": ([], [str(change)])}, actor, now)
    return change


@transaction.atomic
def remove_change(change_id: int, *, actor: User, now: datetime) -> None:
    """Let an engineer work on some days as the week says, again."""
    change = RosterChange.objects.get(pk=change_id)
    engineer = locked(change.engineer_id)
    gone, _rows = RosterChange.objects.filter(pk=change_id).delete()
    if gone:  # somebody else may have been first
        _tell(engineer, {"days": ([str(change)], [])}, actor, now)


def refuse_clash(shifts: list[Shift]) -> None:
    """Raise `RosterRefused` where two shifts of a week overlap."""
    found = clash([hours_of_shift(shift) for shift in shifts])
    if found:
        said = {"one": shifts[found[0]], "other": shifts[found[1]]}
        raise RosterRefused(_("%(one)s and %(other)s overlap.") % said)


def refuse_senseless(change: RosterChange) -> None:
    """Raise `RosterRefused` for days and hours that the table would not take, or without end."""
    try:
        change.validate_constraints()
    except ValidationError as error:
        raise RosterRefused(" ".join(error.messages)) from error
    if change.last - change.first > timedelta(days=rules.MOST_DAYS):
        raise RosterRefused(
            _("At most %(days)s days at once are possible.") % {"days": rules.MOST_DAYS}
        )


def refuse_overlap(change: RosterChange) -> None:
    """Raise `RosterRefused` where one of the days is changed already."""
    others = RosterChange.objects.filter(engineer=change.engineer)
    other = others.filter(first__lte=change.last, last__gte=change.first).first()
    if other is not None:
        said: dict[str, Any] = {
            "kind": ChangeKind(other.kind).label,
            "first": date_format(other.first, "j M Y"),
            "last": date_format(other.last, "j M Y"),
        }
        message = _("From %(first)s to %(last)s it is changed already: %(kind)s.")
        raise RosterRefused(message % said)


def _tell(engineer: Engineer, changes: dict[str, Change], actor: User, now: datetime) -> None:
    event = RosterChanged(
        tenant_id=engineer.tenant_id,
        engineer_id=engineer.pk,
        person_id=engineer.person_id,
        changes=changes,
    )
    publish(event, actor=actor, now=now)
