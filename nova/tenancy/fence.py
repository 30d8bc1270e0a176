"""The fence between tenants: what Postgres shows to the present transaction.

Row-level security compares each row with two settings of the transaction. They are local to
it, because a connection outlives a request and a lasting setting would leak into the next.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from nova.tenancy.models import Tenant

TENANT = "nova.tenant"
SIGN_IN = "nova.sign_in"


@contextmanager
def inside(tenant_id: int) -> Iterator[None]:
    """Run the block in a transaction that sees the rows of one tenant and no others.

    Nested, it switches tenants for the block and back after it.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = current() if nested else ""
        enter(tenant_id)
        yield
        if nested:
            _set(TENANT, before)


def enter(tenant_id: int) -> None:
    """Show one tenant's rows until the transaction that is open now ends."""
    _set(TENANT, str(tenant_id))


def leave() -> None:
    """Show no tenant's rows any more, and forget who was announced."""
    _set(TENANT, "")
    _set(SIGN_IN, "")


def current() -> str:
    """Return the id of the tenant inside whose fence we are, or "" outside of all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [TENANT])
        return str(cursor.fetchone()[0])


def announce(person: str) -> None:
    """Let the transaction find one person by id or e-mail, whatever the tenant.

    Before sign-in no tenant is known; this opens a slit as wide as the person named.
    """
    _set(SIGN_IN, person.lower())


def every_tenant() -> Iterator[int]:
    """Yield the id of each active tenant, for sweeps that go tenant by tenant."""
    yield from Tenant.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)


def _set(name: str, value: str) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The fence needs an open transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
