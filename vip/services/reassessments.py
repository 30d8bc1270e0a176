"""Reassess many people in the background, portion by portion."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from nova.portions import Work, fail
from tickets.models import Ticket
from vip.choices import ReassessmentStatus as Status
from vip.events import PeopleReassessed, ReassessmentResumed
from vip.models import Reassessment
from vip.services.reassessing import Changed, reassess

AT_ONCE = 100  # so many people are done where they come up: nobody has to wait for a worker
# One portion locks no more tickets than this, unless one person alone has more.
MOST_TICKETS = 300
LONGEST = 250


@transaction.atomic
def bring_in_step(
    people: QuerySet[User] | Collection[int],
    *,
    actor: User,
    now: datetime,
    because: str = "",
    designation_id: int | None = None,
    rule_id: int | None = None,
) -> Reassessment | None:
    """Reassess people: a few at once, many in the background by the row that is returned."""
    ids = ordered(people)
    because = because[:LONGEST]
    if len(ids) <= AT_ONCE:
        reassess(ids, actor=actor, now=now, because=because)
        return None
    begun = Reassessment.objects.create(
        tenant_id=actor.tenant_id,
        person_ids=ids,
        total=len(ids),
        designation_id=designation_id,
        rule_id=rule_id,
        because=because,
        author=actor,
        created_at=now,
        moved_at=now,
    )
    REASSESSING.go_on(begun)
    return begun


def ordered(people: QuerySet[User] | Collection[int]) -> list[int]:
    """Return the ids of people, first those whose open tickets are to be taken first."""
    chosen = people if isinstance(people, QuerySet) else User.objects.filter(pk__in=people)
    theirs = Ticket.objects.unresolved().filter(requester=OuterRef("pk")).order_by("queue_at")
    first = Subquery(theirs.values("queue_at")[:1])
    placed = chosen.annotate(first=first).order_by(F("first").asc(nulls_last=True), "pk")
    return list(placed.values_list("pk", flat=True))


@transaction.atomic
def resume_reassessment(reassessment_id: int, *, actor: User, now: datetime) -> Reassessment:
    """Go on with one that was given up. Raises `Refused` for any other."""
    held = Reassessment.objects.select_for_update(of=("self",)).get(pk=reassessment_id)
    if held.status != Status.FAILED:
        raise Refused(_("It has not stopped."))
    held.status, held.attempts, held.moved_at, held.ended_at = Status.WORKING, 0, now, None
    held.save(update_fields=["status", "attempts", "moved_at", "ended_at"])
    event = ReassessmentResumed(tenant_id=held.tenant_id, reassessment_id=held.pk, done=held.done)
    publish(event, actor=actor, now=now)
    REASSESSING.go_on(held)
    return held


def _do(held: Reassessment, now: datetime, size: int) -> None:
    people = _next(held, size)
    told: dict[str, Any] = {"because": held.because, "is_among_many": True}
    changed = reassess(people, actor=held.author, now=now, **told) if people else Changed()
    held.done += len(people)
    held.people_changed += changed.people
    held.tickets_changed += changed.tickets
    if held.done >= held.total:
        held.status, held.ended_at = Status.DONE, now
        publish(_ended(held), actor=held.author, now=now)
    names = ["done", "people_changed", "tickets_changed", "moved_at", "attempts"]
    held.save(update_fields=[*names, "status", "ended_at"])


def _next(held: Reassessment, size: int) -> list[int]:
    """Return whom the next portion is about: so many that not too many tickets are locked."""
    part = f"person_ids__{held.done}_{held.done + size}"
    people = Reassessment.objects.filter(pk=held.pk).values_list(part, flat=True).get() or []
    rows = Ticket.objects.unresolved().filter(requester__in=people).order_by()
    counts = dict(rows.values_list("requester").annotate(count=Count("pk")))
    locked = 0
    for place, person in enumerate(people):
        locked += counts.get(person, 0)
        if locked > MOST_TICKETS and place:
            return list(people[:place])
    return list(people)


def _ended(held: Reassessment) -> PeopleReassessed:
    return PeopleReassessed(
        tenant_id=held.tenant_id,
        reassessment_id=held.pk,
        because=held.because,
        looked_at=held.total,
        people=held.people_changed,
        tickets=held.tickets_changed,
    )


REASSESSING = Work(
    task="vip.reassess",
    size=500,
    at_work=lambda: Reassessment.objects.at_work().defer("person_ids"),
    do=_do,
    stop=fail,
)
