"""What is said about a ticket, sent with it, and worked on it."""

import uuid

from django.conf import settings
from django.db import models

from nova.tenancy.models import TenantOwned
from tickets.models.ticket import Ticket


class Comment(TenantOwned):
    """Words on a ticket, in Markdown. An internal one is a note that requesters never see."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    body = models.TextField()
    is_internal = models.BooleanField(default=False)
    written_at = models.DateTimeField()

    class Meta:
        indexes = [  # a ticket's conversation, in order
            models.Index(fields=["ticket", "written_at"], name="comment_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.ticket_id}"


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """Return where a file is stored: a name of ours, since the sender's may not be trusted."""
    return f"attachments/{attachment.tenant_id}/{uuid.uuid4().hex}"


class Attachment(TenantOwned):
    """A file sent with a ticket. `name` and `media_type` are the sender's claims, bounded."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=attachment_path, max_length=200)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_internal = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class TimeEntry(TenantOwned):
    """Work done on a ticket, for reports and billing."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="time_entries")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    minutes = models.PositiveIntegerField()
    note = models.CharField(max_length=500, blank=True)
    is_billable = models.BooleanField(default=False)
    worked_on = models.DateField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.minutes} min by {self.person}"


class Seen(TenantOwned):
    """That a person looked at a ticket: when last, and at which version of it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [  # a ticket's page asks for one person's
            models.UniqueConstraint(fields=["person", "ticket"], name="seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.at}"
