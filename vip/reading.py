"""Ask who is a VIP now, and why."""

from datetime import datetime

from django.db import connection

from nova.accounts.models import User
from vip.gathering import gather
from vip.rules import Standing

HOLD = "SELECT 1 FROM accounts_user WHERE id = %s FOR SHARE"


def standing_of(person: User, *, at: datetime) -> Standing:
    """Return the level of a person at an instant, with its grounds."""
    return gather([person.pk], at=at).standings(at)[person.pk]


def hold_standing(person: User) -> None:
    """Let nobody reassess a person until the transaction ends.

    A ticket that is being opened just then is not there yet for who would mark it; so either the
    opening waits and reads the new standing, or the reassessment waits and finds the ticket.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [person.pk])
