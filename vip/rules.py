"""Who counts as a VIP, and what follows. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from nova.accounts.choices import VipLevel
from tickets.choices import VipSource
from vip.attributes import saying_of
from vip.conditions import Facts, in_words, matches

LONGEST = 240  # of a reason that is made of many words
STRENGTH = {VipLevel.EXEC: 3, VipLevel.GOLD: 2, VipLevel.PRIORITY: 1}
# Of two equally strong grounds, the one that a person decided speaks first.
PRECEDENCE = [VipSource.MANUAL, VipSource.API, VipSource.SCIM, VipSource.RULE, VipSource.COSMO]


class Grounded(Protocol):
    """What has a level and a source: a ground, or the designation that is one."""

    @property
    def level(self) -> str: ...

    @property
    def source(self) -> str: ...


@dataclass(frozen=True)
class Ground:
    """One reason why a person is a VIP, and in which span of time; `ends_at` is beyond it.

    It comes from a designation or a rule of these ids, or else from the person's attributes.
    """

    level: str
    source: str
    reason: str
    designation_id: int | None = None
    rule_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether it has begun by an instant, and not ended."""
        return (self.starts_at is None or self.starts_at <= at) and (
            self.ends_at is None or at < self.ends_at
        )


@dataclass(frozen=True)
class Rule:
    """A rule as it stands. One that is only thought of has no id."""

    id: int | None
    name: str
    level: str
    condition: Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """What decides on one person: are they here, what is known of them, what covers them."""

    id: int
    is_here: bool = True
    facts: Facts = field(default_factory=Facts)
    designated: Sequence[Ground] = ()


@dataclass(frozen=True)
class Standing:
    """The level that a person has now, by which source, and every ground for it.

    `notes` say what was told of the person and did not count.
    """

    level: str = ""
    source: str = ""
    reasons: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recognised:
    """Somebody for whom a ticket is by its words, and what they are."""

    person: str
    words: str
    standing: Standing


def assess(
    subject: Subject, rules: Iterable[Rule], default_level: str, *, at: datetime
) -> Standing:
    """Return what a person is at an instant. Who has left or may not come in is nobody special."""
    if not subject.is_here:
        return Standing()
    grounds = [ground for ground in subject.designated if ground.holds(at)]
    saying = saying_of(subject.facts.attributes, default_level)
    if saying.level:
        grounds.append(Ground(saying.level, VipSource.SCIM, saying.reason))
    grounds += [ground_by(rule) for rule in rules if matches(rule.condition, subject.facts)]
    return standing(grounds, notes=[saying.note] if saying.note else [])


def ground_by(rule: Rule) -> Ground:
    """Return the ground that a rule gives to whom it matches."""
    reason = f"{rule.name} ({in_words(rule.condition)})"
    short = reason if len(reason) <= LONGEST else f"{reason[:LONGEST]}…"
    return Ground(rule.level, VipSource.RULE, short, rule_id=rule.id)


def standing(grounds: Iterable[Ground], notes: Iterable[str] = ()) -> Standing:
    """Return the strongest of what applies; without a ground, nobody special."""
    ranked = sorted(grounds, key=rank)
    if not ranked:
        return Standing(notes=tuple(notes))
    reasons = tuple(f"{VipLevel(g.level).label}: {g.reason}" for g in ranked)
    return Standing(ranked[0].level, ranked[0].source, reasons, tuple(ranked), tuple(notes))


def with_recognised(requester: Standing, recognised: Iterable[Recognised]) -> Standing:
    """Return what a ticket is by its requester, and by those whom its words say it is for.

    Who has lost their status gives no ground.
    """
    grounds = [_ground_by_words(one) for one in recognised if one.standing.level]
    if not grounds:
        return requester
    return standing([*requester.grounds, *grounds], notes=requester.notes)


def _ground_by_words(one: Recognised) -> Ground:
    words = {"person": one.person, "words": one.words}
    reason = _("Cosmo recognised that it is for %(person)s: “%(words)s”") % words
    return Ground(one.standing.level, VipSource.COSMO, reason[:LONGEST])


def rank(ground: Grounded) -> tuple[int, int]:
    """Return where a ground stands among others: the smallest speaks first."""
    return -strength(ground.level), PRECEDENCE.index(VipSource(ground.source))


def strength(level: str) -> int:
    """Return how strong a level is; "" is none."""
    return STRENGTH[VipLevel(level)] if level else 0


def change_in_words(before: str, after: Standing, because: str) -> str:
    """Say what became of a level and why, as tickets and people tell it; "" where nothing did."""
    if before == after.level:
        return ""
    words = {
        "before": VipLevel(before).label if before else "",
        "after": VipLevel(after.level).label if after.level else "",
        "source": str(VipSource(after.source).label).lower() if after.source else "",
        "because": because,
    }
    if not after.level:
        return _("No longer a VIP (was %(before)s): %(because)s") % words
    if not before:
        return _("A VIP now (%(after)s, %(source)s): %(because)s") % words
    if strength(before) < strength(after.level):
        return _("From %(before)s up to %(after)s (%(source)s): %(because)s") % words
    return _("From %(before)s down to %(after)s (%(source)s): %(because)s") % words
