"""What to do when somebody was faster."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

Answer = TypeVar("Answer")


def once_more(act: Callable[[], Answer]) -> Answer:
    """Do `act`; if somebody else took a unique value meanwhile, undo it and do it again.

    Whatever `act` checks beforehand sees theirs by then: who is later hears what they would have
    heard a minute later.
    """
    try:
        with transaction.atomic():
            return act()
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
    return act()
