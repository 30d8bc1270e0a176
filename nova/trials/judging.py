"""Judge how work was handed out, by the gates themselves and nothing of the matching. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.engine.facts import Engineer, Job, Policy
from dispatch.engine.gates import may_have
from dispatch.engine.matching import Given


@dataclass(frozen=True)
class Judged:
    """How many jobs were given, given twice, given past a gate (room among them), and left
    although more people could have them than there are heavier ones that wait before them."""

    given: int
    doubled: int
    forced: int
    left: int


def judged(
    given: Sequence[Given],
    jobs: Sequence[Job],
    engineers: Sequence[Engineer],
    policy: Policy,
    now: datetime,
) -> Judged:
    """Give out again what was given, one after the other, and look at what is left."""
    people, forced = list(engineers), 0
    for each in given:
        person, job = people[each.engineer], jobs[each.job]
        forced += not may_have(person, job, policy, now)
        people[each.engineer] = replace(person, load=person.load + job.points)
    taken = {each.job for each in given}
    left = [job for at, job in enumerate(jobs) if at not in taken]
    return Judged(
        given=len(given),
        doubled=len(given) - len(taken),
        forced=forced,
        left=sum(
            sum(may_have(each, job, policy, now) for each in people)
            > sum(earlier.points > job.points for earlier in left[:at])
            for at, job in enumerate(left)
        ),
    )
