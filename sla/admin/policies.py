"""Nova Core's pages of policies."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import viewer
from sla import services
from sla.admin.arranged import ArrangedAdmin
from sla.choices import Metric
from sla.forms import MATCHED, PolicyForm
from sla.models import Policy


@admin.register(Policy)
class PolicyAdmin(ArrangedAdmin):
    """Which tickets get which targets; the first in order that matches is the one."""

    form = PolicyForm
    list_display = ["name", "order", "is_active", "promised"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", ("order", "is_active")]}),
        (_("For which tickets (no box: all of them)"), {"fields": MATCHED}),
        *(
            (
                metric.label,
                {
                    "fields": [
                        (f"{metric}_minutes", f"{metric}_calendar"),
                        f"{metric}_pause_on",
                        f"{metric}_reopen",
                    ]
                },
            )
            for metric in Metric
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        policies = super().get_queryset(request).prefetch_related("targets__calendar")
        return policies.order_by("order", "pk")

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        if change:
            services.edit_policy(obj.pk, form.stated(), **acting)
        else:
            obj.pk = services.create_policy(form.stated(), **acting).pk
            obj._state.adding = False

    @admin.display(description=_("targets"))
    def promised(self, policy: Policy) -> str:
        said = _("%(metric)s in %(minutes)s min, %(calendar)s")
        order = Metric.values.index
        targets = sorted(policy.targets.all(), key=lambda target: order(target.metric))
        return "; ".join(
            said
            % {
                "metric": target.get_metric_display(),
                "minutes": target.seconds // 60,
                "calendar": target.calendar,
            }
            for target in targets
        )
