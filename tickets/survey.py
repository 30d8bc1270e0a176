"""The question how it was: who is asked, by which link, and where a ticket stands with it.

A link is signed for one ticket and one person, opens this one question and nothing else, and ends
by itself. It asks for no sign-in, because hardly anybody would answer then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from nova.accounts.choices import ProxyScope
from nova.accounts.identity import person_by_id
from nova.accounts.models import Proxy, User
from nova.tenancy.fence import inside
from tickets import rules
from tickets.models import Rating, Ticket
from tickets.proxies import may_rate

SALT = "tickets.rating"
GOOD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """The question on one ticket to one viewer. `rating` is the answer so far."""

    rating: Rating | None
    may_answer: bool


class NotAsked(Exception):
    """Nobody is asked by this link: it is not ours, or not for this any more."""


class LinkExpired(NotAsked):
    """The link was good for a while, and that is over."""


def asked_of(ticket: Ticket, person: User, *, now: datetime) -> Asked | None:
    """Return the question as `person` is to see it on a ticket; None where there is none."""
    if not ticket.is_done or ticket.merged_into_id:
        return None
    rating = Rating.objects.filter(ticket=ticket).first()
    rated_at = rating.rated_at if rating else None
    may_answer = rules.takes_rating(rated_at, now) and may_rate(ticket, person)
    return Asked(rating, may_answer) if rating or may_answer else None


def asked_by_mail(ticket: Ticket, at: datetime) -> set[int]:
    """Return the ids of those whom the mail about a solution may ask."""
    if ticket.merged_into_id or Rating.objects.filter(ticket=ticket).exists():
        return set()
    acting = Proxy.objects.filter(person=ticket.requester_id).in_force(at)
    speaking = acting.with_scope(ProxyScope.REPLY).values_list("proxy_id", flat=True)
    return {ticket.requester_id, *speaking} - {ticket.assignee_id}


def link_for(ticket: Ticket, person: User) -> str:
    """Return the address that asks a person about a ticket. Its host is ours by configuration."""
    whom = [ticket.tenant_id, ticket.pk, person.pk]
    path = reverse("portal:rate_by_link", args=[signing.dumps(whom, salt=SALT)])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


@contextmanager
def opened(token: str) -> Iterator[tuple[Ticket, User]]:
    """Run the block inside the fence of a link's tenant, with its ticket and its person.

    What a link was signed for is asked anew: who left, was dismissed as a proxy or is not
    concerned any more is not asked. Raises `NotAsked`, or `LinkExpired`.
    """
    tenant_id, ticket_id, person_id = _whom(token)
    with inside(tenant_id):
        person = person_by_id(person_id)
        if person is None or person.tenant_id != tenant_id:
            raise NotAsked
        ticket = Ticket.objects.concerning(person).filter(pk=ticket_id).first()
        if ticket is None or not may_rate(ticket, person):
            raise NotAsked
        yield ticket, person


def _whom(token: str) -> tuple[int, int, int]:
    try:
        tenant_id, ticket_id, person_id = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise NotAsked from error
    return tenant_id, ticket_id, person_id
