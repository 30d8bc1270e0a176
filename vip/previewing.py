"""What a rule would do to today's people, before it is saved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nova.accounts.choices import VipLevel
from nova.accounts.models import User
from vip.conditions import Condition, check_condition
from vip.gathering import Gathered, gather
from vip.matching import people_matching
from vip.models import VipRule
from vip.rules import Rule, strength

MOST_NAMES = 50
CHUNK = 1000


@dataclass(frozen=True)
class Move:
    """A person whose level the rule would change; "" is none."""

    person_id: int
    before: str
    after: str
    name: str = ""


@dataclass
class Preview:
    """What it comes to. Of those whose level would change, `named` are the first by name."""

    level: str
    matched: int = 0
    already: int = 0
    gains: list[Move] = field(default_factory=list)
    losses: list[Move] = field(default_factory=list)

    @property
    def changed(self) -> Sequence[Move]:
        return [*self.gains, *self.losses]

    def sentence(self) -> str:
        """Say it as a person would."""
        level = str(VipLevel(self.level).label)
        words = {"count": self.matched, "level": level}
        said = ngettext(
            "It would make %(count)s person %(level)s",
            "It would make %(count)s people %(level)s",
            self.matched,
        )
        parts = [said % words]
        if self.already:
            already = _("%(count)s of them already are, or are more")
            parts.append(already % {"count": self.already})
        sentence = ", ".join(parts)
        if self.losses:
            lost = _("%(count)s would lose what they have by it") % {"count": len(self.losses)}
            sentence = f"{sentence}; {lost}"
        return f"{sentence}."


def preview_rule(
    level: str, condition: Condition, *, at: datetime, former: VipRule | None = None
) -> Preview:
    """Return what would become of people by a rule, in the place of a former one if it has one.

    Raises `Malformed` for a condition that cannot be read. Call inside the tenant's fence.
    """
    check_condition(condition)
    matched = set(people_matching(condition).values_list("pk", flat=True))
    concerned = set(matched)
    if former is not None and former.is_active:
        before = people_matching(former.condition)
        concerned.update(before.values_list("pk", flat=True))
    draft = Rule(former.pk if former else None, "", level, condition)
    preview = Preview(level, matched=len(matched))
    for move in _moves(sorted(concerned), draft, at):
        if strength(move.after) > strength(move.before):
            preview.gains.append(move)
        elif move.after != move.before:
            preview.losses.append(move)
        elif move.person_id in matched:
            preview.already += 1
    preview.gains, preview.losses = _named(preview.gains), _named(preview.losses)
    return preview


def _moves(people: Sequence[int], draft: Rule, at: datetime) -> Iterator[Move]:
    for start in range(0, len(people), CHUNK):
        found = gather(people[start : start + CHUNK], at=at)
        now, then = found.standings(at), found.standings(at, _with(found, draft))
        yield from (Move(pk, now[pk].level, then[pk].level) for pk in sorted(now))


def _with(found: Gathered, draft: Rule) -> list[Rule]:
    return [*(rule for rule in found.rules if rule.id != draft.id), draft]


def _named(moves: list[Move]) -> list[Move]:
    """Return the moves in the order of names, the first of them with theirs."""
    people = User.objects.filter(pk__in=[move.person_id for move in moves]).order_by("name", "pk")
    names = dict(people.values_list("pk", "name")[:MOST_NAMES])
    by_id = {move.person_id: move for move in moves}
    told = [Move(pk, by_id[pk].before, by_id[pk].after, name) for pk, name in names.items()]
    return [*told, *(move for move in moves if move.person_id not in names)]
