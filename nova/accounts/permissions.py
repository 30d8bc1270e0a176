"""The permissions that there are: those which models declare, one for each verb."""

from django.apps import apps
from django.utils.functional import Promise


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
