"""What a new tenant's desk starts with."""

from datetime import datetime

from nova.tenancy.models import Tenant
from tickets.choices import Module
from tickets.models import Category, DeskSettings, TicketNumber

CATEGORIES = {
    "Hardware": ("Laptop", "Printer", "Meeting room"),
    "Software": ("E-mail", "Office", "Business application"),
    "Network": ("Wi-Fi", "VPN", "Outage"),
    "Access": ("Password", "New account", "Permission"),
}


def seed_desk(tenant: Tenant, *, now: datetime) -> None:
    """Create the settings, the number counter and the first categories."""
    DeskSettings.objects.create(tenant=tenant, vip_modules=[Module.IT, Module.OPS])
    TicketNumber.objects.create(tenant=tenant, last=1000)
    for name, subcategories in CATEGORIES.items():
        parent = Category.objects.create(tenant=tenant, name=name)
        Category.objects.bulk_create(
            Category(tenant=tenant, parent=parent, name=sub) for sub in subcategories
        )
