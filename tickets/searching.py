"""Find the newest tickets that have some words, in bounded time for common and for rare words.

Nobody knows in advance how many tickets have a word that is half typed, least of all the planner:
it would walk through every ticket, newest first, for a word that few have. So common words are
looked for among the newest tickets, by the index of their opening, where they fill a page at once;
what does not fill one is rare enough to collect all of it, by the index of words, and sort.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Lower

from nova.api import keyset
from tickets.models import REFERENCE, Ticket, TicketQuerySet
from tickets.models.ticket import TEXT

RECENT = 2000
ORDER = ("-opened_at", "-pk")
# The same words as TEXT, in a form that the index of words does not know: for few rows.
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
    tickets: TicketQuerySet, words: str, place: Sequence[Any] | None, most: int
) -> list[Ticket]:
    """Return the newest `most` of `tickets` with all the words, beyond a place in `ORDER`.

    The last word may not be typed to its end. A reference finds its ticket alone.
    """
    named, order = REFERENCE.match(words), keyset.order_of(tickets, ORDER)
    if named:
        return keyset.after(tickets.filter(number=int(named[1])), order, place, most)
    typed = re.findall(r"\w+", words)
    if not typed:
        return []
    query = _query(typed)
    horizon = _horizon(tickets, place)
    recent = tickets.filter(opened_at__gte=horizon) if horizon else tickets
    few = recent.alias(text=TEXT_OF_FEW, letters=LETTERS).filter(_spelled(typed), text=query)
    found = keyset.after(few, order, place, most)
    if len(found) == most or horizon is None:
        return found
    # Sorted by a sum, which no index holds: this is what keeps the planner from walking.
    rare = tickets.alias(text=TEXT, since=F("opened_at") + timedelta()).filter(text=query)
    return keyset.after(rare, keyset.order_of(rare, ("-since", "-pk")), place, most)


def place_of(ticket: Ticket) -> tuple[Any, ...]:
    """Return the place of a ticket that was found, from which the next page goes on."""
    return ticket.opened_at, ticket.pk


def _query(typed: Sequence[str]) -> SearchQuery:
    text = " & ".join(f"'{word}'" for word in typed) + ":*"
    return SearchQuery(text, config="simple", search_type="raw")


def _spelled(typed: Sequence[str]) -> Q:
    """Keep the texts in which the letters of each word stand: whatever has the words has them."""
    conditions = (Q(letters__contains=Lower(Value(word))) for word in typed)
    return reduce(and_, conditions)


def _horizon(tickets: TicketQuerySet, place: Sequence[Any] | None) -> datetime | None:
    """Return when the last of the next `RECENT` tickets was opened; None: there are fewer."""
    beyond = tickets.filter(opened_at__lte=place[0]) if place else tickets
    opened = beyond.order_by("-opened_at").values_list("opened_at", flat=True)
    return next(iter(opened[RECENT : RECENT + 1]), None)
