"""What the fields of a ticket and their stored values are called, for facts and sentences."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tickets.choices import Kind, Level, Module, Priority, TicketType

LABELS = {
    "title": _("Title"),
    "description": _("Description"),
    "priority": _("Priority"),
    "impact": _("Impact"),
    "urgency": _("Urgency"),
    "kind": _("Kind"),
    "type": _("Type"),
    "module": _("Module"),
    "category": _("Category"),
    "subcategory": _("Subcategory"),
    "service": _("Service"),
    "department": _("Department"),
    "region": _("Region"),
    "site": _("Site"),
    "location": _("Location"),
    "tags": _("Tags"),
    "custom_fields": _("Own fields"),
    "assignee": _("Assignee"),
    "backup": _("Backup"),
    "team": _("Team"),
}
WORDS: dict[str, Mapping[Any, Any]] = {
    "impact": dict(Level.choices),
    "urgency": dict(Level.choices),
    "priority": dict(Priority.choices),
    "kind": dict(Kind.choices),
    "type": dict(TicketType.choices),
    "module": dict(Module.choices),
}
