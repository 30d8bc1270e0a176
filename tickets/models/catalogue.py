"""What a tenant arranges once: categories, tags, custom fields and the desk's settings."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import User
from nova.tenancy.columns import columns_of
from nova.tenancy.models import TenantOwned
from tickets.choices import FieldType, Kind
from tickets.rules import TOP_BAND, Weights

OF_KIND = """
    SELECT {columns} FROM tickets_customfield WHERE kind IN ('', %s) AND is_active ORDER BY id
"""


class Category(TenantOwned):
    """What a ticket is about. One with a parent is a subcategory of it."""

    name = models.CharField(max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subcategories"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = _("categories")
        constraints = [
            UniqueConstraint(
                fields=["tenant", "parent", "name"],
                nulls_distinct=False,
                name="category_name_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.parent} / {self.name}" if self.parent_id else self.name


class Tag(TenantOwned):
    """A word that people put on tickets."""

    name = models.CharField(max_length=50)

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="tag_name_unique")]

    def __str__(self) -> str:
        return self.name


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    """How Nova asks for a tenant's own fields."""

    def of_kind(self, kind: str) -> list["CustomField"]:
        """Return the present tenant's fields of one kind of ticket, oldest first.

        Every ticket that is opened asks, so the statement is not composed anew each time.
        """
        return list(self.raw(OF_KIND.format(columns=columns_of(self.model)), [kind]))


class CustomField(TenantOwned):
    """A typed field of a tenant's own, on tickets of one kind or (blank) of every kind."""

    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    type = models.CharField(max_length=10, choices=FieldType, default=FieldType.TEXT)
    options = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, help_text=_("For a choice")
    )
    is_required = models.BooleanField(default=False)
    is_in_portal = models.BooleanField(default=False, help_text=_("Requesters fill and see it"))
    is_active = models.BooleanField(default=True)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["tenant", "kind", "key"], name="custom_field_key_unique")
        ]

    def __str__(self) -> str:
        return self.label


class DeskSettings(TenantOwned):
    """How one tenant's desk behaves."""

    auto_close_days = models.PositiveSmallIntegerField(default=7)
    reopen_days = models.PositiveSmallIntegerField(
        default=30, help_text=_("How long after closing a requester may still reopen")
    )
    fairness_limit_hours = models.PositiveSmallIntegerField(
        default=24,
        help_text=_(
            "A ticket that waited this long beyond its time is lifted above VIPs; 0: never"
        ),
    )
    vip_modules = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    exec_points = models.PositiveSmallIntegerField(_("points of an Exec"), default=300)
    gold_points = models.PositiveSmallIntegerField(_("points of a Gold"), default=200)
    priority_points = models.PositiveSmallIntegerField(_("points of a Priority"), default=100)
    risk_points = models.PositiveSmallIntegerField(
        _("points of risk"),
        default=50,
        validators=[MinValueValidator(1)],
        help_text=_("For a ticket that is overdue or nearly so, or will likely be"),
    )
    max_attachment_bytes = models.PositiveIntegerField(default=20 << 20)
    max_attachments = models.PositiveSmallIntegerField(default=50)

    class Meta:
        verbose_name = verbose_name_plural = _("desk settings")
        constraints = [
            UniqueConstraint(fields=["tenant"], name="desk_settings_once"),
            CheckConstraint(
                condition=Q(exec_points__gte=F("gold_points"))
                & Q(gold_points__gte=F("priority_points")),
                name="desk_levels_in_order",
                violation_error_message=_("A stronger level counts no less than a weaker one."),
            ),
            CheckConstraint(
                condition=Q(exec_points__lt=TOP_BAND - F("risk_points")) & Q(risk_points__gte=1),
                name="desk_below_the_top",
                violation_error_message=_(
                    "Exec and risk together stay below 1000, where only time decides."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Desk of {self.tenant}"

    @property
    def weights(self) -> Weights:
        """Return what counts how much in the queue."""
        return Weights(
            exec=self.exec_points,
            gold=self.gold_points,
            priority=self.priority_points,
            risk=self.risk_points,
            modules=tuple(self.vip_modules),
        )


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """How Nova asks for saved views."""

    def usable_by(self, user: User) -> Self:
        """Keep a person's own views and those shared with the whole desk, by name."""
        kept = self.filter(Q(owner=user) | Q(is_shared=True), tenant_id=user.tenant_id)
        return kept.order_by("name", "pk")


class SavedView(TenantOwned):
    """A queue with its filters, kept as the query of its address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [UniqueConstraint(fields=["owner", "name"], name="saved_view_name_unique")]
        indexes = [models.Index(fields=["tenant", "name"], name="saved_view_list")]

    def __str__(self) -> str:
        return self.name
