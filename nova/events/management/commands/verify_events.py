"""Check that no sealed event was altered, removed or inserted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nova.events.seal import Fault, verify
from nova.tenancy.fence import inside
from nova.tenancy.models import Tenant


class Command(BaseCommand):
    help = "Recompute the hash chain of each tenant's events, and say where it does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="the slug of one tenant; all by default")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.order_by("slug")
        if options["tenant"]:
            tenants = tenants.filter(slug=options["tenant"])
        if not tenants:
            raise CommandError("There is no such tenant.")
        faults = sum([self._verify(tenant) for tenant in tenants])
        if faults:
            raise CommandError(f"{faults} faults found.")

    def _verify(self, tenant: Tenant) -> int:
        faults = 0
        with inside(tenant.pk):
            for found in verify(tenant.pk):
                if isinstance(found, Fault):
                    faults += 1
                    self.stderr.write(f"{tenant.slug}: event {found.sequence} {found.reason}")
                else:
                    self.stdout.write(f"{tenant.slug}: {found} sealed events, {faults} faults")
        return faults
