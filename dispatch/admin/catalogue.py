"""Nova Core's pages of what there is to know, and of what work asks for."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from dispatch.models import Certificate, CertificateNeed, Skill, SkillNeed
from nova.accounts.core import CoreAdmin
from tickets.models import Category

ENGINEERS = "dispatch.manage_engineers"


@admin.register(Skill)
class SkillAdmin(CoreAdmin):
    permission = ENGINEERS
    search_fields = ["name"]
    ordering = ["name"]


@admin.register(Certificate)
class CertificateAdmin(CoreAdmin):
    permission = ENGINEERS
    search_fields = ["name"]
    ordering = ["name"]


class NeedAdmin(CoreAdmin):
    """What work of a service or of a category asks for; of one of them, as the table wants it."""

    permission = ENGINEERS
    autocomplete_fields = ["service"]

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "category":  # with those below others, which have no page of their own
            named = Category.objects.filter(is_active=True).select_related("parent")
            kwargs["queryset"] = named.order_by("parent__name", "name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("service__name", "category__name", "pk")


@admin.register(SkillNeed)
class SkillNeedAdmin(NeedAdmin):
    fields = ["service", "category", "skill", "level", "is_mandatory"]
    list_display = ["skill", "level", "is_mandatory", "service", "category"]
    list_display_links = ["skill"]
    list_select_related = ["service", "category", "skill"]
    list_filter = ["is_mandatory"]
    search_fields = ["skill__name", "service__name", "category__name"]
    autocomplete_fields = ["service", "skill"]


@admin.register(CertificateNeed)
class CertificateNeedAdmin(NeedAdmin):
    fields = ["service", "category", "certificate"]
    list_display = ["certificate", "service", "category"]
    list_select_related = ["service", "category", "certificate"]
    search_fields = ["certificate__name", "service__name", "category__name"]
    autocomplete_fields = ["service", "certificate"]
