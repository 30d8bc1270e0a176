"""How a desk gives work out, version by version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.engine.terms import TERMS
from dispatch.events import AssignmentArranged
from dispatch.models import AssignmentPolicy
from nova.accounts.models import User
from nova.events.bus import publish
from nova.races import once_more

HEAVIEST = 100
KEPT = ("id", "tenant", "number", "since", "author", "note")


def current_policy(tenant_id: int, now: datetime) -> AssignmentPolicy:
    """Return what is in force; the first is made when it is first asked for."""
    policies = AssignmentPolicy.objects.filter(tenant=tenant_id).order_by("-number")
    found = policies.first()
    if found is None:
        first = AssignmentPolicy(tenant_id=tenant_id, number=1, since=now)
        AssignmentPolicy.objects.bulk_create([first], ignore_conflicts=True)  # others may, too
        found = policies.get()
    return found


def arranged_of(policy: AssignmentPolicy) -> dict[str, Any]:
    """Return what a version states, by column."""
    columns = AssignmentPolicy._meta.concrete_fields
    return {each.name: getattr(policy, each.name) for each in columns if each.name not in KEPT}


def arrange_assignment(
    changes: Mapping[str, Any], *, note: str, actor: User, now: datetime
) -> AssignmentPolicy:
    """Put a version in force that differs so from the one before. Raises `ValidationError`."""

    def arrange() -> AssignmentPolicy:
        before = current_policy(actor.tenant_id, now)
        values = arranged_of(before) | dict(changes)
        fresh = AssignmentPolicy(
            **values,
            tenant_id=before.tenant_id,
            number=before.number + 1,
            since=now,
            author=actor,
            note=note,
        )
        check_weights(fresh.weights)
        fresh.full_clean(exclude=["tenant", "author", "number", "since"])
        fresh.save(force_insert=True)
        event = AssignmentArranged(
            tenant_id=fresh.tenant_id, policy_id=fresh.pk, number=fresh.number, note=note
        )
        publish(event, actor=actor, now=now)
        return fresh

    with transaction.atomic():
        return once_more(arrange)


def check_weights(weights: Any) -> None:
    """Raise `ValidationError` where weights are not a number from 0 to 100 for each known term."""
    if not isinstance(weights, Mapping):
        raise ValidationError({"weights": _("Give an object of numbers by term.")})
    for name, weight in weights.items():
        if name not in TERMS:
            known = ", ".join(TERMS)
            message = _("There is no term “%(name)s”; there are: %(known)s.")
            raise ValidationError({"weights": message % {"name": name, "known": known}})
        is_number = isinstance(weight, int) and not isinstance(weight, bool)
        if not is_number or not 0 <= weight <= HEAVIEST:
            message = _("“%(name)s” must weigh a whole number from 0 to %(most)s.")
            raise ValidationError({"weights": message % {"name": name, "most": HEAVIEST}})
    if not any(weights.values()):
        raise ValidationError({"weights": _("Something must have a weight.")})
