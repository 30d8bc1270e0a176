"""Who a PATCH puts into a group and takes out of it, where it says only that. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from scim2_models import PatchOperation
from scim2_models.path import CompareOperator, Comparison

MEMBERS = ("members", "urn:ietf:params:scim:schemas:core:2.0:group:members")


@dataclass
class Moves:
    """The ids of who comes and who leaves, as the last word on each says."""

    add: set[str] = field(default_factory=set)
    remove: set[str] = field(default_factory=set)

    def note(self, ids: Iterable[str], *, comes: bool) -> None:
        to, other = (self.add, self.remove) if comes else (self.remove, self.add)
        for member in ids:
            to.add(member)
            other.discard(member)


def moves_in(operations: Iterable[PatchOperation] | None) -> Moves | None:
    """Return what a PATCH moves, or None where it does anything else.

    Providers send one member at a time to groups of thousands, whose other members need not be
    read for that.
    """
    moves = Moves()
    for operation in operations or ():
        comes = operation.op == PatchOperation.Op.add
        ids = _ids(operation)
        if ids is None:
            return None
        moves.note(ids, comes=comes)
    return moves


def _ids(operation: PatchOperation) -> list[str] | None:
    path = operation.path
    if path is None or operation.op not in (PatchOperation.Op.add, PatchOperation.Op.remove):
        return None
    if str(path).lower() in MEMBERS:
        return _named(operation.value)
    chosen = path.value_filter
    is_removal = operation.op == PatchOperation.Op.remove and operation.value is None
    if is_removal and str(path).lower().startswith("members[") and str(path).endswith("]"):
        return _chosen(chosen)
    return None


def _named(value: Any) -> list[str] | None:
    entries = value if isinstance(value, list) else [value]
    if not entries or not all(isinstance(entry, dict) and "value" in entry for entry in entries):
        return None
    return [str(entry["value"]) for entry in entries]


def _chosen(node: Any) -> list[str] | None:
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq:
        return None
    return [str(node.value)] if node.attr_path.attr.lower() == "value" else None
