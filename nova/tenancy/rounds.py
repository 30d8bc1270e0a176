"""Rounds by the clock, tenant by tenant."""

from collections.abc import Callable
from functools import wraps

from nova.tenancy.fence import every_tenant


def for_each_tenant(do: Callable[[int], object]) -> Callable[[], None]:
    """Return a round that does this for each active tenant, one after the other.

    One that fails keeps no other from its turn. Raises what failed as a group after the last,
    each with its tenant noted.
    """

    @wraps(do)
    def one_round() -> None:
        tenants, failures = list(every_tenant()), []
        for tenant_id in tenants:
            try:
                do(tenant_id)
            except Exception as error:  # noqa: BLE001 - raised below
                error.add_note(f"Tenant {tenant_id}")
                failures.append(error)
        if failures:
            named = f"{do.__name__} failed for {len(failures)} of {len(tenants)} tenants"
            raise ExceptionGroup(named, failures)

    return one_round
