"""What is foreseen of a ticket, in words. Reasons name things, never a person."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from sla.choices import Method
from sla.models import Prediction

ABOUT: dict[str, Any] = {
    "used": gettext_lazy("%(percent)s %% of the target is used"),
    "awaiting": gettext_lazy("it waits, and the clock is paused"),
    "unassigned": gettext_lazy("nobody has it yet"),
    "team": gettext_lazy("of its team's last %(count)s tickets %(percent)s %% were late"),
    "category": gettext_lazy("of the last %(count)s in its category %(percent)s %% were late"),
    "subcategory": gettext_lazy(
        "of the last %(count)s in its subcategory %(percent)s %% were late"
    ),
    "service": gettext_lazy("of the last %(count)s about its service %(percent)s %% were late"),
    "site": gettext_lazy("of the last %(count)s at its site %(percent)s %% were late"),
    "priority": gettext_lazy("of the last %(count)s of its priority %(percent)s %% were late"),
}


def risen_of(ticket_ids: Iterable[int]) -> dict[int, int]:
    """Return the percentage with which tickets rose above the threshold, of those that did."""
    found = Prediction.objects.filter(ticket_id__in=ticket_ids, risen_percent__isnull=False)
    return {pk: percent or 0 for pk, percent in found.values_list("ticket_id", "risen_percent")}


def likely(percent: int | None) -> str:
    """Return why a ticket is lifted that will likely breach; "" for one that is calm."""
    return (
        ""
        if percent is None
        else gettext("%(percent)s %% likely to breach") % {"percent": percent}
    )


def reasons_of(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the reasons of a prediction as sentences."""
    return [str(ABOUT[r["about"]]) % r for r in reasons if r["about"] in ABOUT]


def judge_of(prediction: Prediction) -> str:
    """Return by what a ticket was judged."""
    if prediction.method == Method.MODEL:
        return gettext("model v%(number)s") % {"number": prediction.number}
    return gettext("rule")
