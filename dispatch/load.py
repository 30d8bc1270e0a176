"""Who has what, at a glance: of each engineer what they have, and what nobody has and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from dispatch.attendance.gateway import gateway_of
from dispatch.attendance.words import doubt_words
from dispatch.engine.facts import Presence
from dispatch.events import SEE
from dispatch.models import Decision, Engineer
from dispatch.reading import loads_of
from dispatch.services import recommend_all
from dispatch.words import because_of
from nova.accounts.models import Team, User
from nova.web.words import Reader
from tickets.choices import SlaState
from tickets.lens import Lens
from tickets.models import Ticket, TicketQuerySet
from tickets.models.ticket import QUEUE_ORDER
from tickets.queues import MOST
from tickets.rows import Row, row_of
from tickets.shape import shapes

CARDS = 12  # of each engineer, and of what waits
PEOPLE = 20  # of a page
Place = tuple[bool, str, int]
Told = tuple[Row, str]  # a ticket, and why it is with nobody


@dataclass(frozen=True)
class Held:
    """How many tickets somebody has, and how many of them are near or past their time."""

    tickets: int = 0
    at_risk: int = 0
    breached: int = 0


@dataclass(frozen=True)
class Line:
    """An engineer: whether they are there, how full their hands are, and with what.

    `doubt` says by what they are held to be there, where that is not the last word of attendance.
    """

    engineer: Engineer
    presence: Presence
    doubt: str
    load: int
    held: Held
    cards: Sequence[Told]

    @property
    def percent(self) -> int:
        """Return how full they are, from 0 to 100; who has no capacity is full."""
        capacity = self.engineer.capacity
        return min(100, 100 * self.load // capacity) if capacity else 100

    @property
    def is_over(self) -> bool:
        return self.load > self.engineer.capacity

    @property
    def left(self) -> int:
        """Return how many tickets have no card."""
        return self.held.tickets - len(self.cards)


@dataclass(frozen=True)
class Waiting:
    """What nobody has, with why; `count` goes up to `MOST` + 1, as it does in the queue."""

    count: int
    cards: Sequence[Told]

    @property
    def words(self) -> str:
        return _("%(most)s+") % {"most": MOST} if self.count > MOST else str(self.count)

    @property
    def left(self) -> int:
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Load:
    """What the page of the load shows. `page` is of engineers, `here` counts all on duty."""

    waiting: Waiting
    lines: Sequence[Line]
    page: Page
    here: int
    shows_clocks: bool


@dataclass(frozen=True)
class Asking:
    """Who looks at whose load: a team's, or everybody's."""

    viewer: User
    reader: Reader
    team: Team | None = None
    lens: Lens = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lens", Lens.of(self.viewer))

    @property
    def now(self) -> datetime:
        return self.reader.now

    def tickets(self) -> TicketQuerySet:
        return Ticket.objects.visible_to(self.viewer).unresolved()


def load_of(asking: Asking, number: int | str | None = 1) -> Load:
    """Return who has what, in as many queries for few as for many. Who is there comes first."""
    rows = Engineer.objects.filter(tenant=asking.viewer.tenant_id).at_work()
    if asking.team is not None:
        rows = rows.filter(person__teams=asking.team)
    engineers = list(rows.select_related("person"))
    present = gateway_of(asking.viewer.tenant_id)(engineers, asking.now)
    engineers.sort(key=lambda each: _place(each, present[each.pk]))
    page = Paginator(engineers, PEOPLE).get_page(number)
    people = [each.person_id for each in page]
    waits, had = _waiting_ids(asking), _first_of_each(asking, people)
    rows_by_id = _rows(asking, [*waits[:CARDS], *(pk for pks in had.values() for pk in pks)])
    loads, counts = loads_of(people), _counts(asking, people)
    lines = [
        Line(
            engineer=each,
            presence=present[each.pk],
            doubt=doubt_words(present[each.pk], asking.reader),
            load=loads[each.person_id],
            held=counts.get(each.person_id, Held()),
            cards=[(rows_by_id[pk], "") for pk in had.get(each.person_id, ())],
        )
        for each in page
    ]
    why = _why(asking, waits[:CARDS])
    cards = [(rows_by_id[pk], why.get(pk, "")) for pk in waits[:CARDS]]
    here = sum(presence.until is not None for presence in present.values())
    return Load(Waiting(len(waits), cards), lines, page, here, asking.lens.clocks)


def _place(engineer: Engineer, presence: Presence) -> Place:
    return presence.until is None, engineer.person.name.casefold(), engineer.pk


def _waiting_ids(asking: Asking) -> list[int]:
    """Return the first of what nobody has, in the order of the queue."""
    waiting = asking.tickets().filter(assignee=None)
    if asking.team is not None:
        waiting = waiting.filter(team=asking.team)
    return list(waiting.order_by(*QUEUE_ORDER).values_list("pk", flat=True)[: MOST + 1])


def _first_of_each(asking: Asking, people: Sequence[int]) -> dict[int, list[int]]:
    """Return by person the first of their tickets, in the order of the queue."""
    place = Window(
        RowNumber(),
        partition_by=F("assignee"),
        order_by=[F("vip_priority_score").desc(), F("queue_at").asc(), F("pk").asc()],
    )
    placed = asking.tickets().filter(assignee__in=people).annotate(place=place)
    found: dict[int, list[int]] = {}
    firsts = placed.filter(place__lte=CARDS).order_by("assignee", "place")
    for person, pk in firsts.values_list("assignee_id", "pk"):
        found.setdefault(person, []).append(pk)
    return found


def _counts(asking: Asking, people: Sequence[int]) -> dict[int, Held]:
    held = asking.tickets().filter(assignee__in=people).order_by()
    counted = held.values_list("assignee_id").annotate(
        tickets=Count("pk"),
        at_risk=Count("pk", filter=Q(sla_state=SlaState.AT_RISK)),
        breached=Count("pk", filter=Q(sla_state=SlaState.BREACHED)),
    )
    return {person: Held(*counts) for person, *counts in counted}


def _rows(asking: Asking, ids: Sequence[int]) -> Mapping[int, Row]:
    """Return tickets by id as the viewer may see them."""
    found = shapes(ids, asking.lens, now=asking.now)
    return dict(zip(ids, map(row_of, found), strict=True))


def _why(asking: Asking, ids: Sequence[int]) -> dict[int, str]:
    """Return by ticket what the engine said last of it, or would say now, to who may know."""
    if not asking.viewer.has_perm(SEE):
        return {}
    newest = Decision.objects.filter(ticket__in=ids).order_by("ticket", "-pk")
    said = newest.distinct("ticket").values_list("ticket_id", "primary__name", "because")
    told = {ticket: _said(name, because) for ticket, name, because in said}
    never_asked = [pk for pk in ids if pk not in told]
    tickets = list(Ticket.objects.filter(pk__in=never_asked)) if never_asked else []
    for pk, card in recommend_all(tickets, asking.now).items():
        told[pk] = _said(card.primary.engineer.name if card.primary else None, because_of(card))
    return told


def _said(name: str | None, because: str) -> str:
    recommended = _("%(name)s is recommended.") % {"name": name} if name else ""
    return f"{recommended} {because}".strip()
