"""Who takes work, and what they bring to it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch import rules
from dispatch.events import EngineerAdded, EngineerEdited, EngineerPreferred
from dispatch.models import Engineer
from dispatch.services import known
from nova.accounts.choices import PersonKind
from nova.accounts.models import User
from nova.errors import Refused
from nova.events.base import Change
from nova.events.bus import publish

COLUMNS = ("takes_work", "capacity", "languages", "is_for_vips")
PREFERENCE = "is_for_vips"


class EngineerRefused(Refused):
    """Somebody cannot be an engineer, or not such a one."""


class Stated(TypedDict, total=False):
    """What is stated of an engineer; what is missing stays as it is.

    `sites` are ids; `skills` levels by id; `certificates` last days, or None, by id.
    """

    takes_work: bool
    capacity: int
    languages: Collection[str]
    is_for_vips: bool
    sites: Collection[int]
    skills: Mapping[int, int]
    certificates: Mapping[int, date | None]


@transaction.atomic
def add_engineer(person: User, stated: Stated, *, actor: User, now: datetime) -> Engineer:
    """Let somebody be given work.

    Raises `EngineerRefused` for who is one already, and for who is nobody that signs in.
    """
    # One at a time for each person, or two would both find that there is none.
    held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if Engineer.objects.filter(person=held).exists():
        raise EngineerRefused(_("%(person)s is an engineer already.") % {"person": held})
    if not held.is_active or held.kind != PersonKind.PERSON:
        raise EngineerRefused(_("%(person)s is nobody who signs in.") % {"person": held})
    engineer = Engineer.objects.create(tenant_id=held.tenant_id, person=held)
    changes = _state(engineer, stated)
    preference = changes.pop(PREFERENCE, None)
    publish(EngineerAdded(**_whom(engineer), changes=changes), actor=actor, now=now)
    _tell_preference(engineer, preference, actor, now)
    return engineer


@transaction.atomic
def edit_engineer(engineer_id: int, stated: Stated, *, actor: User, now: datetime) -> Engineer:
    """State otherwise what an engineer brings. No change, no event."""
    engineer = locked(engineer_id)
    changes = _state(engineer, stated)
    preference = changes.pop(PREFERENCE, None)
    if changes:
        publish(EngineerEdited(**_whom(engineer), changes=changes), actor=actor, now=now)
    _tell_preference(engineer, preference, actor, now)
    return engineer


@transaction.atomic
def edit_own_engineer(
    engineer_id: int,
    *,
    actor: User,
    now: datetime,
    languages: Collection[str] | None = None,
    skills: Mapping[int, int] | None = None,
) -> Engineer:
    """Say of oneself which languages one speaks and what one knows.

    Raises `EngineerRefused` for a level that only a manager may state.
    """
    engineer = locked(engineer_id)
    stated: Stated = {}
    if languages is not None:
        stated["languages"] = languages
    if skills is not None:
        stated["skills"] = skills
        before = dict(engineer.skills.values_list("skill", "level"))
        beyond = known.names_of(known.SKILLS, rules.beyond_own(before, skills))
        if beyond:
            said = {"skills": ", ".join(sorted(beyond.values())), "top": rules.OWN_TOP_LEVEL}
            message = _("A level above %(top)s is for a lead to state: %(skills)s.")
            raise EngineerRefused(message % said)
    return edit_engineer(engineer.pk, stated, actor=actor, now=now)


def locked(engineer_id: int) -> Engineer:
    """Return an engineer whom nobody else changes until the transaction ends."""
    found = Engineer.objects.select_related("person").select_for_update(of=["self"])
    return found.get(pk=engineer_id)


def _whom(engineer: Engineer) -> dict[str, Any]:
    """Return what each event says of whom it is about."""
    return {
        "tenant_id": engineer.tenant_id,
        "engineer_id": engineer.pk,
        "person_id": engineer.person_id,
    }


def _tell_preference(
    engineer: Engineer, change: Change | None, actor: User, now: datetime
) -> None:
    if change is not None:
        event = EngineerPreferred(**_whom(engineer), is_for_vips=change[1])
        publish(event, actor=actor, now=now)


def _state(engineer: Engineer, stated: Stated) -> dict[str, Change]:
    """Write what is stated; return what changed."""
    changes = _columns(engineer, stated)
    for rows in known.ALL:
        wanted: Any = stated.get(rows.name)
        if wanted is not None:
            change = known.state(engineer, rows, wanted)
            changes |= {rows.name: change} if change[0] != change[1] else {}
    return changes


def _columns(engineer: Engineer, stated: Stated) -> dict[str, Change]:
    given: dict[str, Any] = {name: stated[name] for name in COLUMNS if name in stated}  # type: ignore[literal-required]
    if "languages" in given:
        given["languages"] = sorted(set(given["languages"]))
    changes: dict[str, Change] = {
        name: (getattr(engineer, name), value)
        for name, value in given.items()
        if getattr(engineer, name) != value
    }
    for name in changes:
        setattr(engineer, name, given[name])
    if changes:
        engineer.save(update_fields=list(changes))
    return changes
