"""Rules by which people are VIPs, and what a tenant has settled about VIPs."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from nova.tenancy.models import TenantOwned
from vip.models.designations import reviewed_before

SHARE = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]
ACKNOWLEDGE_MINUTES, LONGEST_MINUTES = 3, 24 * 60


class VipRuleQuerySet(models.QuerySet["VipRule"]):
    """How Nova asks for rules."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def unreviewed(self, at: datetime) -> Self:
        """Keep those that nobody has confirmed for a year."""
        return self.active().filter(reviewed_before(at))


class VipRule(TenantOwned):
    """That everybody whom a condition matches is a VIP of some level, for as long as it does.

    `condition` is in the language of `vip.conditions`. One that is retired stays on record.
    `version` counts its changes; what they were is in the events.
    """

    name = models.CharField(max_length=100)
    level = models.CharField(max_length=10, choices=VipLevel)
    condition = models.JSONField()
    reason = models.CharField(max_length=250)
    is_active = models.BooleanField(default=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = VipRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("VIP rule")
        verbose_name_plural = _("VIP rules")
        default_permissions = ()  # one permission per verb instead
        permissions = [("rule_vips", "Can arrange rules by which people are VIPs")]
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="vip_rule_name_unique")]

    def __str__(self) -> str:
        return self.name


class VipSettings(TenantOwned):
    """What a tenant has settled about VIPs.

    `default_level` is that of whom the identity provider calls a VIP without a level. What Cosmo
    recognises with a confidence from `sure_from` on it may apply by itself, from `propose_from`
    on it proposes, and of less it says nothing.
    """

    default_level = models.CharField(
        _("level without a level"),
        max_length=10,
        choices=VipLevel,
        default=VipLevel.PRIORITY,
        help_text=_("Of people whom the identity provider calls VIPs, and does not say how much"),
    )
    recognises = models.BooleanField(
        _("Cosmo recognises VIPs"),
        default=True,
        db_default=True,
        help_text=_("By what requesters write, such as “on behalf of” and a name"),
    )
    sure_from = models.DecimalField(
        _("sure from"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.9"),
        db_default=Decimal("0.9"),
        validators=SHARE,
        help_text=_("From this confidence on Cosmo marks tickets itself, if it trusts the author"),
    )
    propose_from = models.DecimalField(
        _("proposed from"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.5"),
        db_default=Decimal("0.5"),
        validators=SHARE,
        help_text=_("From this confidence on a lead is asked. Of less nothing is said"),
    )

    acknowledge_minutes = models.PositiveSmallIntegerField(
        _("minutes to acknowledge an alert"),
        default=ACKNOWLEDGE_MINUTES,
        db_default=ACKNOWLEDGE_MINUTES,
        validators=[MaxValueValidator(LONGEST_MINUTES)],
        help_text=_("After so many minutes without anybody the next in line are told; 0: never"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("VIP settings")
        default_permissions = ()
        constraints = [
            UniqueConstraint(fields=["tenant"], name="vip_settings_once"),
            models.CheckConstraint(
                name="vip_settings_in_order",
                condition=Q(
                    propose_from__gte=0, propose_from__lte=F("sure_from"), sure_from__lte=1
                ),
                violation_error_message=_("Cosmo must propose from less than it is sure from."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("VIP settings"))
