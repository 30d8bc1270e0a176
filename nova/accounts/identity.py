"""Find the one person whom a request says it comes from, and enter their fence.

This runs before every page and endpoint, so it is one round trip: it opens the slit for the
person named, reads them through it, enters their tenant and reads what their roles allow there.
It also reads in whose names that person may act, and how far the tenant's sequence had come: all
that is read later in the request is at least as new, so a page can ask its socket what came since
(`nova.web.since`).
"""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from nova.accounts.models import User
from nova.tenancy.columns import columns_of

# Each step refers to the one before it, and OFFSET 0 keeps the planner from merging them: what a
# policy compares with is set before the rows behind it are read (docs/decisions/0010).
FIND = """
    SELECT {columns}, held.names AS held_permissions, standing.scopes AS standing_scopes,
        told.sequence AS as_of
    FROM (SELECT set_config('nova.sign_in', %(named)s, true) AS announced OFFSET 0) AS slit
    CROSS JOIN LATERAL (
        SELECT * FROM accounts_user WHERE {match} AND is_active OFFSET 0
    ) AS person
    CROSS JOIN LATERAL (
        SELECT set_config('nova.tenant', id::text, true) AS entered FROM tenancy_tenant
        WHERE id = person.tenant_id AND is_active AND (%(demo)s OR NOT is_demo) OFFSET 0
    ) AS home
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT permission) AS names
        FROM accounts_rolegrant AS granted
        JOIN accounts_role AS role ON role.id = granted.role_id
        CROSS JOIN unnest(role.permissions) AS permission
        WHERE granted.person_id = person.id AND granted.tenant_id = home.entered::bigint
    ) AS held
    CROSS JOIN LATERAL (
        SELECT array_agg(concat_ws(' ', other.id, scope)) AS scopes
        FROM accounts_proxy AS appointed
        JOIN accounts_user AS other ON other.id = appointed.person_id AND other.is_active
        CROSS JOIN unnest(appointed.scopes) AS scope
        WHERE appointed.proxy_id = person.id AND appointed.tenant_id = home.entered::bigint
            AND revoked_at IS NULL AND starts_at <= %(now)s
            AND (ends_at IS NULL OR ends_at > %(now)s)
    ) AS standing
    LEFT JOIN LATERAL (
        SELECT sequence FROM events_eventrecord
        WHERE tenant_id = home.entered::bigint AND sequence IS NOT NULL
        ORDER BY sequence DESC LIMIT 1
    ) AS told ON true
"""
BY_ID = "id = slit.announced::bigint"
BY_EMAIL = "email = slit.announced"


def person_by_id(person_id: int) -> User | None:
    """Return an active person, and show their tenant's rows from now on; else None."""
    return _found(BY_ID, str(person_id))


def person_by_email(email: str) -> User | None:
    """Return an active person, and show their tenant's rows from now on; else None."""
    return _found(BY_EMAIL, email.strip().lower())


@cache
def _statement(match: str) -> str:
    """Return the search by one column."""
    return FIND.format(columns=columns_of(User, "person"), match=match)


def _found(match: str, named: str) -> User | None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The fence needs an open transaction")
    if "\0" in named:  # Postgres has no such text
        return None
    demo = settings.DEMO or settings.DEBUG
    now = timezone.now()  # noqa: TID251 - the edge: at this instant they come in
    values = {"named": named, "demo": demo, "now": now}
    for person in User.objects.raw(_statement(match), values):
        person.permissions = frozenset(getattr(person, "held_permissions", None) or ())
        person.stands_for = _scopes_by_person(getattr(person, "standing_scopes", None) or ())
        return person
    return None


def _scopes_by_person(pairs: Iterable[str]) -> dict[int, frozenset[str]]:
    """Return by person the scopes that stand behind their id in `pairs`, such as "7 view"."""
    found: dict[int, frozenset[str]] = {}
    for pair in pairs:
        person_id, _space, scope = pair.partition(" ")
        found[int(person_id)] = found.get(int(person_id), frozenset()) | {scope}
    return found
