"""When a ticket counts as likely to breach: from one probability on, until below a lower one."""


def risen(before: int | None, percent: int, *, at: int, until: int) -> int | None:
    """Return the percentage with which a ticket rose above the threshold; None: it is calm.

    Once risen it stays as it rose until it falls below `until`, so that it does not flicker.
    """
    if before is None:
        return percent if percent >= at else None
    return before if percent >= until else None
