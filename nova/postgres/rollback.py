"""Undo outside the database what was done for a transaction that was then rolled back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction


@dataclass(frozen=True, eq=False)
class Undo:
    """Stands among what awaits the commit, which it lets pass: only a rollback calls `undo`."""

    undo: Callable[[], None]

    def __call__(self) -> None:
        """Let what was done stand: it was committed."""


def on_rollback(undo: Callable[[], None]) -> None:
    """Call `undo` once the transaction, or a savepoint that is open now, was rolled back.

    After a crash, or where a lost connection leaves the outcome unknown, it is not called.
    """
    transaction.on_commit(Undo(undo))
