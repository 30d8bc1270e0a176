"""What an admin fills in to ask which policy a ticket would get."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from nova.accounts.models import Department, Organisation, Region, Service, Team
from sla.facts import facts_of_tickets
from sla.forms.fields import line, one_of, one_row
from sla.matching import Facts
from tickets import choices
from tickets.models import Category, Ticket

CHOSEN: dict[str, tuple[Any, Any, Any]] = {
    "priority": (_("Priority"), choices.Priority, choices.Priority.P3),
    "type": (_("Type"), choices.TicketType, choices.TicketType.INTERNAL),
    "kind": (_("Kind"), choices.Kind, choices.Kind.INCIDENT),
    "module": (_("Module"), choices.Module, choices.Module.IT),
}
ROWS: dict[str, tuple[Any, Any]] = {
    "category": (_("Category"), Category),
    "service": (_("Service"), Service),
    "department": (_("Department"), Department),
    "region": (_("Region"), Region),
    "organisation": (_("Organisation of the requester"), Organisation),
    "team": (_("Team"), Team),
}


class MatchForm(forms.Form):
    """A ticket by its reference, or what one would be. The reference outweighs all else."""

    reference = line(_("Of the ticket"), help_text=_("Such as T-1042; or describe one below"))
    tags = line(_("Tags"), help_text=_("With commas between them"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, chosen, initial) in CHOSEN.items():
            self.fields[name] = one_of(label, chosen.choices, initial=initial)
        levels = [("", "—"), *VipLevel.choices]
        self.fields["vip_level"] = one_of(_("VIP level"), levels, initial="")
        for name, (label, model) in ROWS.items():
            found = model._default_manager.order_by("name")
            self.fields[name] = one_row(label, found, empty_label="—")
        self.opened_at: datetime | None = None

    def clean_reference(self) -> Ticket | None:
        words = self.cleaned_data["reference"].strip()
        if not words:
            return None
        ticket = Ticket.objects.all().with_reference(words)
        if ticket is None:
            raise forms.ValidationError(_("There is no such ticket."))
        self.opened_at = ticket.opened_at
        return ticket

    def facts(self) -> Facts:
        """Return what policies look at."""
        given = self.cleaned_data
        if given["reference"]:
            return facts_of_tickets([given["reference"].pk])[given["reference"].pk]
        chosen: dict[str, Any] = {
            name: given[name] or initial for name, (_l, _c, initial) in CHOSEN.items()
        }
        rows: dict[str, Any] = {name: given[name].pk if given[name] else None for name in ROWS}
        tags = tuple(filter(None, (tag.strip() for tag in given["tags"].split(","))))
        chosen["priority"] = int(chosen["priority"])
        return Facts(**chosen, **rows, vip_level=given["vip_level"], tags=tags)
