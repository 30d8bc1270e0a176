"""Figures of several desks side by side. Pure."""

from collections.abc import Iterator, Mapping, Sequence


def jain(shares: Sequence[float]) -> float:
    """Return Jain's index of fairness: 1 where all have the same (Jain, Chiu, Hawe 1984)."""
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else 1.0


def p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)] if values else 0.0


def side_by_side(found: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield the lines of a table: a row for each figure, a column for each desk."""
    yield f"{'':34}" + "".join(f"{name:>17}" for name in found)
    rows = list(found.values())
    for label in rows[0]:
        yield f"{label:34}" + "".join(f"{row[label]:>17}" for row in rows)
