"""What the balancer looks at, what limits it, and what it says. Pure values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.choices import MoveReason
from dispatch.engine.facts import WHOLE, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An open ticket and who has it; nobody: it waits.

    `touched_at` is the holder's last act on it; acknowledged and begun mean by this holder.
    `moved_at` is when Nova last gave it to somebody or took it, or its holder gave it back;
    `from_pk` is who had it before. What is paused awaits others; what is on purpose was given by a
    person, and what is kept for its holder at a time when they were away. `due_at` is what was
    promised first of what is not kept yet; None: nothing.
    """

    job: Job
    holder: int | None = None
    given_at: datetime | None = None
    touched_at: datetime | None = None
    moved_at: datetime | None = None
    from_pk: int | None = None
    is_acknowledged: bool = False
    is_begun: bool = False
    is_paused: bool = False
    is_on_purpose: bool = False
    is_kept_for: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far the balancer goes. Shares are of the capacity, per mille.

    `grace`: who is back within it is on a break, and whoever left keeps for so long what they
    touched. `kept_for`: whoever is back within it keeps what nobody else may have, and what they
    began and is not due before they had `ample` time for it. `hands_for`: a
    touch keeps a ticket in somebody's hands; `begun_for`: work that was begun, for longer.
    `rest`: a ticket that was moved is left alone. `least_difference`: of two shares, or nothing
    is moved for mere balance. `threshold`: a share above it is too much. What a policy states
    (`services.balancing.limits_of`) is here as a new policy has it.
    """

    most_moves: int = 20
    grace: timedelta = timedelta(minutes=90)
    kept_for: timedelta = timedelta(days=3)
    ample: timedelta = timedelta(days=1)
    unacknowledged_after: timedelta = timedelta(minutes=30)
    hands_for: timedelta = timedelta(minutes=60)
    begun_for: timedelta = timedelta(hours=4)
    rest: timedelta = timedelta(hours=2)
    least_difference: int = 300
    threshold: int = WHOLE


@dataclass(frozen=True, kw_only=True)
class Move:
    """That a ticket goes from somebody (None: it waited) to somebody (None: it is to wait).

    `numbers` are what the reason is made of; `words.why` says them.
    """

    ticket: int
    source: int | None
    target: int | None
    reason: MoveReason
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What is to be moved, in this order, and what the limit of a run leaves to the next one."""

    moves: Sequence[Move]
    postponed: Sequence[Move] = ()
