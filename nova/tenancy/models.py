"""Organisations. Everything else in Nova belongs to exactly one of them."""

from django.db import models


class Tenant(models.Model):
    """An organisation whose rows no other organisation may see.

    The list itself is readable without a fence: sweeps must know which tenants there are.
    Nobody signs in to a tenant that is not active; to a demo, only where one was asked for.
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return self.name


class TenantOwned(models.Model):
    """A row behind the fence. Its migration must say `tenancy.operations.Fence`.

    The tenant has no index of its own: those of lists begin with it, and a row that belongs to
    another one is found by that. Tenants are never deleted.
    """

    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="+", editable=False, db_index=False
    )

    class Meta:
        abstract = True
