"""The ticket, its stages, and the order in which tickets are taken."""

import re
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Func, Q, UniqueConstraint

from nova.accounts.choices import ProxyScope, VipLevel
from nova.accounts.models import Department, Region, Service, Site, Team, User
from nova.tenancy.models import TenantOwned
from tickets.choices import (
    Kind,
    Level,
    Module,
    Priority,
    SlaState,
    Source,
    Status,
    TicketType,
    VipSource,
)
from tickets.models.catalogue import Category, Tag
from tickets.wording import Meaning, meaning_of

DONE = (Status.RESOLVED, Status.CLOSED)
OPEN = Q(deleted_at=None) & ~Q(status__in=DONE)
PERSON = settings.AUTH_USER_MODEL
REFERENCE = re.compile(r"(?i)^t-(\d{1,18})$")
# Not `SearchVector`: that wraps columns in COALESCE, of which Postgres does not know that it tells
# nothing of rows it rejects, and behind row security the index would not be used.
TEXT = Func(
    "title",
    "description",
    arg_joiner=" || ' ' || ",
    template="to_tsvector('simple'::regconfig, %(expressions)s)",
    output_field=SearchVectorField(),
)
QUEUE_ORDER = ("-vip_priority_score", "queue_at", "pk")


def query_of(meant: Meaning) -> SearchQuery:
    """Return the search for what was meant, in words as they are."""
    return SearchQuery(meant.query, config="simple", search_type="raw")


class TicketQuerySet(models.QuerySet["Ticket"]):
    """How Nova asks for tickets. Each method narrows or equips, so all of them chain."""

    def visible_to(self, user: User) -> Self:
        """Keep what `user` may read. Every page and endpoint starts here."""
        if user.has_perm("tickets.view_ticket"):
            return self.filter(tenant=user.tenant_id, deleted_at=None)
        return self.concerning(user)

    def concerning(self, person: User) -> Self:
        """Keep what the portal shows a person: what is for them, or for whom they stand.

        What they sent for others they follow as long as they may act for them. The people stand
        in the statement by their ids, so that the indexes of requester and submitter answer it.
        """
        stands_for = person.stands_for.items()
        seen = {person.pk, *(pk for pk, scopes in stands_for if ProxyScope.VIEW in scopes)}
        own = Q(requester__in=sorted(seen))
        if person.has_perm("tickets.open_for_others"):
            own |= Q(submitted_by=person)
        elif others := sorted(person.stands_for.keys() - seen):
            own |= Q(submitted_by=person, requester__in=others)
        return self.filter(own, tenant=person.tenant_id, deleted_at=None)

    def deleted(self) -> Self:
        return self.exclude(deleted_at=None)

    def unresolved(self) -> Self:
        """Keep what still waits or is worked on: what the queue's partial index holds."""
        return self.filter(OPEN)

    def with_words(self, words: str) -> Self:
        """Keep those whose title and description mean the words, or whose reference it is."""
        named = REFERENCE.match(words.strip())
        if named:
            return self.filter(number=int(named[1]))
        meant = meaning_of(words)
        return self.alias(text=TEXT).filter(text=query_of(meant)) if meant.words else self.none()

    def with_reference(self, text: str) -> "Ticket | None":
        """Return the one of a reference such as T-1042, if it is among them."""
        named = REFERENCE.match(text.strip())
        return self.filter(number=int(named[1])).first() if named else None

    def for_list(self) -> Self:
        """Order all tickets: first the queue, then what is done."""
        return self.order_by("is_done", *QUEUE_ORDER)

    def newest(self) -> Self:
        return self.order_by("-opened_at", "-pk")


