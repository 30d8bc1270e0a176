"""What may be taken from whom. Pure: no models, no clock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from dispatch.balancing.facts import Held, Limits
from dispatch.engine.facts import WHOLE, Engineer, Job


def share_of(engineer: Engineer, more: int = 0) -> int:
    """Return how full somebody is, per mille, with so many points more."""
    return WHOLE * (engineer.load + more) // max(engineer.capacity, 1)


def is_there(engineer: Engineer, now: datetime) -> bool:
    until = engineer.presence.until
    return until is not None and until > now


def has_left(engineer: Engineer | None, limits: Limits, now: datetime) -> bool:
    """Say whether somebody has gone, and not merely for a break.

    Somebody of whom it is known when they went has the grace from then on, too: an attendance
    service does not foretell the end of a lunch as a roster does.
    """
    if engineer is None:
        return True  # takes no work any more
    until, back_at = engineer.presence.until, engineer.presence.back_at
    if until is not None and now - until < limits.grace:
        return False
    return back_at is None or back_at - now > limits.grace


def is_lost(held: Held, holder: Engineer | None, limits: Limits, now: datetime) -> bool:
    """Say whether a ticket's holder has left, so that another is to have it.

    What somebody touched a moment ago stays: they are still at it, or said when they go on.
    What awaits others has time until its holder is back, if they ever are; so has what can rest,
    and what a person gave to somebody who was away already, if they are soon back.
    """
    if (
        held.holder is None
        or not has_left(holder, limits, now)
        or _was_passed_on(held, limits, now)
    ):
        return False
    if _is_within(limits.grace, held.touched_at, now):
        return False
    if held.is_kept_for and is_kept(holder, limits, now):
        return False
    return holder is None or not (held.is_paused or can_rest(held, holder, limits, now))


def can_rest(held: Held, holder: Engineer, limits: Limits, now: datetime) -> bool:
    """Say whether whoever began with a ticket is back in ample time for what was promised."""
    back_at = holder.presence.back_at
    if not held.is_acknowledged or back_at is None or back_at - now > limits.kept_for:
        return False
    return held.due_at is None or held.due_at - back_at >= limits.ample


def is_kept(holder: Engineer | None, limits: Limits, now: datetime) -> bool:
    """Say whether somebody who left keeps what nobody else may have.

    Else a desk that is closed at night would take back everything each evening. On stale news of
    their presence nobody loses anything to nobody.
    """
    if holder is None:
        return False
    back_at, is_stale = holder.presence.back_at, holder.presence.is_stale
    return is_stale or (back_at is not None and back_at - now <= limits.kept_for)


def is_unacknowledged(held: Held, limits: Limits, now: datetime) -> bool:
    """Say whether the holder has had time enough to take it up, and did not."""
    if held.given_at is None or held.is_acknowledged or held.is_begun or held.is_paused:
        return False
    is_late = not _is_within(limits.unacknowledged_after, held.given_at, now)
    return is_late and not _was_passed_on(held, limits, now) and not is_in_hands(held, limits, now)


def is_busy(theirs: Iterable[Held], limits: Limits, now: datetime) -> bool:
    """Say whether somebody is at work on anything of theirs."""
    return any(is_in_hands(each, limits, now) for each in theirs)


def is_movable(held: Held, limits: Limits, now: datetime) -> bool:
    """Say whether a ticket may go to another only since its holder has more to do."""
    is_bound = held.is_paused or held.is_on_purpose or is_in_hands(held, limits, now)
    return not is_bound and not _is_within(limits.rest, held.moved_at, now)


def is_in_hands(held: Held, limits: Limits, now: datetime) -> bool:
    if _is_within(limits.hands_for, held.touched_at, now):
        return True
    return held.is_begun and _is_within(limits.begun_for, held.touched_at or held.given_at, now)


def asked_of(held: Held, limits: Limits, now: datetime) -> Job:
    """Return the job for the engine: who lost it a moment ago is not to have it back."""
    if held.from_pk is None or not _is_within(limits.rest, held.moved_at, now):
        return held.job
    excluded = {held.from_pk: _("had it a moment ago"), **held.job.excluded}
    return replace(held.job, excluded=excluded)


def narrows(points: int, source: Engineer, target: Engineer) -> bool:
    """Say whether so many points less here and more there bring two people nearer."""
    before = share_of(source) - share_of(target)
    return gap_after(points, source, target) < before and share_of(target, points) < share_of(
        source
    )


def gap_after(points: int, source: Engineer, target: Engineer) -> int:
    """Return how far apart two shares are, once so many points have gone over."""
    return abs(share_of(source, -points) - share_of(target, points))


def _was_passed_on(held: Held, limits: Limits, now: datetime) -> bool:
    """Say whether it was taken from somebody a moment ago, and so is left where it is."""
    return held.from_pk is not None and _is_within(limits.rest, held.moved_at, now)


def _is_within(span: timedelta, at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at < span
