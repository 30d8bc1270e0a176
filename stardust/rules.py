"""What a resolved ticket brings to whoever resolved it, in points and in words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nova.accounts.choices import VipLevel
from tickets.choices import Kind, Priority


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What counts how much in a tenant: points, but for the percent from which a bonus is given.

    The limits are of one person on one day, 0 being none. The bonus has a limit of its own:
    by a common one the rest would tell that there was a bonus.
    """

    left_75: int = 10
    left_50: int = 8
    left_25: int = 5
    in_time: int = 2
    p1: int = 3
    p2: int = 2
    problem: int = 2
    daily_limit: int = 60
    exec: int = 6
    gold: int = 4
    priority: int = 2
    bonus_from_percent: int = 50
    bonus_daily_limit: int = 24

    def for_time(self, percent_left: int) -> int:
        """Return the points of the band in which so much of the time was left."""
        bands = ((75, self.left_75), (50, self.left_50), (25, self.left_25), (0, self.in_time))
        return next((points for least, points in bands if percent_left >= least), 0)


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """A ticket as it was when it was resolved.

    `percent_left` is below zero of one that was late, and None where no clock measured it.
    """

    percent_left: int | None
    priority: int = Priority.P3
    kind: str = Kind.INCIDENT
    vip_level: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Earning:
    """Points, and the sum that gives them in words."""

    points: int
    words: str


def earned(resolved: Resolved, rules: Rules, *, earned_today: int) -> Earning:
    """Return what a ticket brings without regard to whose it is.

    Who may not see who is a VIP learns all of this, so it never looks at the level.
    """
    nothing = _why_nothing(resolved)
    if nothing:
        return Earning(0, _("Nothing: %(why)s") % {"why": nothing})
    parts = list(_parts(resolved, rules))
    words = ", ".join(part.words for part in parts)
    total = sum(part.points for part in parts)
    return _limited(Earning(total, words), rules.daily_limit, earned_today)


def bonus(resolved: Resolved, rules: Rules, *, earned_today: int) -> Earning | None:
    """Return what a VIP's ticket brings besides; None of one that brings no bonus."""
    percent = resolved.percent_left
    points = _of_level(resolved.vip_level, rules)
    if not points or resolved.is_own or percent is None or percent < rules.bonus_from_percent:
        return None
    named = {"points": points, "level": VipLevel(resolved.vip_level).label, "percent": percent}
    words = _("%(points)s for a ticket of level %(level)s with %(percent)s %% of the time left")
    return _limited(Earning(points, words % named), rules.bonus_daily_limit, earned_today)


def percent_of(remaining: int, target: int) -> int:
    """Return the whole percent of the target that remained, rounded down: late is below zero."""
    return 100 * remaining // target if target else -1


def _why_nothing(resolved: Resolved) -> str:
    if resolved.is_own:
        return _("who resolved it had asked for it.")
    if resolved.percent_left is None:
        return _("no clock measured it.")
    return _("its time was up.") if resolved.percent_left < 0 else ""


def _parts(resolved: Resolved, rules: Rules) -> Iterator[Earning]:
    percent = resolved.percent_left or 0
    for_time = rules.for_time(percent)
    named = {"points": for_time, "percent": percent}
    yield Earning(for_time, _("%(points)s for %(percent)s %% of the time left") % named)
    difficulty = [
        (rules.p1, resolved.priority == Priority.P1, _("+%(points)s for a P1")),
        (rules.p2, resolved.priority == Priority.P2, _("+%(points)s for a P2")),
        (rules.problem, resolved.kind == Kind.PROBLEM, _("+%(points)s for a problem")),
    ]
    for points, applies, words in difficulty:
        if applies and points:
            yield Earning(points, words % {"points": points})


def _of_level(level: str, rules: Rules) -> int:
    points = {
        VipLevel.EXEC: rules.exec,
        VipLevel.GOLD: rules.gold,
        VipLevel.PRIORITY: rules.priority,
    }
    return points[VipLevel(level)] if level else 0


def _limited(earning: Earning, limit: int, earned_today: int) -> Earning:
    """Return what of it the day still has room for."""
    over = max(0, earned_today + earning.points - limit) if limit else 0
    less = min(over, earning.points)
    if not less:
        return earning
    words = _("%(words)s, %(less)s less for the limit of %(limit)s a day")
    named = {"words": earning.words, "less": less, "limit": limit}
    return Earning(earning.points - less, words % named)
