"""Refuse to start with a wiring table that names something that does not exist."""

from collections.abc import Callable, Iterator
from typing import Any, get_args, get_type_hints

from django.conf import settings
from django.core.checks import Error, register
from django.utils.module_loading import import_string

from nova.events.base import Event
from nova.events.wiring import TAKES_BATCHES


@register
def check_wiring(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Check that each listed path imports, and takes the event that it is wired to."""
    errors: list[Error] = []
    for path in (*settings.TENANT_SEEDS, *settings.TICKET_INTAKE, *settings.TICKET_IMPORTED):
        errors += _import_errors(path)
    for name, paths in settings.EVENT_HANDLERS.items():
        for path in paths:
            errors += _subscription_errors(path, [name])
    for path, names in settings.EVENT_CONSUMERS.items():
        errors += _subscription_errors(path, names)
    return errors


def _subscription_errors(path: str, names: list[str]) -> Iterator[Error]:
    unknown = [name for name in names if name != "*" and name not in Event.types]
    yield from (Error(f"No event is called {name!r}", id="nova.E001") for name in unknown)
    failures = list(_import_errors(path))
    yield from failures
    if not (failures or unknown):
        taken = _taken_by(import_string(path))
        if taken is not Event and [taken] != [Event.types.get(name) for name in names]:
            yield Error(f"{path} does not take {names}", id="nova.E003")


def _taken_by(listener: Callable[..., None]) -> type[Event] | None:
    """Return the event that a listener is annotated with; `records` may be of any."""
    hints = get_type_hints(listener)
    if not hasattr(listener, TAKES_BATCHES):
        return hints.get("event")
    events = hints.get("events")
    return get_args(events)[0] if events else Event


def _import_errors(path: str) -> Iterator[Error]:
    try:
        import_string(path)
    except ImportError as error:
        yield Error(str(error), id="nova.E002")
