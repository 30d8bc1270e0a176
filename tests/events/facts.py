"""Events to try the spine with, and consumers whose effects are rows."""

import os
import signal
from dataclasses import dataclass
from typing import ClassVar

from nova.accounts.models import Region
from nova.events.base import Event
from nova.events.wiring import takes_batches, takes_now


@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    subject: ClassVar[str] = "number"
    secret_fields: ClassVar[dict[str, str]] = {"secret": "tickets.view_vip_flag"}

    number: int
    secret: str = "gold"


@dataclass(frozen=True, kw_only=True)
class Hidden(Event):
    needs: ClassVar[str] = "tickets.view_vip_flag"


def write(event: Event, record) -> None:
    Region.objects.create(tenant_id=event.tenant_id, name=f"{record.sequence}")


def write_again(event: Event, record) -> None:
    Region.objects.create(tenant_id=event.tenant_id, name=f"{1000 + record.sequence}")


def write_or_choke(event: Happened, record) -> None:
    """Choke on number 3, after its effect."""
    write(event, record)
    if event.number == 3:
        raise ValueError("three is too much")


def write_and_die(event: Happened, record) -> None:
    """Be killed on number 3, between its effect and the cursor."""
    write(event, record)
    if event.number == 3:
        os.kill(os.getpid(), signal.SIGKILL)


@takes_batches
def write_all(records: list) -> None:
    for record in records:
        write_or_choke(record.event(), record)


@takes_now
def write_when(event: Event, record, *, now) -> None:
    Region.objects.create(tenant_id=event.tenant_id, name=f"{now:%Y%m%d%H}")
