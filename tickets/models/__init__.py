"""Tickets and what belongs to them. Only `tickets.services` writes these tables."""

from tickets.models.catalogue import Category, CustomField, DeskSettings, SavedView, Tag
from tickets.models.conversation import Attachment, Comment, TimeEntry
from tickets.models.imported import ImportRun, Original
from tickets.models.ticket import (
    DONE,
    QUEUE_ORDER,
    StageVisit,
    Ticket,
    TicketNumber,
    TicketQuerySet,
    TicketTag,
    Watcher,
)

__all__ = [
    "DONE",
    "QUEUE_ORDER",
    "Attachment",
    "Category",
    "Comment",
    "CustomField",
    "DeskSettings",
    "ImportRun",
    "Original",
    "SavedView",
    "StageVisit",
    "Tag",
    "Ticket",
    "TicketNumber",
    "TicketQuerySet",
    "TicketTag",
    "TimeEntry",
    "Watcher",
]
