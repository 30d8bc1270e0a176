"""Attributes of extensions that Nova does not know: kept by `urn:attribute`, for rules to read.

Pure: what a client said goes in, flat names and values come out.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scim2_models import PatchOperation

from nova.scim.schemas import PROVIDER

KNOWN = tuple(str(schema.id).lower() for schema in PROVIDER.schemas)
Said = dict[str, Any]


def said_in(unknown: Mapping[str, Any] | None) -> Said:
    """Return what a whole resource says in extensions that Nova does not know."""
    found = (unknown or {}).items()
    return {name: value for urn, said in found for name, value in _flat(urn, said)}


def changed_by(operations: Iterable[PatchOperation] | None) -> Said:
    """Return what a PATCH changes in such extensions; None is that it removes an attribute."""
    found: Said = {}
    for operation in operations or ():
        is_removal = operation.op == PatchOperation.Op.remove
        for name, value in _written(operation):
            found[name] = None if is_removal else value
    return found


def merged(present: Mapping[str, Any], changes: Said) -> Said:
    """Return the custom attributes among those present, with changes made."""
    kept = {name: value for name, value in present.items() if is_custom(name)}
    return {name: value for name, value in {**kept, **changes}.items() if value is not None}


def is_custom(name: str) -> bool:
    """Say whether a name is that of an attribute, or of an extension, which Nova does not know."""
    return name.lower().startswith("urn:") and not name.lower().startswith(KNOWN)


def _written(operation: PatchOperation) -> Iterator[tuple[str, Any]]:
    if operation.path is not None:
        yield from _flat(str(operation.path), operation.value)
    elif isinstance(operation.value, Mapping):
        for name, value in operation.value.items():
            yield from _flat(name, value)


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not is_custom(name):
        return
    if isinstance(value, Mapping):
        for inner, said in value.items():
            yield from _flat(f"{name}:{inner}", said)
    elif isinstance(value, list):
        yield name, [str(_named(item)) for item in value]
    else:
        yield name, value


def _named(item: Any) -> Any:
    """Return the value of an entry, which may be wrapped as multi-valued attributes are."""
    return item.get("value", "") if isinstance(item, Mapping) else item
