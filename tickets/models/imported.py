"""What came from other systems: the runs of imports, and every line as it was."""

from django.db import models

from nova.tenancy.models import TenantOwned
from tickets.models.ticket import Ticket


class ImportRun(TenantOwned):
    """One run of an import. `totals` is null until the run came to its end."""

    system = models.CharField(max_length=40)
    file_name = models.CharField(max_length=250)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    totals = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.file_name} at {self.started_at}"


class Original(TenantOwned):
    """What another system said of an imported ticket, so that nothing is lost.

    `lines` are the lines of the file in the order of time: of the first its `values` by column,
    of each other what `changed` since the one before; null is a value that went missing.
    `ticket_version` is the ticket's version after the import: a later one means that people
    worked on it here since.
    """

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="original")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+", db_index=False)
    lines = models.JSONField()
    ticket_version = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"Original of ticket {self.ticket_id}"
