"""Decisions, which stay as they were made, and where people saw it otherwise."""

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint

from dispatch.choices import Cause, OverrideStatus
from dispatch.models.policies import AssignmentPolicy
from nova.accounts.models import Team
from nova.tenancy.models import TenantOwned
from tickets.models import Ticket

PERSON = settings.AUTH_USER_MODEL


class BalanceRun(TenantOwned):
    """One round of the balancer that moved something, and how many moves were left for later."""

    at = models.DateTimeField()
    policy = models.ForeignKey(AssignmentPolicy, models.PROTECT, related_name="+", db_index=False)
    moves = models.PositiveSmallIntegerField(default=0)
    left_over = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        permissions = [("run_balancer", "Can preview and start a round of the balancer")]
        indexes = [models.Index(fields=["tenant", "-at"], name="balance_run_by_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Decision(TenantOwned):
    """The card of one decision. Without `primary` nobody was found, and the ticket waits.

    `card` is as `dispatch.cards` writes it: who was ranked how, who was refused and why. What of
    it tells that the ticket is a VIP's is in `secret`, for who may know.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="decisions", db_index=False)
    policy = models.ForeignKey(AssignmentPolicy, models.PROTECT, related_name="+", db_index=False)
    cause = models.CharField(max_length=12, choices=Cause)
    at = models.DateTimeField()
    actor = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    primary = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", db_index=False
    )
    backup = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    taken_from = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", db_index=False
    )
    run = models.ForeignKey(BalanceRun, models.PROTECT, null=True, related_name="decisions")
    because = models.CharField(max_length=250)
    card = models.JSONField()
    secret = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_decisions", "Can see why whom work was given to"),
            ("ask_engine", "Can let the engine assign"),
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="decision_of_ticket"),
            models.Index(fields=["tenant", "-at"], name="decision_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.at:%Y-%m-%d %H:%M}"


class Override(TenantOwned):
    """That somebody wants a ticket with another person than the engine, and who approves of it.

    `decision` is what the engine had said by then; without one it had not been asked.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="overrides", db_index=False)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, related_name="overrides", db_index=False
    )
    chosen = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    backup = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=250)
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    approver = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=OverrideStatus, default=OverrideStatus.ASKED)
    decided_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=250, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [
            ("override_engine", "Can ask for another person than the engine names"),
            ("approve_overrides", "Can approve of another person than the engine names"),
            ("view_overrides", "Can see where people saw it otherwise than the engine"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["ticket"],
                condition=Q(status=OverrideStatus.ASKED),
                name="override_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(status=OverrideStatus.ASKED, decided_by=None, decided_at=None)
                | (~Q(status=OverrideStatus.ASKED) & Q(decided_at__isnull=False)),
                name="override_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-asked_at"], name="override_by_time"),
            models.Index(
                fields=["approver"],
                condition=Q(status=OverrideStatus.ASKED),
                name="override_awaits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chosen}: {self.reason}"
