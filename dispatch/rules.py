"""What engineers may say of themselves. Pure."""

from collections.abc import Mapping

from dispatch.choices import ChangeKind

# A manager states more: who reads a level above it relies on it.
OWN_TOP_LEVEL = 3
OWN_KINDS = (ChangeKind.LEAVE, ChangeKind.HOURS)
# How far from now days are looked up and stated.
MOST_DAYS = 400


def beyond_own(before: Mapping[int, int], wanted: Mapping[int, int]) -> list[int]:
    """Return the skills that one claims for oneself at a level that only a manager may state."""
    return [
        skill
        for skill, level in wanted.items()
        if level > max(OWN_TOP_LEVEL, before.get(skill, 0))
    ]
