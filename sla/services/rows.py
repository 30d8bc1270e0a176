"""Rows of clocks and of their ledger, written by one statement however many they are."""

from collections.abc import Iterable, Sequence

from nova.tenancy.rows import Row, insert_rows, update_rows
from sla.models import Clock, LedgerEntry

SNAPSHOT = (
    "policy_id",
    "policy_version_id",
    "policy_name",
    "target_seconds",
    "calendar_version_id",
    "pause_on",
    "reopen",
    "state",
    "changed_at",
    "counted_seconds",
    "running_since",
    "ran_until",
    "reached_at",
    "ended_at",
    "due_at",
    "breached_at",
    "next_action_at",
    "is_recalculated",
    "measured_due_at",
    "measured_breached_at",
    "fired",
    "told",
)
CLOCK = ("tenant_id", "ticket_id", "metric", "team_id", "number", "started_at", *SNAPSHOT)
ENTRY = ("ticket_id", "metric", "at", "kind", "target_seconds", "calendar_version_id", "mode")
LEDGER = ("tenant_id", *ENTRY, "policy_version_id", "reason", "actor_id", "recorded_at")


def insert_clocks(clocks: Iterable[Clock]) -> None:
    """Write clocks that have no row yet; they do not learn their ids."""
    insert_rows(Clock, CLOCK, [_row(clock, CLOCK) for clock in clocks])


def update_clocks(clocks: Iterable[Clock]) -> None:
    """Write what clocks say now."""
    update_rows(Clock, SNAPSHOT, [_row(clock, ("id", *SNAPSHOT)) for clock in clocks])


def append_ledger(rows: Sequence[Row]) -> None:
    """Write ledger rows. Their ids grow as given: so entries of one instant keep their order."""
    insert_rows(LedgerEntry, LEDGER, rows)


def _row(clock: Clock, names: Iterable[str]) -> Row:
    return {name: getattr(clock, name) for name in names}
