"""What a simulated desk came to as figures, for desks side by side."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean, median

from nova.demo.simulation.desk import Desk, Job
from nova.demo.simulation.invariants import Evidence
from nova.demo.simulation.measures import jain, p95
from nova.demo.simulation.work import HOUR, MINUTE
from sla.choices import ClockState, Metric
from sla.models import Clock


def figures(desk: Desk, evidence: Evidence) -> dict[str, str]:
    """Return by name what is looked at where desks stand side by side."""
    waits = _waits(desk.jobs.values())
    vips = _waits(job for job in desk.jobs.values() if job.waiting.is_for_vip)
    of_vips = [each for each in evidence.clocks if desk.jobs[each.ticket_id].waiting.is_for_vip]
    return {
        "answered too late": _late(evidence.clocks, Metric.RESPONSE),
        "settled too late": _late(evidence.clocks, Metric.RESOLUTION),
        "VIPs answered too late": _late(of_vips, Metric.RESPONSE),
        "VIPs settled too late": _late(of_vips, Metric.RESOLUTION),
        "wait, median, min": f"{median(waits):.0f}" if waits else "-",
        "wait, p95, min": f"{p95(waits):.0f}",
        "VIPs' wait, median, min": f"{median(vips):.1f}" if vips else "-",
        "VIPs' wait, p95, min": f"{p95(vips):.0f}",
        "Jain's index, by shift": f"{fmean(map(jain, _busy_shares(desk))):.3f}",
        "moves per ticket": f"{desk.moves / max(len(desk.jobs), 1):.2f}",
        "open at the end": str(desk.open),
    }


def _waits(jobs: Iterable[Job]) -> list[float]:
    """Return how long each waited until somebody began, in minutes."""
    return [(job.taken_at - job.waiting.opened_at) / MINUTE for job in jobs if job.taken_at]


def _late(clocks: Sequence[Clock], metric: Metric) -> str:
    """Return which share of the clocks that have a verdict were over their time."""
    judged = [each for each in clocks if each.metric == metric and is_judged(each)]
    late = sum(each.breached_at is not None for each in judged)
    return f"{late / len(judged):.1%}" if judged else "-"


def is_judged(clock: Clock) -> bool:
    """Say whether it has a verdict, as reports of promises count: cancelled ones have none."""
    has_verdict = clock.state == ClockState.STOPPED or clock.breached_at
    return bool(has_verdict and clock.state != ClockState.CANCELLED)


def _busy_shares(desk: Desk) -> list[list[float]]:
    """Return which share of the time that they were there people worked, shift by shift."""
    shifts: dict[tuple[int, int], list[float]] = defaultdict(list)
    hours = int((desk.ends - desk.began) / HOUR)
    for worker in desk.staff.workers:
        here = sum(
            worker.is_present(desk.began + hour * HOUR, hour // 24) for hour in range(hours)
        )
        if here:
            shifts[worker.opens, worker.closes].append(worker.worked / (here * HOUR))
    return list(shifts.values())
