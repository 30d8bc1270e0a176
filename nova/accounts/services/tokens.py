"""How a refresh token is taken back before its time."""

from datetime import datetime

from django.db import transaction

from nova.accounts.models import RevokedToken


@transaction.atomic
def revoke_token(token_id: str, *, tenant_id: int, expires_at: datetime, now: datetime) -> None:
    """Take a refresh token back. What has expired meanwhile needs no row any more."""
    RevokedToken.objects.filter(expires_at__lt=now).delete()
    RevokedToken.objects.bulk_create(
        [RevokedToken(tenant_id=tenant_id, token_id=token_id, expires_at=expires_at)],
        ignore_conflicts=True,
    )
