"""Take a log in portions of whole incidents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tickets.importing.rows import Problem, Row, refused

LONGEST_REF = 100


@dataclass(slots=True)
class Batch:
    """Incidents with the rows that stand together in the file, and how many events were read."""

    incidents: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0


def batches(items: Iterable[Row | Problem], size: int) -> Iterator[Batch]:
    """Yield batches of at most `size` incidents; every item is in exactly one.

    Rows of an incident that the file has in two places come in two batches.
    """
    batch = Batch()
    for item in items:
        if isinstance(item, Problem):
            batch.problems.append(item)
            batch.read += item.is_refusal
            continue
        ref = item.get("number")
        if len(batch.incidents) == size and ref not in batch.incidents:
            yield batch
            batch = Batch()
        batch.read += 1
        if not ref or len(ref) > LONGEST_REF:
            wrong = "is too long" if ref else "is missing"
            batch.problems.append(refused(item, wrong, column="number"))
        else:
            batch.incidents.setdefault(ref, []).append(item)
    yield batch
