"""The views of the queue: which open tickets each keeps, and how many there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import TeamMembership, User
from tickets.choices import SlaState
from tickets.lens import Lens
from tickets.models import Ticket, TicketQuerySet

COUNT = "(SELECT count(*) FROM ({}) AS kept)"
MOST = 500  # a view with more says "500+": a count must not grow with the table

Keep = Callable[[TicketQuerySet, User], TicketQuerySet]


@dataclass(frozen=True)
class View:
    """One view of the queue. `tone` colours its count where that is news."""

    key: str
    label: object
    keep: Keep
    tone: str = ""
    needs_vip: bool = False


def _mine(tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    return tickets.filter(assignee=user)


def _team(tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    teams = TeamMembership.objects.filter(person=user).values_list("team_id", flat=True)
    return tickets.filter(team__in=list(teams))


VIEWS = (
    View("mine", _("Mine"), _mine),
    View("team", _("Team"), _team),
    View("unassigned", _("Unassigned"), lambda tickets, user: tickets.filter(assignee=None)),
    View(
        "risk",
        _("At risk"),
        lambda tickets, user: tickets.filter(sla_state=SlaState.AT_RISK),
        tone="risk",
    ),
    View(
        "breached",
        _("Breached"),
        lambda tickets, user: tickets.filter(sla_state=SlaState.BREACHED),
        tone="breached",
    ),
    View("vip", _("VIP"), lambda tickets, user: tickets.exclude(vip_level=""), "vip", True),
    View("all", _("All open"), lambda tickets, user: tickets),
)


def views_for(user: User) -> dict[str, View]:
    """Return the views that a person may open, by key."""
    lens = Lens.of(user)
    return {view.key: view for view in VIEWS if lens.vip or not view.needs_vip}


def open_tickets(user: User, view: View) -> TicketQuerySet:
    """Return the open tickets of one view, unsorted."""
    return view.keep(Ticket.objects.visible_to(user).unresolved(), user)


def counts(user: User) -> dict[str, int]:
    """Return how many tickets each view holds, up to `MOST` + 1, in one statement."""
    kept = {
        key: open_tickets(user, view).order_by().values("pk")[: MOST + 1]
        for key, view in views_for(user).items()
    }
    return _count(kept)


def _count(kept: Mapping[str, QuerySet]) -> dict[str, int]:
    found = {key: _sql_of(tickets) for key, tickets in kept.items()}
    columns = ", ".join(COUNT.format(sql) for sql, _params in found.values())
    params = [param for _sql, params in found.values() for param in params]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", params)
        return dict(zip(found, cursor.fetchone(), strict=True))


def _sql_of(tickets: QuerySet) -> tuple[str, tuple[Any, ...]]:
    """Return the statement, also where it is known to find nothing: somebody is in no team."""
    return tickets.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
