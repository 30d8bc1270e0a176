"""Organisations. Everything else in Nova belongs to exactly one of them."""

from django.db import models


class Tenant(models.Model):
    """An organisation whose rows no other organisation may see.

    The list itself is readable without a fence: sweeps must know which tenants there are.
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return self.name


class TenantOwned(models.Model):
    """A row behind the fence. Its migration must say `tenancy.operations.Fence`."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True