class Ticket(TenantOwned):
    """Something a requester needs and one team must see through.

    Other apps point at tickets; tickets point at none of them. What every page sorts or filters
    by is a column here, also where another app decides it. Only `tickets.services` writes it.
    `version` grows with each change, for optimistic locking. `score_parts` holds, by kind, the
    points and the reason of each part of `vip_priority_score`. `external_ref` is the number that
    the ticket bore in the system it was imported from.
    """

    number = models.PositiveBigIntegerField(editable=False)
    external_ref = models.CharField(max_length=100, blank=True, editable=False)
    title = models.CharField(max_length=250)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INCIDENT)
    type = models.CharField(max_length=10, choices=TicketType, default=TicketType.INTERNAL)
    status = models.CharField(max_length=20, choices=Status, default=Status.NEW)
    status_since = models.DateTimeField()
    awaiting_reason = models.CharField(max_length=250, blank=True)
    impact = models.CharField(max_length=6, choices=Level, default=Level.MEDIUM)
    urgency = models.CharField(max_length=6, choices=Level, default=Level.MEDIUM)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.P3)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    subcategory = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=10, choices=Source, default=Source.PORTAL)
    module = models.CharField(max_length=10, choices=Module, default=Module.IT)
    requester = models.ForeignKey(PERSON, models.PROTECT, related_name="tickets", db_index=False)
    submitted_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="submitted_tickets", db_index=False
    )
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    location = models.CharField(max_length=150, blank=True)
    # Without an index of their own: the queue's partial ones begin with them, and serve lists.
    assignee = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", db_index=False
    )
    backup = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    tags = models.ManyToManyField(Tag, through="TicketTag", related_name="+")
    watchers: models.ManyToManyField = models.ManyToManyField(
        PERSON, through="Watcher", related_name="+"
    )
    custom_fields = models.JSONField(default=dict)
    resolution = models.TextField(blank=True)
    resolution_code = models.CharField(max_length=60, blank=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    # The ticket that goes on in the place of this one, its duplicate.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    is_done = models.GeneratedField(
        expression=Q(status__in=DONE),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    vip_level = models.CharField(max_length=10, choices=VipLevel, blank=True)
    vip_trigger_source = models.CharField(max_length=10, choices=VipSource, blank=True)
    vip_reasons = models.JSONField(default=list)
    vip_priority_score = models.IntegerField(default=0)
    score_parts = models.JSONField(default=dict)
    queue_at = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True)
    sla_state = models.CharField(max_length=10, choices=SlaState, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # one permission per verb instead
        permissions = [
            ("open_ticket", "Can open tickets"),
            ("open_for_others", "Can open tickets for other people"),
            ("view_ticket", "Can read every ticket of the desk"),
            ("edit_ticket", "Can edit tickets"),
            ("move_ticket", "Can move tickets from stage to stage"),
            ("assign_ticket", "Can assign tickets"),
            ("reply_ticket", "Can reply to requesters"),
            ("note_ticket", "Can write and read internal notes"),
            ("attach_file", "Can attach files"),
            ("watch_ticket", "Can watch tickets"),
            ("track_time", "Can record working time"),
            ("merge_ticket", "Can merge a duplicate into another ticket"),
            ("delete_ticket", "Can delete and restore tickets"),
            ("bulk_edit_tickets", "Can edit many tickets at once"),
            ("export_tickets", "Can export tickets"),
            ("manage_desk", "Can arrange categories, fields and settings of the desk"),
            ("view_vip_flag", "Can see who is a VIP"),
            ("view_sla_adjustments", "Can see how VIP status changes service levels"),
        ]
        constraints = [
            UniqueConstraint(fields=["tenant", "number"], name="ticket_number_unique"),
            # an import that runs twice makes no doubles
            UniqueConstraint(
                fields=["tenant", "external_ref"],
                condition=~Q(external_ref=""),
                name="ticket_external_ref_unique",
            ),
            models.CheckConstraint(
                name="ticket_done_is_resolved",
                condition=Q(resolved_at=None) ^ Q(status__in=DONE),
            ),
            models.CheckConstraint(
                name="ticket_awaiting_has_reason",
                condition=~Q(status__startswith="awaiting") | ~Q(awaiting_reason=""),
            ),
        ]
        indexes = [
            # the queue page and API, and its "unassigned" view
            models.Index(
                fields=["tenant", "-vip_priority_score", "queue_at", "id"],
                condition=OPEN,
                name="ticket_queue",
            ),
            # lists of all tickets: the queue, then what is done
            models.Index(
                fields=["tenant", "is_done", "-vip_priority_score", "queue_at", "id"],
                condition=Q(deleted_at=None),
                name="ticket_list",
            ),
            # "mine"
            models.Index(
                fields=["assignee", "-vip_priority_score", "queue_at", "id"],
                condition=OPEN,
                name="ticket_queue_mine",
            ),
            # "team"
            models.Index(
                fields=["team", "-vip_priority_score", "queue_at", "id"],
                condition=OPEN,
                name="ticket_queue_team",
            ),
            # "unassigned"
            models.Index(
                fields=["tenant", "-vip_priority_score", "queue_at", "id"],
                condition=OPEN & Q(assignee=None),
                name="ticket_queue_unassigned",
            ),
            # "at risk" and "breached"
            models.Index(
                fields=["tenant", "sla_state", "-vip_priority_score", "queue_at", "id"],
                condition=OPEN & Q(sla_state__in=["at_risk", "breached"]),
                name="ticket_queue_risk",
            ),
            # "VIP"
            models.Index(
                fields=["tenant", "-vip_priority_score", "queue_at", "id"],
                condition=OPEN & ~Q(vip_level=""),
                name="ticket_queue_vip",
            ),
            # the portal's list of one requester's own tickets
            models.Index(fields=["requester", "-opened_at"], name="ticket_of_requester"),
            models.Index(fields=["submitted_by", "-opened_at"], name="ticket_of_submitter"),
            # lists of all tickets, done ones too
            models.Index(fields=["tenant", "-opened_at", "-id"], name="ticket_by_opening"),
            # the sweep that closes what has been resolved for days
            models.Index(
                fields=["tenant", "resolved_at"],
                condition=Q(status=Status.RESOLVED, deleted_at=None),
                name="ticket_to_close",
            ),
            # the sweep that lifts what has waited too long
            models.Index(fields=["tenant", "queue_at"], condition=OPEN, name="ticket_waiting"),
            GinIndex(TEXT, name="ticket_text"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        return f"T-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status not in DONE and self.deleted_at is None


class TicketNumber(TenantOwned):
    """The last number given in a tenant. Taking the next one locks this row until the commit."""

    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant"], name="ticket_number_once")]

    def __str__(self) -> str:
        return f"T-{self.last}"


class StageVisit(TenantOwned):
    """One stay of a ticket in one stage. Time in a stage is the sum over its visits."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="stages", db_index=False)
    status = models.CharField(max_length=20, choices=Status)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [  # a ticket is in one stage at a time
            UniqueConstraint(fields=["ticket"], condition=Q(left_at=None), name="stage_now_once"),
        ]
        indexes = [models.Index(fields=["ticket", "entered_at"], name="stage_of_ticket")]

    def __str__(self) -> str:
        return f"{self.status} since {self.entered_at}"


class TicketTag(TenantOwned):
    """That a ticket bears a tag."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["ticket", "tag"], name="ticket_tag_once")]

    def __str__(self) -> str:
        return f"{self.tag}"


class Watcher(TenantOwned):
    """That a person is told of what happens to a ticket."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["ticket", "person"], name="watcher_once")]

    def __str__(self) -> str:
        return f"{self.person} watches {self.ticket_id}"
