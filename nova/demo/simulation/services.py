"""Simulate days of a desk in a tenant of their own, and take all of it back afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import connection, transaction

from nova.demo.simulation.desk import Desk
from nova.demo.simulation.figures import figures
from nova.demo.simulation.invariants import Evidence, broken
from nova.demo.simulation.report import report
from nova.demo.simulation.rhythm import Rhythm
from nova.demo.simulation.staffing import hire
from nova.demo.simulation.strategies import STRATEGIES
from nova.notifications.choices import Channel, State
from nova.notifications.models import Delivery
from nova.tenancy.fence import inside
from nova.tenancy.services import create_tenant

SLUG = "simulation"
# Tables grow from empty within one transaction, unseen by ANALYZE: a plan that is kept from its
# beginning would read them from end to end, for every row; and so does a nested loop, which looks
# cheap to the planner while it takes each of them for a row long.
UNSEEN_GROWTH = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_nestloop = off"
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to simulate. The same wish gives the same desk."""

    rhythm: Rhythm
    days: int = 3
    per_day: float = 100
    vip_share: float = 0.05
    technicians: int = 10
    seed: int = 1
    strategy: str = "least_loaded"
    keep: bool = False


@dataclass(frozen=True)
class Outcome:
    """What it came to, in words and as figures by name, and what did not hold."""

    lines: list[str]
    figures: dict[str, str]
    broken: list[str]


Spoil = Callable[[Desk], None]


def simulate(wish: Wish, *, began: datetime = MONDAY, spoil: Spoil | None = None) -> Outcome:
    """Let a desk live; return what it came to.

    `spoil` may tamper with it before it is examined, so that the examination can be tested.
    """
    ends = began + timedelta(days=wish.days)
    with _tenant(wish, began) as desk:
        desk.live(arrivals(wish, began))
        if spoil:
            spoil(desk)
        evidence = Evidence(desk.staff.tenant.pk, ends)
        found = list(broken(evidence))
        return Outcome(list(report(desk, evidence, found)), figures(desk, evidence), found)


def arrivals(wish: Wish, began: datetime) -> Iterator[tuple[datetime, bool]]:
    """Yield when tickets arrive, and whether for a VIP: the same for every strategy."""
    dice = Random(wish.seed)  # noqa: S311 - a desk, not secrets
    for at in wish.rhythm.arrivals(began, wish.days, wish.per_day, dice):
        yield at, dice.random() < wish.vip_share


@contextmanager
def _tenant(wish: Wish, began: datetime) -> Iterator[Desk]:
    dice = Random(wish.seed + 1)  # noqa: S311
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNSEEN_GROWTH)
        tenant = create_tenant(SLUG, "Simulation", now=began, is_demo=True)
        with inside(tenant.pk):
            staff = hire(tenant, wish.technicians, wish.days, dice, now=began)
            ends = began + timedelta(days=wish.days)
            yield Desk(staff, STRATEGIES[wish.strategy](), dice, began, ends)
            # What is kept is to be looked at: of all that, nobody gets a mail.
            outward = Delivery.objects.exclude(channel=Channel.IN_APP)
            outward.filter(tenant=tenant).update(state=State.DEAD)
        if not wish.keep:
            transaction.set_rollback(True)
