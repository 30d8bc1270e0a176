"""Addresses of the ticket's endpoints, under each prefix that serves them."""

from rest_framework.routers import SimpleRouter

from tickets.api.conversation import ConversationViewSet
from tickets.api.many import ManyTicketsViewSet
from tickets.api.tickets import TicketViewSet


def register(router: SimpleRouter, prefix: str) -> None:
    """Serve tickets under `prefix`. What is about many comes first: `search` is no reference."""
    router.register(prefix, ManyTicketsViewSet, basename=f"{prefix}-many")
    router.register(prefix, TicketViewSet, basename=prefix)
    router.register(prefix, ConversationViewSet, basename=f"{prefix}-conversation")
