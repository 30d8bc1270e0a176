"""What a version of the policy says otherwise than the one before it, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dispatch.engine.terms import TERMS
from dispatch.models import AssignmentPolicy
from dispatch.services.policies import arranged_of
from dispatch.telling import TERMS as NAMES

OF_VIPS = "only_preferred_for_vips"
VIP = "vip"


def differences(
    before: Mapping[str, Any], version: AssignmentPolicy, *, sees_vips: bool
) -> list[str]:
    """Return a sentence for each thing that is otherwise; of VIPs only to who may know of them.

    `before` are the values of the version before it, by column.
    """
    return [
        _("%(name)s: %(was)s → %(now)s") % {"name": name, "was": _said(was), "now": _said(now)}
        for name, was, now in _pairs(before, arranged_of(version), sees_vips=sees_vips)
        if was != now
    ]


def weights_in_words(version: AssignmentPolicy, *, sees_vips: bool) -> str:
    """Return what counts, and how much."""
    told = [name for name in TERMS if sees_vips or name != VIP]
    return ", ".join(f"{NAMES[name]} {version.weights.get(name, 0)}" for name in told)


def _pairs(
    before: Mapping[str, Any], now: Mapping[str, Any], *, sees_vips: bool
) -> Iterator[tuple[str, Any, Any]]:
    """Yield what a version states, each by its name in words, before and now."""
    for name in TERMS:
        if sees_vips or name != VIP:
            weighs = capfirst(str(NAMES[name]))
            yield weighs, before["weights"].get(name, 0), now["weights"].get(name, 0)
    for name, value in now.items():
        if name != "weights" and (sees_vips or name != OF_VIPS):
            label = AssignmentPolicy._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            yield capfirst(str(label)), before[name], value


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return str(value)
