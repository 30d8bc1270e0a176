"""Do what a form asks, unless others meanwhile changed what it is about."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused, Stale
from tickets.forms import Answering
from tickets.models import Ticket
from tickets.reading import Happened
from tickets.timeline import Change, changes_after, newest_event

TRIES = 5
About = Callable[[Happened], bool]
Verb = Callable[..., object]  # takes `version`


def attempt(
    ticket: Ticket, verb: Verb, *, after: int | None, about: About, user: User
) -> list[Change]:
    """Call `verb(version=...)`; return instead what others did that the form did not show.

    `after` is the last event that the form's reader had in view, or None when the verb may be
    done whatever happened; `about` says which later ones matter to it. The version makes sure
    that nothing slips in between looking and doing.
    """
    for _try in range(TRIES):
        ticket.refresh_from_db(fields=["version"])
        later = [] if after is None else changes_after(ticket, user, after)
        news = [change for fact, change in later if about(fact)]
        if news:
            return news
        try:
            verb(version=ticket.version)
        except Stale:
            continue
        return []
    raise Stale(_("%(ticket)s changes too quickly. Try it again.") % {"ticket": ticket.reference})


def try_form(form: Answering, ticket: Ticket, verb: Verb, about: About, user: User) -> bool:
    """Do what a valid form asks for; where that is refused, let the form say why."""
    try:
        form.news = attempt(ticket, verb, after=form.seen, about=about, user=user)
    except Refused as error:
        form.add_error(None, str(error))
        return False
    if form.news:
        form.show_again(newest_event(ticket))
    return not form.news


def named(*names: str) -> About:
    """Return the question whether an event is one of these."""
    return lambda fact: fact.name in names


def edits(field: str) -> About:
    """Return the question whether an event changed this field."""
    return lambda fact: field in fact.payload.get("changes", {})
