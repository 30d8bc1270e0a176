"""What the engine looks at: people, work that waits, and what the desk wants. Pure values.

Work is measured in points, of which an ordinary ticket in progress is 100; levels of a skill run
from 1 to 5; shares are per mille, so that equal inputs add up to equal scores anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

WHOLE = 1000
TOP_LEVEL = 5


class Source(StrEnum):
    """By what a presence is known; by the roster also for want of something better."""

    ROSTER = "roster"
    THEMSELVES = "themselves"  # they have stated that they are away
    ATTENDANCE = "attendance"
    UNNAMED = "unnamed"  # attendance says nothing of them, so by the roster
    OUTDATED = "outdated"  # what attendance said is over or too old, so by the roster


class Presence(NamedTuple):
    """Whether somebody is at work: until when (None: not), and as of when that was known.

    `back_at` is when somebody who is not will be, as far as is known. `is_stale` says that the
    attendance service did not answer and this is what it said last. `said_at` is when it last
    said something of them, used or not.
    """

    until: datetime | None
    known_at: datetime
    back_at: datetime | None = None
    is_stale: bool = False
    source: Source = Source.ROSTER
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Engineer:
    """Somebody who can be given work, as they stand at one instant.

    `sites` empty means everywhere. `quality` is their past performance by service, drawn towards
    that of all where there is little of it; a service that is missing is that of all.
    """

    pk: int
    name: str
    presence: Presence
    teams: frozenset[int] = frozenset()
    skills: Mapping[int, int] = field(default_factory=dict)
    certificates: frozenset[int] = frozenset()
    sites: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    capacity: int = 1000
    load: int = 0
    last_given_at: datetime | None = None
    quality: Mapping[int, int] = field(default_factory=dict)
    is_for_vips: bool = False


class Wanted(NamedTuple):
    """A skill that work asks for, by id and name; mandatory, or only better to have."""

    pk: int
    name: str
    level: int = 1
    is_mandatory: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A ticket that waits for somebody. `excluded` says by person why they are not to have it.

    `takes_seconds` is how long such work takes, `points` what it adds to somebody's load, and
    `known_by` by person the share of their knowing the matter, since they had it or one like it.
    """

    pk: int
    requester: int | None = None
    team: int | None = None
    service: int | None = None
    site: int | None = None
    language: str = ""
    skills: tuple[Wanted, ...] = ()
    certificates: Mapping[int, str] = field(default_factory=dict)
    takes_seconds: int = 0
    points: int = 100
    is_for_vip: bool = False
    excluded: Mapping[int, str] = field(default_factory=dict)
    known_by: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a desk wants. `weights` are by name of the term; one that is 0 does not count.

    `longest_wait_seconds` bounds how much of a shift a job may ask for: what takes days is begun
    today and gone on with tomorrow.
    """

    weights: Mapping[str, int]
    version: int = 1
    longest_wait_seconds: int = 3600
    only_preferred_for_vips: bool = False
