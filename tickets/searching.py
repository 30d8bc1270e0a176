"""Read the newest tickets that have some words, in bounded time for common and for rare words.

Few hits are collected by the index of words, and sorted. For many, the planner would walk through
the tickets, newest first, until a page is full: that is quick unless the word stands in old
tickets alone, and then it reads a million. So a common word is looked for among the newest
tickets, where it mostly fills a page at once; what does not fill one is collected after all.
Which words are common the planner knows from its statistics.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Lower

from nova.api import keyset
from tickets.models import Ticket, TicketQuerySet
from tickets.models.ticket import query_of
from tickets.wording import meaning_of

FEW = 3000
RECENT = 2000
WINDOWS = (1, 8)  # a common word may be out of season: then one look further back fills the page
PER_HIT = 64  # a word that fills no page among so many has few hits in proportion
ORDER = ("-opened_at", "-pk")
# The same words as TEXT, in a form that the index of words does not know.
TEXT_OF_FEW = SearchVector("title", "description", config="simple")
# What the words stand in, as letters: to look for them there costs a twentieth of finding words,
# and the planner knows it, so it takes apart only the texts that have the letters.
LETTERS = Lower(
    Func(
        "title",
        "description",
        arg_joiner=" || ' ' || ",
        template="(%(expressions)s)",
        output_field=TextField(),
    )
)


def newest_with(
    words: str,
    tickets: TicketQuerySet,
    order: keyset.Order,
    place: Sequence[Any] | None,
    most: int,
) -> list[Any]:
    """Return `most` of `tickets` with the words, beyond a place in `ORDER` or in its reverse."""
    found = tickets.with_words(words)
    if _are_few(found):
        return _collected(found, order, place, most)
    for wider in WINDOWS:
        horizon = _horizon(tickets, order, place, wider * max(RECENT, PER_HIT * most))
        if horizon is None:
            break
        near = {"opened_at__gte" if order[0].is_down else "opened_at__lte": horizon}
        rows = keyset.after(_few_with(words, tickets.filter(**near)), order, place, most)
        if len(rows) == most:
            return rows
    return _collected(found, order, place, most)


def place_of(ticket: Ticket) -> tuple[Any, ...]:
    """Return the place of a ticket that was found, from which the next page goes on."""
    return ticket.opened_at, ticket.pk


def _are_few(found: TicketQuerySet) -> bool:
    told = found.order_by().values("pk").explain(format="json")
    if not told:  # what can have no rows is not even asked for
        return True
    [explained] = json.loads(told)
    return bool(explained["Plan"]["Plan Rows"] <= FEW)


def _collected(
    found: TicketQuerySet, order: keyset.Order, place: Sequence[Any] | None, most: int
) -> list[Any]:
    # Sorted by a sum, which no index holds: this is what keeps the planner from walking.
    found = found.alias(since=F("opened_at") + timedelta())
    names = ("-since", "-pk") if order[0].is_down else ("since", "pk")
    return keyset.after(found, keyset.order_of(found, names), place, most)


def _few_with(words: str, tickets: TicketQuerySet) -> TicketQuerySet:
    """Keep those of a few tickets that have the words: first by letters, which all such have."""
    meant = meaning_of(words)
    spelled = (Q(letters__contains=Lower(Value(word))) for word in meant.words)
    few = tickets.alias(text=TEXT_OF_FEW, letters=LETTERS).filter(*spelled)
    return few.filter(text=query_of(meant))


def _horizon(
    tickets: TicketQuerySet, order: keyset.Order, place: Sequence[Any] | None, many: int
) -> datetime | None:
    """Return when the last of the next `many` tickets was opened; None: there are fewer."""
    column = order[0]
    ahead = {f"opened_at__{'lte' if column.is_down else 'gte'}": place[0]} if place else {}
    opened = tickets.filter(**ahead).order_by(*keyset.names_of((column,)))
    return next(iter(opened.values_list("opened_at", flat=True)[many : many + 1]), None)
