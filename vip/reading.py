"""Ask who is a VIP now, and why."""

from datetime import datetime

from django.db import connection
from django.db.models import prefetch_related_objects
from django.utils import formats
from django.utils.translation import gettext as _

from nova.accounts.models import User
from vip.models import TARGETS, Designation
from vip.rules import Ground, Standing, rank, standing

HOLD = "SELECT 1 FROM accounts_user WHERE id = %s FOR SHARE"
SEE = "tickets.view_vip_flag"


def standing_of(person: User, *, at: datetime) -> Standing:
    """Return the level of a person at an instant, with its grounds."""
    found = Designation.objects.holding_for(person, at)
    return standing(Ground(d.level, d.source, d.reason) for d in found)


def grounds_of(person: User, *, at: datetime) -> list[Designation]:
    """Return what makes a person a VIP at an instant, oldest first, with all that names it."""
    grounds = Designation.objects.holding_for(person, at)
    prefetch_related_objects(grounds, "author", *TARGETS, "floor__site")
    return grounds


def hold_standing(person: User) -> None:
    """Let nobody reassess a person until the transaction ends.

    A ticket that is being opened just then is not there yet for who would mark it; so either the
    opening waits and reads the new standing, or the reassessment waits and finds the ticket.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [person.pk])


def why_vip(person: User, viewer: User, *, at: datetime) -> str:
    """Say in one sentence why a person is a VIP, to those who may know; "" if there is no why."""
    if not viewer.has_perm(SEE):
        return ""
    grounds = grounds_of(person, at=at)
    if not grounds:
        return ""
    best = min(grounds, key=rank)
    words = {
        "person": person,
        "level": best.get_level_display(),
        "author": best.author,
        "day": formats.date_format(best.starts_at),
        "reason": best.reason.rstrip("."),
        "through": _("in person") if best.person_id else str(best.target),
    }
    if best.ends_at:
        words["end"] = formats.date_format(best.ends_at)
        sentence = _(
            "%(person)s is a VIP (%(level)s, %(through)s) by the word of %(author)s, from %(day)s "
            "until %(end)s: %(reason)s."
        )
    else:
        sentence = _(
            "%(person)s is a VIP (%(level)s, %(through)s) by the word of %(author)s, since "
            "%(day)s: %(reason)s."
        )
    return sentence % words
