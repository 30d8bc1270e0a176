"""Who counts as a VIP, and what follows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from nova.accounts.choices import VipLevel
from tickets.choices import VipSource

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
    """One reason why a person is a VIP now."""

    level: str
    source: str
    reason: str


@dataclass(frozen=True)
class Standing:
    """The level that a person has now, by which source, and every ground for it."""

    level: str = ""
    source: str = ""
    reasons: tuple[str, ...] = ()


def standing(grounds: Iterable[Ground]) -> Standing:
    """Return the strongest of what applies; without a ground, nobody special."""
    ranked = sorted(grounds, key=rank)
    if not ranked:
        return Standing()
    reasons = tuple(f"{VipLevel(g.level).label}: {g.reason}" for g in ranked)
    return Standing(ranked[0].level, ranked[0].source, reasons)


def rank(ground: Grounded) -> tuple[int, int]:
    """Return where a ground stands among others: the smallest speaks first."""
    return -STRENGTH[VipLevel(ground.level)], PRECEDENCE.index(VipSource(ground.source))
