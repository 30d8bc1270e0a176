"""`bin/nova recalculate`: preview, apply or undo a recalculation at the terminal."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nova.accounts.system import system_of
from nova.errors import Refused
from nova.tenancy.fence import inside
from nova.tenancy.models import Tenant
from sla import services
from sla.choices import RecalculationScope
from sla.models import Recalculation
from sla.showing import sentence_of, totals_of

EVERY_SECONDS = 1.0
AGAIN = "Stopped. What is done so far is kept; the worker, or the same command, goes on from here."


class Command(BaseCommand):
    help = "Measure running clocks by what is promised now: preview it, then apply or undo it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--preview", metavar="REASON", help="look at all running clocks")
        what.add_argument("--apply", type=int, metavar="NUMBER", help="do what was previewed")
        what.add_argument("--undo", type=int, metavar="NUMBER", help="give former terms back")
        parser.add_argument("--tenant", help="slug; by default the oldest tenant")

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        home = _tenant(tenant)
        try:
            with inside(home.pk):
                begun = _begin(home, options)
            self._follow(begun)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except KeyboardInterrupt as interrupt:
            raise CommandError(AGAIN) from interrupt

    def _follow(self, begun: Recalculation) -> None:
        """Do it portion by portion, beside whichever worker does so, and say how far it is."""
        started = shown = time.monotonic()
        self.stdout.write(f"{begun}: {begun.get_status_display()}")
        while begun.is_at_work:
            if services.RECALCULATING.advance(begun.tenant_id, now=timezone.now()) is None:
                time.sleep(0.2)  # a worker has it in hand
            with inside(begun.tenant_id):
                begun.refresh_from_db()
            if time.monotonic() - shown >= EVERY_SECONDS:
                shown = time.monotonic()
                self.stdout.write(_progress(begun, shown - started))
        self.stdout.write(_progress(begun, time.monotonic() - started))
        with inside(begun.tenant_id):
            self.stdout.write(f"{begun.get_status_display()}: {sentence_of(totals_of(begun))}")


def _begin(home: Tenant, options: dict[str, Any]) -> Recalculation:
    """Begin what is asked for; what is at work already is gone on with."""
    acting: dict[str, Any] = {"actor": system_of(home.pk), "now": timezone.now()}
    if options["preview"]:
        reason = options["preview"]
        return services.preview_recalculation(RecalculationScope.ALL, reason=reason, **acting)
    number = options["apply"] or options["undo"]
    found = Recalculation.objects.filter(pk=number).first()
    if found is None:
        raise CommandError(f"{home.slug} has no recalculation {number}.")
    if found.is_at_work:
        return found
    verb = services.apply_recalculation if options["apply"] else services.undo_recalculation
    return verb(number, **acting)


def _progress(begun: Recalculation, seconds: float) -> str:
    looked = f"{begun.looked_at:,} of {begun.to_look_at:,} clocks looked at"
    done = f"{begun.applied:,} of {begun.to_apply:,} done"
    return f"{begun.share:4.0%}  {looked}, {done}, {seconds:,.1f} s"


def _tenant(slug: str | None) -> Tenant:
    tenants = Tenant.objects.filter(slug=slug) if slug else Tenant.objects.order_by("pk")
    found = tenants.first()
    if found is None:
        raise CommandError("There is no such tenant.")
    return found
