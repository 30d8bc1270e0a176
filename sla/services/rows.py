"""Rows of clocks and of their ledger, written by one statement however many they are.

The ORM's bulk statements cost more than the writing itself: a tick of the sweep and an import
bring thousands of rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection

from sla.models import Clock

SNAPSHOT = {
    "policy_id": "bigint",
    "policy_name": "text",
    "target_seconds": "integer",
    "calendar_version_id": "bigint",
    "pause_on": "text[]",
    "reopen": "text",
    "state": "text",
    "changed_at": "timestamptz",
    "counted_seconds": "integer",
    "running_since": "timestamptz",
    "ran_until": "timestamptz",
    "reached_at": "timestamptz",
    "ended_at": "timestamptz",
    "due_at": "timestamptz",
    "breached_at": "timestamptz",
    "next_action_at": "timestamptz",
    "fired": "text[]",
    "told": "text[]",
}
CLOCK = {
    "tenant_id": "bigint",
    "ticket_id": "bigint",
    "metric": "text",
    "number": "smallint",
    "started_at": "timestamptz",
    **SNAPSHOT,
}
LEDGER = {
    "tenant_id": "bigint",
    "ticket_id": "bigint",
    "metric": "text",
    "at": "timestamptz",
    "kind": "text",
    "target_seconds": "integer",
    "calendar_version_id": "bigint",
    "mode": "text",
    "reason": "text",
    "actor_id": "bigint",
    "recorded_at": "timestamptz",
}


def _given(columns: Mapping[str, str]) -> str:
    named = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"jsonb_to_recordset(%s::jsonb) AS given({named})"


def _insert(table: str, columns: Mapping[str, str]) -> str:
    names = ", ".join(columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {_given(columns)}"  # noqa: S608


INSERT_CLOCKS = _insert("sla_clock", CLOCK)
INSERT_LEDGER = _insert("sla_ledgerentry", LEDGER)
UPDATE_CLOCKS = f"""
    UPDATE sla_clock AS clock SET {", ".join(f"{name} = given.{name}" for name in SNAPSHOT)}
    FROM {_given({"id": "bigint", **SNAPSHOT})} WHERE clock.id = given.id
"""  # noqa: S608


def insert_clocks(clocks: Iterable[Clock]) -> None:
    """Write clocks that have no row yet; they do not learn their ids."""
    _run(INSERT_CLOCKS, [{name: getattr(clock, name) for name in CLOCK} for clock in clocks])


def update_clocks(clocks: Iterable[Clock]) -> None:
    """Write what clocks say now."""
    columns = ("id", *SNAPSHOT)
    _run(UPDATE_CLOCKS, [{name: getattr(clock, name) for name in columns} for clock in clocks])


def append_ledger(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write ledger rows. Their ids grow as given: so entries of one instant keep their order."""
    _run(INSERT_LEDGER, rows)


def _run(statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [orjson.dumps(rows).decode()])
