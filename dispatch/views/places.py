"""The pages of assignment, which lead to each other."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nova.web.http import Request

PLACES = [
    (_("Load"), "dispatch:load", ("tickets.view_ticket", "dispatch.view_engineers")),
    (
        _("Balancer"),
        "dispatch:balance",
        ("tickets.view_ticket", "dispatch.view_decisions", "dispatch.run_balancer"),
    ),
    (_("Roster"), "dispatch:roster", ("dispatch.view_engineers",)),
    (_("My work"), "dispatch:mine", ("tickets.view_ticket", "dispatch.edit_own_engineer")),
]


@dataclass(frozen=True)
class Tab:
    """A page as the others show it; there is nothing to count of it."""

    label: object
    url: str
    is_current: bool
    tone: str = ""
    count: None = None


def tabs_of(request: Request) -> list[Tab]:
    """Return the pages that the viewer may open."""
    return [
        Tab(label, url, is_current=f"{request.path}/".startswith(f"{url}/"))
        for label, url, needs in ((label, reverse(name), needs) for label, name, needs in PLACES)
        if request.user.has_perms(needs)
    ]
