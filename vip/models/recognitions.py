"""Whom Cosmo takes tickets to be for, and what people think of it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from nova.accounts.models import User
from nova.tenancy.models import TenantOwned
from tickets.models import Comment, Ticket
from vip.choices import RecognitionState as State

HOLDING = (State.APPLIED, State.ACCEPTED)
DAY = timedelta(days=1)


class RecognitionQuerySet(models.QuerySet["Recognition"]):
    """How Nova asks for recognitions."""

    def visible_to(self, user: User) -> Self:
        """Keep those whose ticket `user` may read as the desk, and who may know who is a VIP."""
        if not user.has_perms(["tickets.view_ticket", "tickets.view_vip_flag"]):
            return self.none()
        return self.filter(tenant=user.tenant_id, ticket__deleted_at=None)

    def holding(self) -> Self:
        """Keep those by which a ticket bears a level."""
        return self.filter(state__in=HOLDING)

    def waiting(self) -> Self:
        """Keep those about which somebody is to decide, while the ticket is open."""
        open_tickets = Ticket.objects.unresolved()
        return self.filter(state=State.PROPOSED, ticket__in=open_tickets)

    def applied_lately(self, author_id: int, now: datetime) -> Self:
        """Keep what somebody's words have marked within a day."""
        return self.filter(author=author_id, is_sure=True, created_at__gt=now - DAY)

    def named(self) -> Self:
        """Equip with all that a list or page shows."""
        return self.select_related("ticket", "person", "author", "decided_by")


class Recognition(TenantOwned):
    """That by somebody's words a ticket is for a person who is a VIP.

    `level` is what that person was then; the ticket follows what they are. `words` are quoted
    from the ticket, or from `comment`. `confidence` is the sum of `parts`. What `is_sure` was
    applied, all else proposed, for the reason in `because`. Only `services` writes it.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", db_index=False)
    comment = models.ForeignKey(
        Comment, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=10, choices=VipLevel)
    words = models.CharField(max_length=150)
    confidence = models.DecimalField(max_digits=3, decimal_places=2)
    parts = models.JSONField(default=list)
    is_sure = models.BooleanField()
    because = models.CharField(max_length=250)
    state = models.CharField(max_length=10, choices=State)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("recognition")
        verbose_name_plural = _("recognitions")
        default_permissions = ()  # one permission per verb instead
        permissions = [("judge_recognitions", "Can judge whom Cosmo takes tickets to be for")]
        constraints = [
            # what a ticket's page and its level are read by; said again is no news
            UniqueConstraint(fields=["ticket", "person"], name="recognition_once"),
            models.CheckConstraint(
                name="recognition_confidence", condition=Q(confidence__gte=0, confidence__lte=1)
            ),
        ]
        indexes = [
            # the list
            models.Index(fields=["tenant", "-created_at", "-id"], name="recognition_list"),
            # what is to be judged, and what is asked for by state
            models.Index(
                fields=["tenant", "state", "-created_at", "-id"], name="recognition_by_state"
            ),
            # whose tickets follow when somebody's level changes
            models.Index(
                fields=["person"], condition=Q(state__in=HOLDING), name="recognition_holding"
            ),
            # how much somebody's words have marked within a day
            models.Index(
                fields=["author", "created_at"],
                condition=Q(is_sure=True),
                name="recognition_by_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.person}"

    @property
    def at_first(self) -> State:
        """Return what Cosmo made it, before anybody judged it."""
        return State.APPLIED if self.is_sure else State.PROPOSED
