"""What a tenant has settled about VIPs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from nova.accounts.core import CoreAdmin
from vip.models import VipSettings


@admin.register(VipSettings)
class VipSettingsAdmin(CoreAdmin):
    """One record for each tenant. Until there is one, the first values hold."""

    permission = "vip.manage_vip"
    fields = ["default_level", "recognises", "sure_from", "propose_from", "acknowledge_minutes"]
    list_display = ["__str__", "default_level", "recognises", "acknowledge_minutes"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not VipSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
