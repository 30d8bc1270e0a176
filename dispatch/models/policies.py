"""What a desk wants of assignment, as versions that never change, and what routing has learned."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from dispatch.engine.facts import Policy
from dispatch.engine.terms import WEIGHTS
from nova.tenancy.models import TenantOwned

PERSON = settings.AUTH_USER_MODEL
PERCENT = (MaxValueValidator(100),)
DAY_OF_MINUTES = (MinValueValidator(1), MaxValueValidator(24 * 60))


def usual_weights() -> dict[str, int]:
    return dict(WEIGHTS)


class AssignmentPolicy(TenantOwned):
    """How work is given out from `since` on, until there is a later version.

    `weights` are by name of a term (`dispatch.engine.terms.TERMS`), from 0 to 100. Times are in
    minutes. What begins with `balance_` is for the balancer.
    """

    number = models.PositiveIntegerField(editable=False)
    since = models.DateTimeField(editable=False)
    author = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    note = models.CharField(_("why it is changed"), max_length=250, blank=True)
    is_automatic = models.BooleanField(
        _("assign by itself"),
        default=True,
        help_text=_("Off, the engine only recommends, and people assign"),
    )
    weights = models.JSONField(default=usual_weights)
    longest_wait = models.PositiveSmallIntegerField(
        _("minutes that must be left of a shift"),
        default=60,
        validators=DAY_OF_MINUTES,
        help_text=_("At most: shorter work asks for less"),
    )
    only_preferred_for_vips = models.BooleanField(
        _("give VIPs' tickets to preferred people only"), default=False
    )
    routes_teams = models.BooleanField(
        _("name the team of tickets without one"),
        default=True,
        help_text=_("As your own history teaches, where it is sure enough"),
    )
    route_from = models.PositiveSmallIntegerField(
        _("how sure, in percent"), default=70, validators=PERCENT
    )
    is_balanced = models.BooleanField(_("take back and even out by itself"), default=True)
    balance_unanswered = models.PositiveSmallIntegerField(
        _("minutes to acknowledge"), default=30, validators=DAY_OF_MINUTES
    )
    balance_in_hands = models.PositiveSmallIntegerField(
        _("minutes in which what was touched stays"), default=60, validators=DAY_OF_MINUTES
    )
    balance_rest = models.PositiveSmallIntegerField(
        _("minutes between two moves of a ticket"), default=120, validators=DAY_OF_MINUTES
    )
    balance_gap = models.PositiveSmallIntegerField(
        _("difference of load that is let be, in percent"), default=30, validators=PERCENT
    )
    balance_most = models.PositiveSmallIntegerField(
        _("moves of one run"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )

    class Meta:
        verbose_name = _("assignment policy")
        verbose_name_plural = _("assignment policies")
        default_permissions = ()
        permissions = [("manage_assignment", "Can arrange how work is given out")]
        constraints = [
            UniqueConstraint(fields=["tenant", "number"], name="assignment_policy_number"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    def for_engine(self) -> Policy:
        return Policy(
            weights=self.weights,
            version=self.number,
            longest_wait_seconds=int(timedelta(minutes=self.longest_wait).total_seconds()),
            only_preferred_for_vips=self.only_preferred_for_vips,
        )


class RoutingModel(TenantOwned):
    """What a training learned of which team settles what; or why it learned nothing.

    `parameters` is what `dispatch.routing.router.Router` reads, with teams by their ids; `metrics`
    how it did on the newest tickets of its window. The current one is replaced, never changed.
    """

    number = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    trained_at = models.DateTimeField()
    window_from = models.DateTimeField(null=True)
    window_to = models.DateTimeField(null=True)
    cases = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=250)
    metrics = models.JSONField(default=dict)
    parameters = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints = [
            UniqueConstraint(fields=["tenant", "number"], name="routing_model_number"),
            UniqueConstraint(
                fields=["tenant"], condition=Q(is_current=True), name="routing_model_once"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"
