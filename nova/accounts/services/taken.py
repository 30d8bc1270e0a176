"""What is refused because another has it already, told the same way whoever that is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from nova.errors import Refused


class Taken(Refused):
    """A name, an address or an external id belongs to another, of this tenant or of one unseen."""


@contextmanager
def refuse_taken() -> Iterator[None]:
    """Raise `Taken` in the place of what the database says of a value that is not unique."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise Taken(_("This name or address is taken already.")) from error
