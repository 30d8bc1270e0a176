"""Two organisations that live through the same, but that in one the requester is a VIP.

What a viewer without the right is answered must be the same to the byte, but for what names
things, and must be found by the same statements: what takes another way takes another time.
"""

import re
from datetime import timedelta

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.services import arrange_assignment
from nova.accounts.choices import ProxyScope
from nova.accounts.models import Role
from nova.accounts.services import apply_import, appoint_proxy, preview_import
from nova.accounts.tokens import issue
from nova.events.consumers import consume
from nova.events.models import ParkedEvent
from nova.tenancy import fence
from sla.models import Policy
from sla.services import sweep
from tests.accounts.test_importing import finish
from tests.conftest import FencedApiClient, FencedClient
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, DepartmentFactory, PersonFactory, RoleFactory, TenantFactory
from tests.notifications.pushing import turned_on
from tests.sla.living import minutes
from tests.tickets.making import opened_for
from tickets import services as tickets
from tickets.models import DeskSettings
from vip.services import designate_vip, reassess

LATER = NOW + timedelta(hours=3)
# What roles allow beside a technician's, but for the flag.
BESIDE = {
    "feed": ["events.read_feed", "tickets.export_tickets"],
    "planner": [
        *("events.read_feed", "accounts.enter_core", "dispatch.manage_engineers"),
        *("dispatch.run_balancer", "dispatch.approve_overrides", "dispatch.view_overrides"),
    ],
}
# No number below this one is an id.
FIRST_ID = 7_000_000
FROM_THERE = """
    SELECT setval(format('%%I.%%I', schemaname, sequencename), greatest(%s, last_value))
    FROM pg_sequences WHERE schemaname = 'public'
"""
NAMES = [
    (rb"\b[7-9]\d{6}\b", rb"0"),
    (rb'"((?:[a-z]+_)?id|sequence|after)": ?\d+', rb'"\1":0'),
    (rb'"step":"s\d+"', rb'"step":"s"'),
    (rb"after=\d+", rb"after=0"),
    (rb"tenant-[0-9a-f]{10}", rb"tenant"),
    (rb"[a-z-]+[0-9a-f]{10}@example\.com", rb"mail"),
    (rb'"(link|avatar|previous_hash|hash|key|request_id)": ?"[^"]*"', rb'"\1":""'),
    # How far the sequence has come: staff are told, requesters are not (docs/decisions/0021).
    (rb'data-live-since="\d+"', rb'data-live-since="0"'),
    (rb'data-push-key="[\w-]+"', rb'data-push-key=""'),
    # Sealed marks, signed links, and tokens against forgery.
    (rb"\bgAAAA[\w=-]+", rb"sealed"),
    (rb"(?<=/rate/)[\w:-]+", rb"signed"),
    (rb"\b[A-Za-z0-9]{32,64}\b", rb"token"),
    (rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", rb"uuid"),
]
# In a statement every number is a place or an id; what it counts is in the answer.
IN_STATEMENTS = [
    (r'SAVEPOINT "\w+"', "SAVEPOINT"),
    (r"'(?:[^']|'')*'", "'text'"),
    (r"\b\d+\b", "0"),
    (r"\\x[0-9a-f]+", "bytes"),
]


def ids_from_there() -> None:
    """Let every id be one that is told from every count."""
    with connection.cursor() as cursor:
        cursor.execute(FROM_THERE, [FIRST_ID])


def without_names(body: bytes) -> bytes:
    """Return an answer with all taken out that names things, and nothing else."""
    for pattern, name in NAMES:
        body = re.sub(pattern, name, body)
    return body


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Return what the database was asked, without the values."""
    found = []
    for query in queries:
        said = query["sql"]
        for pattern, name in IN_STATEMENTS:
            said = re.sub(pattern, name, said)
        found.append(said)
    return found


class World:
    """An organisation in which a ticket of Vera's is opened, answered, late and worked on."""

    def __init__(self, *, is_vip: bool, is_measured: bool, push_service=None):
        ids_from_there()
        self.tenant, self.push_service = TenantFactory(), push_service
        with fence.inside(self.tenant.pk):
            self.live(is_vip=is_vip, is_measured=is_measured)
        consume(self.tenant.pk, now=LATER)
        with fence.inside(self.tenant.pk):  # what was not told in one of them would differ
            assert not ParkedEvent.objects.values_list("consumer", "error")

    def live(self, *, is_vip: bool, is_measured: bool) -> None:
        if not is_measured:  # clocks and order are the desk's to see: without them nothing is left
            Policy.objects.filter(name="VIP").update(current=None)
            DeskSettings.objects.update(vip_modules=[])
        self.people()
        boss = self.boss
        ticket = opened_for(self.vera, at=minutes(1))
        if is_vip:  # the first ticket becomes a VIP's, the second is one from the start
            target = {"person_id": self.vera.pk}
            designate_vip(target, "exec", reason="Board", actor=boss, now=minutes(2))
            reassess([self.vera.pk], actor=boss, now=minutes(2))
        opened_for(self.vera, at=minutes(3), title="Laptop again")
        said = "This is on behalf of Vera Holm"  # what Cosmo marks, if she is a VIP
        opened_for(self.aide, at=minutes(4), title="Laptop is slow", description=said)
        solved = opened_for(self.vera, at=minutes(5), title="Mouse is gone")
        for one in (ticket, solved):
            tickets.assign_ticket(one.pk, {"assignee": self.tech}, actor=boss, now=minutes(6))
        tickets.move_ticket(solved.pk, "resolved", actor=self.tech, now=minutes(7))
        sweep(self.tenant.pk, actor=boss, now=minutes(40))
        tickets.add_comment(ticket.pk, "On it", actor=boss, now=minutes(41))
        tickets.add_comment(ticket.pk, "Hm", is_internal=True, actor=boss, now=minutes(42))
        for minute, stage in ((50, "in_progress"), (55, "awaiting_customer")):
            now = minutes(minute)
            tickets.move_ticket(ticket.pk, stage, actor=boss, now=now, reason="Which one?")
        tickets.add_comment(ticket.pk, "This one", actor=self.vera, now=minutes(70))
        sweep(self.tenant.pk, actor=boss, now=minutes(170))
        self.solved = solved
        self.hire(is_vip=is_vip)

    def people(self) -> None:
        """Let people come, each with a device where a push service is there."""
        self.vera = PersonFactory(name="Vera Holm")
        self.aide, self.boss = (
            PersonFactory(name="Other"),
            PersonFactory(name="Boss", role="admin"),
        )
        self.tech = PersonFactory(name="Tess", role="technician")
        appoint_proxy(self.vera, self.aide, list(ProxyScope), actor=self.vera, now=NOW)
        for person in (self.vera, self.aide, self.tech, self.boss) if self.push_service else ():
            turned_on(person, self.push_service, str(person.pk))
        self.crew()

    def crew(self) -> None:
        """Let the engine name the same people in both: whom it keeps from VIPs has least room."""
        quinn, self.rae = PersonFactory(name="Quinn"), PersonFactory(name="Rae", role="technician")
        for person, capacity in ((self.tech, 10_000), (quinn, 4_000), (self.rae, 300)):
            engineer = EngineerFactory(
                person=person, capacity=capacity, is_for_vips=person != self.rae
            )
            ShiftFactory(engineer=engineer)
        stated = {"only_preferred_for_vips": True}
        arrange_assignment(stated, note="VIPs know them", actor=self.boss, now=NOW)

    def hire(self, *, is_vip: bool) -> None:
        """Import somebody into a department that is designated in one of the organisations."""
        department = DepartmentFactory(name="Board office")
        self.importer = PersonFactory(name="Importer", role="")
        wanted = ["accounts.enter_core", "accounts.import_people", "accounts.provision_people"]
        role = RoleFactory(name="Importer", permissions=wanted)
        self.importer.grants.create(role=role, tenant_id=self.tenant.pk)
        if is_vip:
            target = {"department_id": department.pk}
            designate_vip(target, "gold", reason="Board", actor=self.boss, now=minutes(171))
        rows = b"email,name,department\nnew-%d@b.example,New,Board office\n" % self.tenant.pk
        acting = {"actor": self.importer, "now": minutes(172)}
        self.batch = apply_import(preview_import("new.csv", rows, **acting).pk, **acting)
        finish(self.tenant.pk, minutes(173))

    def viewer(self, role: str):
        """Return somebody of a role; of those in `BESIDE` a technician who may do more."""
        known = {"requester": self.vera, "proxy": self.aide, "assignee": self.tech}
        known |= {"importer": self.importer, "engineer": self.rae}
        if role in known:
            return known[role]
        if role not in BESIDE:
            return PersonFactory(name="Viewer", role=role)
        person = PersonFactory(name="Viewer", role="technician")
        granted = Role.objects.filter(name="Reader").first()
        granted = granted or RoleFactory(name="Reader", permissions=BESIDE[role])
        person.grants.create(role=granted, tenant_id=person.tenant_id)
        return person

    def answers(self, role: str, reads: dict[str, str], *, is_program: bool = True) -> dict:
        """Return by its name what a viewer is told at each address, and by which statements."""
        with fence.inside(self.tenant.pk):
            person = self.viewer(role)
            client = program_of(person) if is_program else browser_of(person)
            engineer = self.rae.engineer.pk
        named = {"mail": self.vera.email, "batch": self.batch.pk, "engineer": engineer}
        return {name: self.answer(client, at.format(**named)) for name, at in reads.items()}

    def answer(self, client, address: str) -> tuple:
        """Ask twice, since the first time fills what is kept for all; return the second answer."""
        client.get(address)
        return answered(lambda: client.get(address))


def answered(ask) -> tuple:
    """Return what is answered, without names, and which statements it took."""
    with CaptureQueriesContext(connection) as queries:
        response = ask()
        body = b"".join(response) if response.streaming else response.content
    named = (response.headers.get(name, "") for name in ("ETag", "Location"))
    headers = [without_names(value.encode()) for value in named]
    asked = statements(queries)
    return response.status_code, without_names(body), headers, len(asked), asked


def program_of(person):
    program = FencedApiClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {issue(person).access_token}")
    return program


def browser_of(person):
    browser = FencedClient()
    browser.force_login(person)
    return browser


def both(*, is_measured: bool, push_service=None) -> tuple[World, World]:
    """Return the organisation in which she is a VIP, and the one in which she is not."""
    told = {"is_measured": is_measured, "push_service": push_service}
    return World(is_vip=True, **told), World(is_vip=False, **told)


def differing(role: str, reads: dict[str, str], *, is_measured: bool, is_program=True) -> set[str]:
    """Find no difference; return the names of what the viewer was shown."""
    with time_machine.travel(LATER, tick=False):
        one, other = both(is_measured=is_measured)
        told = one.answers(role, reads, is_program=is_program)
        elsewhere = other.answers(role, reads, is_program=is_program)
    for name in reads:  # plainly, so that a failure shows what was told
        assert told[name] == elsewhere[name], name
    return {name for name in reads if told[name][0] == 200}
