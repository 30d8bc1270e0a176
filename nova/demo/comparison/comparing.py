"""Let a desk go on in several ways, over several seeds, and tell what each came to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nova.demo.comparison.figures import Figures, table
from nova.demo.comparison.floor import Floor
from nova.demo.comparison.ways import WAYS
from nova.demo.comparison.world import people_of, work_of
from nova.demo.simulation.rhythm import Rhythm


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is compared. The same matter gives the same figures."""

    rhythm: Rhythm
    began: datetime
    days: int
    per_day: float
    vip_share: float
    technicians: int
    seeds: Sequence[int]


def compare(matter: Matter) -> Iterator[str]:
    """Yield the lines of a comparison: all ways on the same people and work."""
    found = {name: figures_of(name, matter) for name in WAYS}
    tickets = next(iter(found.values())).tickets
    yield (
        f"{tickets:,} tickets in {len(matter.seeds)} times {matter.days} days, "
        f"{matter.technicians} technicians. Made up, at the rhythm of a real log; no database."
    )
    yield ""
    yield from table(found)


def figures_of(name: str, matter: Matter) -> Figures:
    """Return what one way comes to."""
    figures = Figures()
    for seed in matter.seeds:
        figures.add(floor_of(name, matter, seed))
    return figures


def floor_of(name: str, matter: Matter, seed: int) -> Floor:
    """Return a desk that has gone on to its end."""
    began, days = matter.began, matter.days
    people = people_of(matter.technicians, began, days, seed)
    work = work_of(matter.rhythm, began, days, matter.per_day, matter.vip_share, seed)
    floor = Floor(people, work, WAYS[name](), began, began + timedelta(days=days))
    floor.play()
    return floor
