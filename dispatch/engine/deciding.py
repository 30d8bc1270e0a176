"""Who gets one piece of work, who stands behind them, and why. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dispatch.engine.facts import Engineer, Job, Policy
from dispatch.engine.gates import Refusal, refusals
from dispatch.engine.terms import score_of, terms_of

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """Somebody whom no gate refuses, with the terms that make their score."""

    engineer: Engineer
    terms: Mapping[str, int]
    score: int

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """What orders candidates, the first choice first: ties go to who was idle longest."""
        return -self.score, self.engineer.last_given_at or LONG_AGO, self.engineer.pk


@dataclass(frozen=True)
class Card:
    """One decision: who was ranked how, who was refused and why, and under which policy.

    `primary` is None where every gate refuses everybody: then the work waits, visibly.
    """

    job: Job
    policy: Policy
    at: datetime
    engineers: Mapping[int, Engineer]
    ranked: Sequence[Candidate]
    refused: Mapping[int, Sequence[Refusal]]
    primary: Candidate | None
    backup: Candidate | None
    is_tie: bool = False


def decide(job: Job, engineers: Iterable[Engineer], policy: Policy, now: datetime) -> Card:
    """Return the decision on one job. The same inputs give the same card."""
    known = {engineer.pk: engineer for engineer in engineers}
    refused: dict[int, Sequence[Refusal]] = {}
    may: list[Candidate] = []
    for engineer in known.values():
        found = refusals(engineer, job, policy, now)
        if found:
            refused[engineer.pk] = found
        else:
            may.append(candidate(engineer, job, policy))
    ranked = sorted(may, key=lambda each: each.rank)
    return Card(
        job=job,
        policy=policy,
        at=now,
        engineers=known,
        ranked=ranked,
        refused=refused,
        primary=ranked[0] if ranked else None,
        backup=ranked[1] if len(ranked) > 1 else None,
        is_tie=len(ranked) > 1 and ranked[0].score == ranked[1].score,
    )


def candidate(engineer: Engineer, job: Job, policy: Policy) -> Candidate:
    """Return somebody with their score for a job."""
    terms = terms_of(engineer, job, policy)
    return Candidate(engineer, terms, score_of(terms, policy))


def ordinary(card: Card) -> Card:
    """Return the card as it would be of anybody's ticket, with the same people named.

    What is made of it alone cannot tell that a ticket is a VIP's.
    """
    if not card.job.is_for_vip:
        return card
    job = replace(card.job, is_for_vip=False)
    alike = decide(job, card.engineers.values(), card.policy, card.at)
    return replace(alike, primary=card.primary, backup=card.backup)


def short_of(card: Card) -> Mapping[int, int]:
    """Return by engineer the points of score that would have made them the first choice."""
    first = card.ranked[0].score if card.ranked else 0
    return {each.engineer.pk: first - each.score for each in card.ranked[1:]}
