"""Where people sit, whom they belong to and what they use."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from nova.accounts.core import CoreAdmin, CoreInline, viewer
from nova.accounts.models import (
    Department,
    Floor,
    Organisation,
    Region,
    Service,
    Site,
    Team,
    TeamMembership,
)
from nova.tenancy.models import Tenant

ORGANISATION = "accounts.manage_organisation"


class FloorInline(CoreInline):
    model = Floor
    permission = ORGANISATION


class MemberInline(CoreInline):
    model = TeamMembership
    permission = ORGANISATION
    autocomplete_fields = ["person"]


@admin.register(Organisation)
class OrganisationAdmin(CoreAdmin):
    permission = ORGANISATION
    search_fields = ["name"]


@admin.register(Region)
class RegionAdmin(CoreAdmin):
    permission = ORGANISATION
    search_fields = ["name"]


@admin.register(Site)
class SiteAdmin(CoreAdmin):
    permission = ORGANISATION
    list_display = ["name", "region", "zone", "operations_manager"]
    list_select_related = ["region", "operations_manager"]
    search_fields = ["name"]
    autocomplete_fields = ["operations_manager"]
    inlines = [FloorInline]


@admin.register(Department)
class DepartmentAdmin(CoreAdmin):
    permission = ORGANISATION
    list_display = ["name", "parent", "head"]
    list_select_related = ["parent", "head"]
    search_fields = ["name"]
    autocomplete_fields = ["parent", "head"]


@admin.register(Team)
class TeamAdmin(CoreAdmin):
    permission = ORGANISATION
    list_display = ["name", "lead", "senior"]
    list_select_related = ["lead", "senior"]
    search_fields = ["name"]
    autocomplete_fields = ["lead", "senior"]
    inlines = [MemberInline]


@admin.register(Service)
class ServiceAdmin(CoreAdmin):
    permission = ORGANISATION
    list_display = ["name", "team"]
    list_select_related = ["team"]
    search_fields = ["name"]


@admin.register(Tenant)
class TenantAdmin(CoreAdmin):
    """The organisation itself: to look at. Whoever runs Nova changes it."""

    permission = ORGANISATION
    read_only = True
    list_display = ["name", "slug", "is_active", "created_at"]
    readonly_fields = ["created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        # The list of tenants has no fence, so this page must be its own.
        every: QuerySet[Tenant] = super().get_queryset(request)
        return every.filter(pk=viewer(request).tenant_id)
