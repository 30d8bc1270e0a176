"""Django's backend for Postgres, but for how instants are read and what a rollback undoes."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader

from nova.postgres.rollback import Undo


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that leaves the reading of instants to psycopg, which has that compiled.

    Django's own loader is Python and takes ten times as long; a page of tickets has hundreds of
    instants. What it adds is a zone, and Nova's connections are all in UTC.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor as Django's backend does, which would look for its own loader."""
        if name is None:
            return self.connection.cursor()
        named: Any = base.ServerSideCursor
        return named(self.connection, name, scrollable=False, withhold=self.connection.autocommit)

    def rollback(self) -> None:
        awaiting = self.run_on_commit
        super().rollback()
        self._undo(awaiting)

    def savepoint_rollback(self, sid: str) -> None:
        awaiting = self.run_on_commit
        super().savepoint_rollback(sid)
        self._undo(awaiting)

    def _undo(self, awaiting: Sequence[Any]) -> None:
        """Undo, the last first, what no longer awaits the commit."""
        kept = set(_undoable(self.run_on_commit))
        for hook in reversed(_undoable(awaiting)):
            if hook not in kept:
                hook.undo()


def _undoable(awaiting: Sequence[Any]) -> list[Undo]:
    return [hook for _savepoints, hook, _robust in awaiting if isinstance(hook, Undo)]
