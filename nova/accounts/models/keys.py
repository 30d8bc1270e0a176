"""Keys by which programs sign in."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from nova.accounts.models.people import User
from nova.tenancy.models import TenantOwned


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """How Nova asks for keys."""

    def visible_to(self, user: User) -> Self:
        """Keep the keys that `user` may see: their own, or all for those who manage keys."""
        keys = self.filter(tenant=user.tenant_id)
        return keys if user.has_perm("accounts.manage_keys") else keys.of(user)

    def of(self, user: User) -> Self:
        """Keep the keys that act as `user`."""
        return self.filter(person=user)


class ApiKey(TenantOwned):
    """A secret that lets a program act as `person`. Only its SHA-256 is kept.

    `scopes` are permission names that narrow what the person may do; "*" leaves it as it is.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        indexes = [models.Index(fields=["tenant", "-created_at", "-id"], name="key_list")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
