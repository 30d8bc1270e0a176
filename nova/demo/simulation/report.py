"""Tell what a simulated desk came to: breaches, who was told, compliance, waits, lifts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

from nova.demo.simulation.desk import Desk
from nova.demo.simulation.figures import is_judged
from nova.demo.simulation.invariants import Evidence
from nova.demo.simulation.measures import p95
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from sla.models import Clock
from tickets.choices import ScorePart

MOST = 12  # lines of one list
AT = "%a %d %H:%M:%S"
TOLD = ("sla/", "vip/")


def report(desk: Desk, evidence: Evidence, broken: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a report."""
    yield from _desk(desk)
    yield from _compliance(desk, evidence.clocks)
    yield from _breached(evidence)
    yield from _told(evidence.tenant_id)
    yield ""
    entries = sum(map(len, evidence.ledgers.values()))
    yield f"Examined {len(evidence.clocks)} clocks and {entries} entries of their ledgers."
    yield from _list("Broken", broken) if broken else ["Every invariant holds."]


def _desk(desk: Desk) -> Iterator[str]:
    waits = [job.taken_at - job.waiting.opened_at for job in desk.jobs.values() if job.taken_at]
    vips = sum(job.waiting.is_for_vip for job in desk.jobs.values())
    events = EventRecord.objects.filter(tenant=desk.staff.tenant, name="tickets.TicketRescored")
    lifts = events.filter(payload__part=ScorePart.FAIRNESS).count()
    yield f"{len(desk.jobs)} tickets, {vips} for VIPs, {desk.open} open at the end"
    yield f"swept {desk.sweeps} times, each when a clock wanted it"
    yield f"moved from one technician to another, or back to nobody: {desk.moves}"
    yield f"wait until somebody begins: {_spans(waits)}"
    yield f"lifted so that nobody waits for ever: {lifts}"


def _compliance(desk: Desk, clocks: Iterable[Clock]) -> Iterator[str]:
    """Yield kept over judged."""
    kept: Counter[tuple[str, str]] = Counter()
    judged: Counter[tuple[str, str]] = Counter()
    for clock in clocks:
        waiting = desk.jobs[clock.ticket_id].waiting
        group = "VIP" if waiting.is_for_vip else f"P{waiting.priority}"
        if is_judged(clock):
            judged[group, clock.metric] += 1
            kept[group, clock.metric] += clock.breached_at is None
    yield ""
    yield f"{'kept of those judged':<24}{'count':>10}{'share':>8}"
    for (group, metric), of in sorted(judged.items()):
        count = kept[group, metric]
        yield f"{group:<5}{metric:<19}{f'{count}/{of}':>10}{count / of:>8.0%}"


def _breached(evidence: Evidence) -> Iterator[str]:
    late = sorted(
        (clock.breached_at, clock.ticket_id, clock.metric)
        for clock in evidence.clocks
        if clock.breached_at
    )
    yield from _list("Breached", [f"{at:{AT}} {metric} of ticket {pk}" for at, pk, metric in late])


def _told(tenant_id: int) -> Iterator[str]:
    """Yield who was told what, and when: one line for each message, over all its channels."""
    rows = Delivery.objects.filter(tenant_id=tenant_id).select_related("recipient", "record")
    messages: dict[tuple[datetime, str, str], set[str]] = {}
    for row in rows.order_by("pk"):
        if row.template.startswith(TOLD):
            who = row.recipient.name if row.recipient else "chat"
            messages.setdefault((row.created_at, row.subject, who), set()).add(row.channel)
    lines = [
        f"{at:{AT}} {who}: {subject} ({', '.join(sorted(channels))})"
        for (at, subject, who), channels in sorted(messages.items())
    ]
    yield from _list("Told", lines)
    names = EventRecord.objects.filter(tenant_id=tenant_id, name__startswith="sla.Clock")
    for name, times in sorted(Counter(names.values_list("name", flat=True)).items()):
        yield f"  {name}: {times}"


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"{title}: {len(lines)}"
    yield from (f"  {line}" for line in lines[:MOST])
    if len(lines) > MOST:
        yield f"  and {len(lines) - MOST} more"


def _spans(waits: Sequence[timedelta]) -> str:
    if not waits:
        return "nobody began"
    minutes = sorted(wait.total_seconds() / 60 for wait in waits)
    late = p95(minutes)
    return f"median {median(minutes):.0f} min, p95 {late:.0f} min, at most {minutes[-1]:.0f} min"
