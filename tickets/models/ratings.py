"""How requesters liked what was done for them."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.tenancy.models import TenantOwned
from tickets.choices import Score
from tickets.models.ticket import Ticket


class Rating(TenantOwned):
    """The one answer to "How was it?" that a ticket ever gets, also when it is reopened later.

    `rated_at` stays that of the first answer: for a day from then on it may be changed.
    `on_behalf_of` is the requester where somebody else answered in their name.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="ratings", db_index=False)
    score = models.PositiveSmallIntegerField(choices=Score)
    comment = models.TextField(blank=True)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    rated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating")
        default_permissions = ()
        permissions = [("view_satisfaction", "Can read how satisfied requesters are")]
        constraints = [  # one survey per ticket, as ServiceNow has it
            UniqueConstraint(fields=["ticket"], name="rating_of_ticket_once"),
            CheckConstraint(condition=Q(score__range=(1, 5)), name="rating_score_of_five"),
        ]

    def __str__(self) -> str:
        return f"{self.score} of 5"
