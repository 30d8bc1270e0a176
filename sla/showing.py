"""Recalculations as the API, the page and the exported file show them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nova.accounts.models import User
from nova.tenancy.fence import inside
from sla.choices import LineKind
from sla.models import Recalculation, RecalculationLine
from tickets.lens import Lens

CHUNK = 500
HEADER = (
    *("reference", "metric", "cycle", "kind", "due_before", "due_after", "breached_before"),
    *("breached_after", "target_seconds_before", "target_seconds_after", "calendar_before"),
    *("calendar_after", "applied_at"),
)
ADJUSTED = ("policy_before", "policy_after")  # which policies are for VIPs is an adjustment


def recalculation_shapes(recalculations: Sequence[Recalculation]) -> list[dict[str, Any]]:
    """Return several as the API shows them, with what the lines of each come to."""
    lines = RecalculationLine.objects.filter(recalculation__in=recalculations)
    counts, none = lines.counts_by_recalculation(), RecalculationLine.objects.none().counts()
    return [_shape(one, counts.get(one.pk, none)) for one in recalculations]


def totals_of(recalculation: Recalculation) -> dict[str, int]:
    """Return by kind how many clocks there are, how many move, and how many stay as they are."""
    return _totals(recalculation, recalculation.lines.counts())


def _totals(recalculation: Recalculation, counts: dict[str, int]) -> dict[str, int]:
    listed = sum(counts[kind] for kind in LineKind.values)
    return {**counts, "unchanged": max(0, recalculation.looked_at - listed)}


def _shape(recalculation: Recalculation, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "id": recalculation.pk,
        "status": recalculation.status,
        "scope": recalculation.scope,
        "policies": recalculation.policy_ids,
        "calendar": recalculation.calendar.name if recalculation.calendar else None,
        "undoes": recalculation.undoes_id,
        "reason": recalculation.reason,
        "author": recalculation.author.name,
        "created_at": recalculation.created_at.isoformat(),
        "ended_at": recalculation.ended_at.isoformat() if recalculation.ended_at else None,
        "progress": {
            "looked_at": recalculation.looked_at,
            "to_look_at": recalculation.to_look_at,
            "applied": recalculation.applied,
            "to_apply": recalculation.to_apply,
        },
        "totals": _totals(recalculation, counts),
    }


def sentence_of(totals: dict[str, int]) -> str:
    """Say in one sentence what a recalculation comes to."""
    moved = ngettext("%(count)s due time moves", "%(count)s due times move", totals["moved"])
    breached = ngettext(
        "%(count)s becomes breached", "%(count)s become breached", totals["breached"]
    )
    healed = ngettext("%(count)s is healed", "%(count)s are healed", totals["healed"])
    parts = [(moved, "moved"), (breached, "breached"), (healed, "healed")]
    return _("%(moved)s, %(breached)s, %(healed)s.") % {
        name: form % {"count": f"{totals[name]:,}"} for form, name in parts
    }


def line_shape(line: RecalculationLine, lens: Lens) -> dict[str, Any]:
    """Return one line. Names of policies are for those who may see adjustments."""
    shape: dict[str, Any] = {
        "reference": line.clock.ticket.reference,
        "metric": line.clock.metric,
        "cycle": line.clock.number,
        "kind": line.kind,
        "before": _terms(line, "before"),
        "after": _terms(line, "after"),
        "applied_at": line.applied_at.isoformat() if line.applied_at else None,
    }
    if lens.adjustments:
        for side in ("before", "after"):
            shape[side]["policy"] = getattr(line, side)["policy_name"]
    return shape


def _terms(line: RecalculationLine, side: str) -> dict[str, Any]:
    due_at, breached_at = getattr(line, f"{side}_due_at"), getattr(line, f"{side}_breached_at")
    return {
        "due_at": due_at.isoformat() if due_at else None,
        "breached_at": breached_at.isoformat() if breached_at else None,
        "target_seconds": getattr(line, f"{side}_seconds"),
        "calendar": str(getattr(line, f"{side}_calendar_version")),
    }


def rows_of(recalculation_id: int, user: User, kind: str = "") -> Iterator[list[Any]]:
    """Yield the rows of a file, the head first, as `user` may see them.

    The response outlives the request's transaction, so each chunk opens one of its own.
    """
    lens = Lens.of(user)
    yield [*HEADER, *(ADJUSTED if lens.adjustments else ())]
    last = 0
    while True:
        with inside(user.tenant_id):
            lines = RecalculationLine.objects.filter(recalculation=recalculation_id, pk__gt=last)
            wanted = lines.filter(kind=kind) if kind else lines
            found = list(wanted.equipped()[:CHUNK])
            shapes = [line_shape(line, lens) for line in found]
        if not found:
            return
        last = found[-1].pk
        yield from ([*_cells(shape)] for shape in shapes)


def _cells(shape: dict[str, Any]) -> Iterator[Any]:
    yield from (shape[name] for name in ("reference", "metric", "cycle", "kind"))
    sides = (shape["before"], shape["after"])
    for name in ("due_at", "breached_at", "target_seconds", "calendar"):
        yield from (side[name] for side in sides)
    yield shape["applied_at"]
    if "policy" in sides[0]:
        yield from (side["policy"] for side in sides)
