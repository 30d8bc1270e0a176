"""Tickets and what belongs to them. Only `tickets.services` writes these tables."""

from tickets.models.catalogue import Category, CustomField, DeskSettings, SavedView, Tag
from tickets.models.conversation import Attachment, Comment, Seen, TimeEntry
from tickets.models.imported import ImportRun, Original
from tickets.models.ratings import Rating
from tickets.models.replies import ReplyTemplate
from tickets.models.ticket import (
    DONE,
    QUEUE_ORDER,
    REFERENCE,
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
    "REFERENCE",
    "Attachment",
    "Category",
    "Comment",
    "CustomField",
    "DeskSettings",
    "ImportRun",
    "Original",
    "Rating",
    "ReplyTemplate",
    "SavedView",
    "Seen",
    "StageVisit",
    "Tag",
    "Ticket",
    "TicketNumber",
    "TicketQuerySet",
    "TicketTag",
    "TimeEntry",
    "Watcher",
]
