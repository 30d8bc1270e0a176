"""Alerts that wait until a person says that they are at it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint

from nova.accounts.choices import VipLevel
from nova.accounts.models import User
from nova.notifications.choices import Kind
from nova.tenancy.models import TenantOwned
from tickets.models import Ticket
from vip.choices import AlertStep


class VipAlertQuerySet(models.QuerySet["VipAlert"]):
    """How Nova asks for alerts."""

    def visible_to(self, user: User) -> Self:
        """Keep those of tickets that a person may read. Whether they may know of VIPs is asked
        before: to everybody else there are none."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def due(self, now: datetime) -> Self:
        """Keep what nobody has acknowledged in the time that there was for it."""
        return self.open().filter(escalate_at__lte=now)


class VipAlert(TenantOwned):
    """That the desk was alerted of a VIP's ticket, and who took notice.

    A ticket has one open alert at the most; what happens meanwhile is part of it. It ends when a
    person acknowledges it, or when the ticket is no VIP's or not open any more. `step` says how
    far it was escalated, `escalate_at` when it goes on. Only `services` writes it.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    level = models.CharField(max_length=10, choices=VipLevel)
    opened_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(choices=AlertStep, default=AlertStep.DESK)
    escalate_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    objects = VipAlertQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            # also what tells two that open one at once apart
            UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at=None), name="vip_alert_open_once"
            ),
        ]
        indexes = [  # the round that escalates
            models.Index(
                fields=["tenant", "escalate_at"],
                condition=Q(ended_at=None, escalate_at__isnull=False),
                name="vip_alert_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} ({self.kind})"
