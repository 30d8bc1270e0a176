"""`bin/nova seed_demo`: two organisations to look around in."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nova.demo.services import ORGANISATIONS, seed_demo

PASSWORD = "nova-demo"  # noqa: S105 - printed for everybody who tries Nova
FIXED = ("admin", "lead", "tech", "field", "manager", "exec", "requester", "vip", "assistant")


class Command(BaseCommand):
    help = "Make the organisations of the demo, where they are not there yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="also where no demo is asked for")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        if not (settings.DEMO or force):
            raise CommandError(
                "This is no demo (NOVA_DEMO is off). --force seeds it nevertheless."
            )
        given = os.environ.get("NOVA_DEMO_PASSWORD")
        made = 0
        for seeded in seed_demo(given or PASSWORD, now=timezone.now()):
            made += 1
            self.stdout.write(f"{seeded.name}: {seeded.people} people, {seeded.tickets} tickets")
        if not made:
            self.stdout.write("The demo is there already.")
        people = ", ".join(f"{name}@" for name in FIXED)
        domains = " or ".join(organisation.domain for organisation in ORGANISATIONS)
        word = "as in NOVA_DEMO_PASSWORD" if given else PASSWORD
        self.stdout.write(f"Sign in as {people} ({domains}), password {word}.")
