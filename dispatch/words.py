"""Why the engine decided so, in a sentence that anybody at the desk may read."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dispatch.engine.deciding import Card, ordinary

# What is said of those whom a gate keeps; where several do, the first counts.
KEPT = {
    "on_duty": gettext_lazy("%(count)s not on duty"),
    "shift": gettext_lazy("%(count)s with too little of the shift left"),
    "capacity": gettext_lazy("%(count)s without room"),
    "team": gettext_lazy("%(count)s not of the team"),
    "skill": gettext_lazy("%(count)s without the skill"),
    "certificate": gettext_lazy("%(count)s without the certificate"),
    "branch": gettext_lazy("%(count)s not serving the site"),
}
OTHERWISE = gettext_lazy("%(count)s for other reasons")


def because_of(card: Card) -> str:
    """Return why somebody was chosen, or why nobody was, as it is said of anybody's ticket."""
    card = ordinary(card)
    if card.primary is None:
        return _nobody(card)
    count = len(card.ranked)
    if count == 1:
        return _("The only one who may have it.")
    if card.primary.engineer.pk != card.ranked[0].engineer.pk:
        said = _("One of %(count)s who may have it, and best for the desk as a whole.")
        return said % {"count": count}
    if card.is_tie:
        said = _("Ranks first of %(count)s who may have it, and was idle longest.")
        return said % {"count": count}
    return _("Ranks first of %(count)s who may have it.") % {"count": count}


def _nobody(card: Card) -> str:
    counts = Counter(found[0].gate for found in card.refused.values())
    told = [KEPT[gate] % {"count": counts[gate]} for gate in KEPT if counts[gate]]
    others = sum(count for gate, count in counts.items() if gate not in KEPT)
    if others:
        told.append(OTHERWISE % {"count": others})
    if card.ranked:
        told.append(_("%(count)s kept for other work") % {"count": len(card.ranked)})
    count = len(card.engineers)
    said = ngettext("Nobody of %(count)s may have it", "Nobody of %(count)s may have it", count)
    return said % {"count": count} + (f": {', '.join(told)}." if told else ".")
