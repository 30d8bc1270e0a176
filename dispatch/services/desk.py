"""The people of a desk while work is given out, and whose turn it is to give it out.

Decisions of a tenant come one after the other: each sees the loads that those before it made, so
that no two workers fill the same place.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection

from dispatch.engine.deciding import Card, decide
from dispatch.engine.facts import Engineer, Job
from dispatch.models import AssignmentPolicy
from dispatch.reading import engineers_of
from dispatch.services.policies import current_policy

TURNS = "SELECT pg_advisory_xact_lock(hashtext('dispatch.assigning'), %s)"


@dataclass
class Desk:
    """The people of a desk while work is given out: loads grow with what they are given."""

    policy: AssignmentPolicy
    now: datetime
    engineers: dict[int, Engineer] = field(default_factory=dict)

    @classmethod
    def of(cls, tenant_id: int, now: datetime) -> "Desk":
        policy = current_policy(tenant_id, now)
        return cls(policy, now, {each.pk: each for each in engineers_of(tenant_id, now)})

    @property
    def rest(self) -> timedelta:
        return timedelta(minutes=self.policy.balance_rest)

    def decide(self, job: Job, holder: int | None = None) -> Card:
        """Return the card of a job. What its holder has of load by it does not count."""
        people = self.engineers.values()
        if holder in self.engineers:
            held = self.engineers[holder]
            less = replace(held, load=max(0, held.load - job.points))
            people = {**self.engineers, holder: less}.values()
        return decide(job, people, self.policy.for_engine(), self.now)

    def give(self, job: Job, person: int) -> None:
        given = self.engineers[person]
        self.engineers[person] = replace(
            given, load=given.load + job.points, last_given_at=self.now
        )

    def move(self, job: Job, source: int | None, target: int | None) -> None:
        """Let loads follow a move; None: it waited, or is to wait."""
        if source in self.engineers:
            held = self.engineers[source]
            self.engineers[source] = replace(held, load=max(0, held.load - job.points))
        if target is not None:
            self.give(job, target)


def take_turn(tenant_id: int) -> None:
    """Wait until no other transaction gives out work of the tenant."""
    with connection.cursor() as cursor:
        cursor.execute(TURNS, [tenant_id])
