"""The sequence of facts, and how far each reader of it has come."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint

from nova.events.base import Event
from nova.tenancy.models import TenantOwned


class EventQuerySet(models.QuerySet["EventRecord"]):
    """How Nova asks for what happened."""

    def numbered_after(self, sequence: int) -> Self:
        """Keep what follows `sequence`, in order. Whoever reads so never skips an event."""
        return self.filter(sequence__gt=sequence).order_by("sequence")

    def about(self, subject: str, subject_id: int) -> Self:
        """Keep what happened to one thing, oldest first, numbered or not yet."""
        return self.filter(subject=subject, subject_id=subject_id).order_by("pk")

    def in_name_of(self, person_id: int) -> Self:
        """Keep what others did in a person's name, the newest first."""
        return self.filter(on_behalf_of=person_id).order_by("-pk")


class EventRecord(TenantOwned):
    """One fact, kept for ever: timeline, audit trail, live update, outbox and webhook feed.

    Append-only at the database, but for the number and the seal, which come after the commit.
    `sequence` is null for the moment between the commit and `nova.events.sequence.advance`.
    `is_history` marks a fact that an import brought in: every reader of the sequence sees it, but
    no handler and no consumer acts on what is long past.
    """

    sequence = models.BigIntegerField(null=True, editable=False)
    name = models.CharField(max_length=100)
    subject = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    request_id = models.CharField(max_length=64, blank=True)
    is_history = models.BooleanField(default=False, editable=False)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        permissions = [
            ("read_feed", "Can read the event feed"),
            ("retry_event", "Can retry a parked event"),
        ]
        constraints = [  # also the index by which every reader moves on
            UniqueConstraint(fields=["tenant", "sequence"], name="event_sequence_unique"),
        ]
        indexes = [
            # what `advance` has still to number
            models.Index(
                fields=["tenant", "id"], condition=Q(sequence=None), name="event_unnumbered"
            ),
            # the timeline of one thing
            models.Index(fields=["subject", "subject_id", "id"], name="event_of_subject"),
            # what was done in somebody's name
            models.Index(
                fields=["on_behalf_of", "-id"],
                condition=~Q(on_behalf_of=None),
                name="event_on_behalf",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.sequence or '?'} {self.name}"

    @property
    def subject_pk(self) -> int:
        """Return the id of the thing that it happened to; only for events that name one."""
        if self.subject_id is None:
            raise ValueError(f"{self.name} names no subject")
        return self.subject_id

    def event(self) -> Event:
        """Return the fact as its own type."""
        return Event.types[self.name](tenant_id=self.tenant_id, **self.payload)


class ConsumerCursor(TenantOwned):
    """How far one consumer has read one tenant's sequence. It moves with the effects."""

    consumer = models.CharField(max_length=200)
    sequence = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "consumer"], name="cursor_unique")]

    def __str__(self) -> str:
        return f"{self.consumer} at {self.sequence}"


class ParkedEvent(TenantOwned):
    """An event that one consumer could not take. It waits here and stops nobody else."""

    consumer = models.CharField(max_length=200)
    record = models.ForeignKey(EventRecord, models.PROTECT, related_name="+", db_index=False)
    error = models.TextField()
    attempts = models.PositiveIntegerField(default=1)
    parked_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["consumer", "record"], name="parked_once")]
        indexes = [models.Index(fields=["tenant", "-parked_at"], name="parked_list")]

    def __str__(self) -> str:
        return f"{self.consumer} could not take {self.record}"
