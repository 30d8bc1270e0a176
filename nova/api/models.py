"""What the API remembers of requests that it has answered."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import UniqueConstraint

from nova.tenancy.models import TenantOwned


class IdempotentAnswer(TenantOwned):
    """The answer to a POST that bore an Idempotency-Key, kept to be given again.

    It is written in the transaction of the effect: there is never one without the other.
    `status` is null only within that transaction.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()

    class Meta:
        permissions = [("read_docs", "Can read the documents of the API")]
        constraints = [
            UniqueConstraint(fields=["tenant", "person", "key"], name="idempotent_key_once"),
        ]
        indexes = [BrinIndex(fields=["created_at"], name="idempotent_age")]  # the pruning

    def __str__(self) -> str:
        return self.key
