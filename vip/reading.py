"""Ask who is a VIP now, and why."""

from datetime import datetime

from nova.accounts.models import User
from vip.models import Designation
from vip.rules import Ground, Standing, standing


def standing_of(person: User, *, at: datetime) -> Standing:
    """Return the level of a person at an instant, with its grounds."""
    found = Designation.objects.covering(person).in_force(at)
    return standing(Ground(d.level, d.source, d.reason) for d in found)
