"""What is made of what an attendance service said: for how long it holds, and when to ask again.

Pure.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from dispatch.engine.facts import Presence, Source

# Asked anew so soon, an answer is news for minutes, and believed for hours without another one.
AGAIN, FRESH, TRUSTED = timedelta(seconds=20), timedelta(minutes=3), timedelta(hours=12)
# For how long somebody is there whose end of work neither the service nor the roster knows.
OPEN_END = timedelta(hours=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=5)
LOST_AFTER = 3  # failures in a row: one alone is no news


class Said(NamedTuple):
    """What the service said of somebody, as of `said_at`. Of who is there `back_at` is None."""

    on_duty: bool
    until: datetime | None
    back_at: datetime | None
    said_at: datetime


def presence_of(
    said: Said | None, answered_at: datetime | None, roster: Presence, now: datetime
) -> Presence:
    """Return whether somebody is there by what was said of them, or else by their roster.

    Who has stated to be away is away, whatever a service says.

    `answered_at` is when the service last answered at all, whomever it named.
    """
    if roster.source == Source.THEMSELVES:
        return roster
    if said is None:
        is_news = answered_at is not None and now - answered_at < TRUSTED
        source = Source.UNNAMED if is_news else Source.OUTDATED
        return roster._replace(source=source, said_at=None if is_news else answered_at)
    until = _until(said, roster) if said.on_duty else None
    ends_at = until if said.on_duty else said.back_at
    if now - said.said_at >= TRUSTED or (ends_at is not None and ends_at <= now):
        return roster._replace(source=Source.OUTDATED, said_at=said.said_at)
    return Presence(
        until=until,
        known_at=said.said_at,
        back_at=None if said.on_duty else said.back_at or roster.back_at,
        is_stale=now - said.said_at > FRESH,
        source=Source.ATTENDANCE,
        said_at=said.said_at,
    )


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row, of which there is one at least."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(failures - 1, 10)
    return min(doubled, LONGEST_WAIT)


def _until(said: Said, roster: Presence) -> datetime:
    """Return when somebody who is there leaves: as said, or by the roster, or some time on."""
    return said.until or roster.until or said.said_at + OPEN_END
