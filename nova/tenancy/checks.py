"""Refuse to start where the fence would not hold."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import Error, Tags, register
from django.db import connections

from nova.tenancy.models import TenantOwned

BYPASSES = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
FENCED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"


@register(Tags.database)
def check_role(databases: Iterable[str] | None = None, **kwargs: Any) -> list[Error]:
    """Refuse a database role that row-level security does not bind."""
    errors = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(BYPASSES)
            if cursor.fetchone()[0]:
                hint = "Give Nova a role with NOSUPERUSER NOBYPASSRLS in DATABASE_URL."
                errors.append(Error("The role bypasses row-level security", hint, id="nova.E010"))
    return errors


@register(Tags.database)
def check_tables(databases: Iterable[str] | None = None, **kwargs: Any) -> list[Error]:
    """Refuse a table of tenants' rows that has no fence around it."""
    errors = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(FENCED)
            fenced = {name for (name,) in cursor.fetchall()}
            tables = set(connections[alias].introspection.table_names(cursor))
        errors += [
            Error(f"{table} has no fence", "Add tenancy.operations.Fence.", id="nova.E011")
            for table in sorted((owned_tables() & tables) - fenced)
        ]
    return errors


def owned_tables() -> set[str]:
    """Return the table of every model that belongs to a tenant."""
    return {m._meta.db_table for m in apps.get_models() if issubclass(m, TenantOwned)}
