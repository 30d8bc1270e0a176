"""The permissions that there are: those which models declare, one for each verb."""

from collections.abc import Iterable, Set

from django.apps import apps
from django.utils.functional import Promise

SEE_VIPS = "tickets.view_vip_flag"  # what others may not even suspect


def declared_permissions() -> dict[str, dict[str, str | Promise]]:
    """Return what each app lets people do: by app, the label of each permission by its name."""
    found: dict[str, dict[str, str | Promise]] = {}
    for model in apps.get_models():
        for codename, label in model._meta.permissions:
            app = model._meta.app_label
            found.setdefault(app, {})[f"{app}.{codename}"] = label
    return found


def permission_names() -> frozenset[str]:
    """Return the names of all permissions, such as `tickets.open_ticket`."""
    return frozenset(name for names in declared_permissions().values() for name in names)


def choices_for(held: Set[str]) -> list[tuple[str, list[tuple[str, str | Promise]]]]:
    """Return those of the permissions that are held, grouped by the app that declares them."""
    groups = [
        (
            str(apps.get_app_config(app).verbose_name),
            [(name, label) for name, label in names.items() if name in held],
        )
        for app, names in declared_permissions().items()
    ]
    return [(title, choices) for title, choices in groups if choices]


def labels_of(names: Iterable[str]) -> list[str]:
    """Return permissions in words, in the order of their names."""
    labels = {
        name: label for group in declared_permissions().values() for name, label in group.items()
    }
    return [str(labels.get(name, name)) for name in sorted(names)]
