"""Tell what was measured: a table for people, JSON for programs."""

from collections.abc import Iterable, Iterator
from typing import Any

from nova.trials.measuring import Figures

HEAD = (
    f"{'work':<26}{'tickets':>10}{'clients':>8}{'median':>9}{'p95':>9}"
    f"{'web cpu':>9}{'db cpu':>8}{'raw':>9}{'ratio':>7}"
)


def line(figures: Figures) -> str:
    """Return one line of the table."""
    raw = f"{figures.raw:9.2f}" if figures.raw is not None else f"{'':9}"
    ratio = f"{figures.ratio:7.1f}" if figures.ratio is not None else ""
    failed = f"  {figures.failures} of {figures.count} failed" if figures.failures else ""
    return (
        f"{figures.work:<26}{figures.size:>10,}{figures.clients:>8}{figures.median:>9.2f}"
        f"{figures.p95:>9.2f}{figures.web:>9.2f}{figures.database:>8.2f}{raw}{ratio}{failed}"
    )


def growth(found: Iterable[Figures], small: int, large: int) -> Iterator[str]:
    """Yield for each work how its median and its processor time grew from `small` to `large`."""
    by_key = {(f.work, f.clients, f.size): f for f in found}
    for (work, clients, size), big in by_key.items():
        little = by_key.get((work, clients, small))
        if size == large and little:
            cpu = (big.web + big.database) / max(little.web + little.database, 0.001)
            times = big.median / little.median
            yield f"{work:<26}{clients:>3} clients{times:>8.2f} x in time{cpu:>8.2f} x in cpu"


def as_json(found: Iterable[Figures], more: dict[str, Any]) -> dict[str, Any]:
    """Return all figures as plain values."""
    return {"figures": [vars(figures) | {"ratio": figures.ratio} for figures in found], **more}
