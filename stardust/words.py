"""The rules of Stardust in words: for those who earn by them, and for those who set them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nova.accounts.choices import VipLevel
from stardust.rules import Resolved, Rules, bonus, earned
from tickets.choices import Kind, Priority


@dataclass(frozen=True)
class Example:
    """What one ticket would bring by the rules."""

    ticket: str
    points: int
    words: str
    bonus: int


EXAMPLES = (
    Resolved(percent_left=90, priority=Priority.P3),
    Resolved(percent_left=62, priority=Priority.P1),
    Resolved(percent_left=40, priority=Priority.P2),
    Resolved(percent_left=10, priority=Priority.P4, kind=Kind.PROBLEM),
    Resolved(percent_left=-5, priority=Priority.P1),
    *(Resolved(percent_left=80, priority=Priority.P2, vip_level=level) for level in VipLevel),
    Resolved(percent_left=30, priority=Priority.P2, vip_level=VipLevel.EXEC),
)


def lines_of_rules(rules: Rules, *, with_vips: bool) -> list[str]:
    """Return what counts, one sentence each; of VIPs only to those who may see who is one."""
    return [*_ordinary(rules), *(_of_vips(rules) if with_vips else ())]


def examples(rules: Rules) -> list[Example]:
    """Return what some tickets would bring to somebody who has earned nothing that day."""
    return [_example(resolved, rules) for resolved in EXAMPLES]


def _ordinary(rules: Rules) -> Iterator[str]:
    bands = {
        "a": rules.left_75,
        "b": rules.left_50,
        "c": rules.left_25,
        "d": rules.in_time,
    }
    yield (
        _(
            "A ticket that you resolve brings %(a)s with 75 %% of its time left, %(b)s with "
            "50 %%, %(c)s with 25 %%, else %(d)s; late, nothing."
        )
        % bands
    )
    harder = {"p1": rules.p1, "p2": rules.p2, "problem": rules.problem}
    yield _("In time, a P1 brings %(p1)s more, a P2 %(p2)s, a problem %(problem)s.") % harder
    yield _(
        "It is the assignee's. What one asked for oneself, and duplicates, bring nothing. What is "
        "reopened is taken back, and solved again it counts by all the time that it took."
    )
    if rules.daily_limit:
        yield _("A day brings %(limit)s at the most.") % {"limit": rules.daily_limit}


def _of_vips(rules: Rules) -> Iterator[str]:
    bonuses = {
        "percent": rules.bonus_from_percent,
        **{level.value: getattr(rules, level.value) for level in VipLevel},
    }
    yield (
        _(
            "For a VIP's ticket with %(percent)s %% of its time left there is a bonus: Exec "
            "%(exec)s, Gold %(gold)s, Priority %(priority)s."
        )
        % bonuses
    )
    if rules.bonus_daily_limit:
        limit = {"limit": rules.bonus_daily_limit}
        yield _("A day brings %(limit)s of bonuses at the most.") % limit


def _example(resolved: Resolved, rules: Rules) -> Example:
    base = earned(resolved, rules, earned_today=0)
    more = bonus(resolved, rules, earned_today=0)
    percent, kind = resolved.percent_left or 0, Kind(resolved.kind).label
    level = f", {VipLevel(resolved.vip_level).label}" if resolved.vip_level else ""
    time = _("late") if percent < 0 else _("%(percent)s %% left") % {"percent": percent}
    ticket = f"P{resolved.priority} {kind}{level}: {time}"
    return Example(ticket, base.points, base.words, more.points if more else 0)
