"""People and tickets as they stand while moves are found: who has what, and has room for more.

Pure, but for what it remembers of itself: each move changes it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from dispatch.balancing import rules
from dispatch.balancing.facts import Held, Limits, Move
from dispatch.choices import MoveReason
from dispatch.engine.deciding import LONG_AGO, candidate
from dispatch.engine.facts import WHOLE, Engineer, Policy
from dispatch.engine.gates import may_have
from dispatch.engine.suiting import UNBOUNDED


def moved(held: Held, target: int | None, now: datetime) -> Held:
    """Return a ticket as a move leaves it."""
    return Held(
        job=held.job,
        holder=target,
        given_at=None if target is None else now,
        moved_at=now,
        from_pk=held.from_pk if held.holder is None else held.holder,
        due_at=held.due_at,
    )


class Standing:
    """Who has what. Tickets are asked for in the order of the queue."""

    def __init__(
        self,
        engineers: Iterable[Engineer],
        held: Iterable[Held],
        policy: Policy,
        limits: Limits,
        now: datetime,
    ) -> None:
        self.policy, self.limits, self.now = policy, limits, now
        self.people = {each.pk: each for each in engineers}
        self.held = {each.job.pk: each for each in held}
        self._places = {pk: place for place, pk in enumerate(self.held)}
        self._by_holder: dict[int | None, set[int]] = defaultdict(set)
        for each in self.held.values():
            self._by_holder[each.holder].add(each.job.pk)
        self._suits: dict[tuple[int, int], bool] = {}

    def move(
        self,
        held: Held,
        target: int | None,
        reason: MoveReason,
        numbers: Mapping[str, int] | None = None,
    ) -> Move:
        """Let a ticket go over."""
        source, points = held.holder, held.job.points
        if source in self.people:
            self.people[source] = replace(
                self.people[source], load=max(0, self.people[source].load - points)
            )
        if target is not None:
            person = self.people[target]
            self.people[target] = replace(
                person, load=person.load + points, last_given_at=self.now
            )
        self.held[held.job.pk] = moved(held, target, self.now)
        self._by_holder[source].discard(held.job.pk)
        self._by_holder[target].add(held.job.pk)
        return Move(
            ticket=held.job.pk,
            source=source,
            target=target,
            reason=reason,
            numbers=numbers or {},
        )

    def theirs(self, pk: int | None) -> list[Held]:
        """Return what somebody has, or (None) what nobody has."""
        return [
            self.held[ticket]
            for ticket in sorted(self._by_holder[pk], key=self._places.__getitem__)
        ]

    def movable(self, source: Engineer) -> list[Held]:
        """Return what may be taken from somebody only since others have less."""
        theirs = self.theirs(source.pk)
        return [each for each in theirs if rules.is_movable(each, self.limits, self.now)]

    def there(self) -> list[Engineer]:
        """Return who is at work; who was idle longest comes first, as ties are decided."""
        there = [each for each in self.people.values() if rules.is_there(each, self.now)]
        return sorted(there, key=lambda each: (each.last_given_at or LONG_AGO, each.pk))

    def fullest_first(self) -> list[Engineer]:
        return sorted(self.there(), key=lambda each: (-rules.share_of(each), each.pk))

    def holder(self, held: Held) -> Engineer | None:
        return None if held.holder is None else self.people.get(held.holder)

    def is_lost(self, held: Held) -> bool:
        return rules.is_lost(held, self.holder(held), self.limits, self.now)

    def takers(self, held: Held, most: int) -> list[Engineer]:
        """Return who else may have a ticket and has no greater share than `most` with it."""
        points = held.job.points
        return [
            each
            for each in self.there()
            if each.pk != held.holder
            and rules.share_of(each, points) <= most
            and self.may_have(each, held)
        ]

    def may_have(self, engineer: Engineer, held: Held) -> bool:
        """Say whether no gate refuses. What does not hang on the load is asked only once."""
        if engineer.load + held.job.points > engineer.capacity:
            return False
        key = (engineer.pk, held.job.pk)
        if key not in self._suits:
            empty = replace(engineer, load=0, capacity=UNBOUNDED)
            job = rules.asked_of(held, self.limits, self.now)
            self._suits[key] = may_have(empty, job, self.policy, self.now)
        return self._suits[key]

    def score(self, engineer: Engineer, held: Held) -> int:
        return candidate(engineer, held.job, self.policy).score

    def percent(self, pk: int) -> int:
        return rules.share_of(self.people[pk]) * 100 // WHOLE
