"""Nova Core's page of what chosen VIPs are promised beyond the policies."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import viewer
from nova.accounts.zones import UTC
from nova.events.models import EventRecord
from sla import services
from sla.admin.arranged import ArrangedAdmin
from sla.choices import Metric
from sla.forms import OverrideForm
from sla.forms.overrides import fieldsets
from sla.models import VipOverride
from sla.services.overrides import WHOM
from sla.words import Words


@admin.register(VipOverride)
class VipOverrideAdmin(ArrangedAdmin):
    """Promises to one person, department or team. They end by their date, and stay on record."""

    permission = "sla.override_sla"
    form = OverrideForm
    list_display = ["__str__", "promised", "reason", "starts_at", "ends_at", "author"]
    list_select_related = ["person", "department", "team", "author"]
    search_fields = ["person__name", "person__email", "department__name", "team__name", "reason"]
    autocomplete_fields = ["person", "department", "team"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[VipOverride]:
        return super().get_queryset(request).order_by("-starts_at", "-pk")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_form(request, obj, **{**kwargs, "fields": OverrideForm.Meta.fields})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return fieldsets()

    def save_model(self, request: HttpRequest, obj: VipOverride, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        whom = {name: form.cleaned_data[name] for name in WHOM}
        stated = form.stated()
        if change:
            stated["starts_at"] = stated["starts_at"] or acting["now"]
            services.edit_override(obj.pk, {**whom, **stated}, **acting)
        else:
            terms = stated.pop("vip_sla_override")
            obj.pk = services.override_sla(whom, terms, **stated, **acting).pk
            obj._state.adding = False

    def history_of(self, obj: VipOverride) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("override", obj.pk)

    @admin.display(description=_("promised"))
    def promised(self, override: VipOverride) -> str:
        said = _("%(metric)s in %(span)s")
        words = Words(UTC, timezone.now(), gettext)
        return "; ".join(
            said % {"metric": Metric(metric).label, "span": words.span(terms["seconds"])}
            for metric, terms in override.vip_sla_override.items()
        )
