"""What a person needs beside a password, and the tokens that were taken back."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from nova.accounts.models.people import User
from nova.tenancy.models import TenantOwned


class SecondFactor(TenantOwned):
    """An authenticator app without which `person` cannot sign in, once it is confirmed.

    `secret` is sealed. `last_step` is the time step of the last code taken, because a code counts
    once. `recovery_codes` holds the keyed hashes of those not used yet.
    """

    person = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = models.TextField(editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)
    recovery_codes = ArrayField(models.CharField(max_length=64), default=list, editable=False)

    def __str__(self) -> str:
        return f"Second factor of {self.person_id}"


class RevokedToken(TenantOwned):
    """A refresh token that was taken back before its time, kept until it would have expired."""

    token_id = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.token_id
