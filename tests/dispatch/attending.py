"""An attendance service on this machine, engineers it knows, and what they are held to be."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from dispatch.attendance import services
from dispatch.attendance.gateway import gateway_of
from dispatch.models import Engineer
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW
from tests.misbehaving import Server, running

TOKEN = "s3cret-token"


class AttendanceServer(Server):
    def says(self, *people: object) -> None:
        self.content = json.dumps(people).encode()


@contextmanager
def attendance_server() -> Iterator[AttendanceServer]:
    with running(AttendanceServer()) as server:
        server.says()
        yield server


def engineer(email=None, *, on_shift=True, **person):
    """Return an engineer, whose shift ends at four unless they have none."""
    named = {"email": email} if email else {}
    made = EngineerFactory(
        **{f"person__{key}": value for key, value in {**named, **person}.items()}
    )
    if on_shift:
        ShiftFactory(engineer=made)
    return made


def follow(server, admin, now=NOW, **given):
    """Let a tenant's service be this one."""
    stated = {"address": server.address, "token": TOKEN, "is_on": True, **given}
    return services.set_source(**stated, actor=admin, now=now)


def asked(source, now=NOW):
    """Let the service be asked at an instant, and return how it stands then."""
    services.ask_soon(source.pk, now=now)
    assert services.ask_next(source.tenant_id, now=now)
    source.refresh_from_db()
    return source


def presence(made, now=NOW):
    found = Engineer.objects.select_related("person").get(pk=made.pk)
    return gateway_of(made.tenant_id)([found], now)[made.pk]


def row(made, **said):
    return {"email": made.person.email, "on_duty": True, **said}
