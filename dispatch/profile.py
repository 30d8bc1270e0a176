"""What the page of an engineer shows."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from dispatch.attendance.gateway import gateway_of
from dispatch.attendance.words import doubt_words
from dispatch.calendar import MANAGE, knows_why, word_of
from dispatch.engine.facts import Presence
from dispatch.languages import named
from dispatch.models import Engineer, Performance
from dispatch.reading import loads_of
from nova.accounts.models import User
from nova.web.words import present_reader

OWN = "dispatch.edit_own_engineer"


def profile_of(engineer: Engineer, viewer: User, now: datetime) -> dict[str, Any]:
    """Return what a viewer may see of an engineer; what they may change is in forms."""
    presence: Presence = gateway_of(engineer.tenant_id)([engineer], now)[engineer.pk]
    load = loads_of([engineer.person_id])[engineer.person_id]
    is_told = knows_why(viewer, engineer)
    coming = engineer.changes.filter(last__gte=timezone.localdate(now))
    return {
        "engineer": engineer,
        "presence": presence,
        "doubt": doubt_words(presence, present_reader(now)),
        "load": load,
        "percent": min(100, 100 * load // engineer.capacity) if engineer.capacity else 100,
        "spoken": named(engineer.languages),
        "skills": engineer.skills.select_related("skill").order_by("-level", "skill__name"),
        "papers": engineer.certificates.select_related("certificate").order_by(
            "certificate__name"
        ),
        "sites": engineer.sites.order_by("name"),
        "shifts": engineer.shifts.all(),
        "changes": [(each, word_of(each, is_told=is_told)) for each in coming],
        "is_told": is_told,
        "done": _done(engineer) if is_told else [],
        "is_own": viewer.pk == engineer.person_id,
        "manages": viewer.has_perm(MANAGE),
        "now": now,
    }


def may_edit(viewer: User, engineer: Engineer) -> bool:
    """Say whether somebody may state anything of an engineer."""
    return viewer.has_perm(MANAGE) or is_own(viewer, engineer)


def is_own(viewer: User, engineer: Engineer) -> bool:
    return viewer.pk == engineer.person_id and viewer.has_perm(OWN)


def _done(engineer: Engineer) -> list[tuple[Performance, float | None]]:
    """Return what they did by service, each with the mean of the stars; all of it comes last."""
    rows = Performance.objects.filter(engineer=engineer).select_related("service")
    return [
        (row, row.stars / row.rated if row.rated else None)
        for row in rows.order_by("service__name")
    ]
