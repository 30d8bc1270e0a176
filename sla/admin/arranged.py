"""What the pages share whose records are arranged by services."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from nova.accounts.core import CoreAdmin
from nova.events.models import EventRecord

ARRANGE = "sla.manage_sla"


class ArrangedAdmin(CoreAdmin):
    """A page whose records are arranged by services, and never deleted: clocks refer to them."""

    permission = ARRANGE

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: Any) -> QuerySet[EventRecord]:
        return EventRecord.objects.about(obj._meta.model_name, obj.pk)
