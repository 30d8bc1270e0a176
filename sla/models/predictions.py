"""What is foreseen of open tickets, and by what that was learned."""

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.tenancy.models import TenantOwned
from sla.choices import Method
from tickets.models import Ticket


class PredictionModel(TenantOwned):
    """By what tickets were judged from a training on: a model, or the rule and why.

    `parameters` is all that judging needs (`sla.prediction.foresight`), `metrics` how it did on
    the newest tickets of its window. The current one is replaced, never changed.
    """

    number = models.PositiveIntegerField()
    method = models.CharField(max_length=10, choices=Method)
    is_current = models.BooleanField(default=True)
    trained_at = models.DateTimeField()
    window_from = models.DateTimeField(null=True)
    window_to = models.DateTimeField(null=True)
    finished = models.PositiveIntegerField(default=0)
    breached = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=250)
    metrics = models.JSONField(default=dict)
    parameters = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()  # one permission per verb instead
        constraints = [
            UniqueConstraint(fields=["tenant", "number"], name="prediction_model_number_unique"),
            UniqueConstraint(
                fields=["tenant"], condition=Q(is_current=True), name="prediction_model_once"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class Prediction(TenantOwned):
    """What is foreseen of one open ticket. It goes when the ticket is resolved.

    `risen_percent` is the probability with which it rose above the tenant's threshold; null while
    it is not at risk. It stays as it rose, so that the queue does not move with each point.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_index=False)
    model = models.ForeignKey(
        PredictionModel, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    method = models.CharField(max_length=10, choices=Method)
    number = models.PositiveIntegerField(null=True)
    probability = models.FloatField()
    median_at = models.DateTimeField()
    late_at = models.DateTimeField()
    reasons = models.JSONField(default=list)
    scored_at = models.DateTimeField()
    risen_percent = models.PositiveSmallIntegerField(null=True)

    class Meta:
        default_permissions = ()  # one permission per verb instead
        constraints = [UniqueConstraint(fields=["ticket"], name="prediction_of_ticket")]
        indexes = [  # those to be judged again
            models.Index(fields=["tenant", "scored_at"], name="prediction_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.probability:.0%} of ticket {self.ticket_id}"


class PredictionSettings(TenantOwned):
    """From which probability on a ticket is at risk, and below which it no longer is."""

    risk_percent = models.PositiveSmallIntegerField(
        default=70, help_text=_("From this probability of a breach on a ticket is at risk")
    )
    calm_percent = models.PositiveSmallIntegerField(
        default=60, help_text=_("Below this one it is at risk no longer")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("prediction settings")
        default_permissions = ()  # one permission per verb instead
        constraints = [
            UniqueConstraint(fields=["tenant"], name="prediction_settings_once"),
            models.CheckConstraint(
                name="prediction_calm_below_risk",
                condition=Q(calm_percent__lte=models.F("risk_percent"), risk_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk_percent} %"
