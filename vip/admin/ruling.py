"""Nova Core's page of rules. To save one shows first what it would do."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from nova.accounts.choices import VipLevel
from nova.accounts.core import viewer
from nova.accounts.previewed import PreviewedAdmin
from nova.events.models import EventRecord
from vip import services
from vip.admin.asking import ask
from vip.admin.reviewing import ReviewFilter, StillRight
from vip.conditions import in_words
from vip.forms import RuleForm
from vip.models import VipRule
from vip.previewing import Move, preview_rule


@admin.register(VipRule)
class VipRuleAdmin(StillRight, PreviewedAdmin):
    """Rules are retired, never deleted: the audit needs them."""

    permission = "vip.rule_vips"
    form = RuleForm
    list_display = ["name", "level", "condition_in_words", "is_active", "reviewed_at", "author"]
    list_filter = ["is_active", ReviewFilter, "level"]
    list_select_related = ["author"]
    search_fields = ["name", "reason"]
    actions_detail = ["retire"]
    change_form_after_template = "admin/vip/clauses.html"
    confirm_service = staticmethod(services.confirm_rule)

    def get_queryset(self, request: HttpRequest) -> QuerySet[VipRule]:
        return super().get_queryset(request).order_by("name", "pk")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_form(request, obj, **{**kwargs, "fields": RuleForm.Meta.fields})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name", "level", "reason", "match"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The theme asks by the id alone, and every page of Core asks of none.
        known = obj is None or isinstance(obj, VipRule)
        rule = obj if known else self.get_object(request, obj)
        is_standing = rule is None or rule.is_active
        return is_standing and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: VipRule, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        if change:
            services.edit_rule(obj.pk, form.stated(), **acting)
        else:
            obj.pk = services.make_rule(**form.stated(), **acting).pk
            obj._state.adding = False

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: VipRule) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("rule", obj.pk)

    @action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, object_id: str) -> HttpResponse:
        rule = self.one(request, object_id)
        return ask(
            self,
            request,
            services.retire_rule,
            rule,
            title=gettext("Retire %(rule)s?") % {"rule": rule},
            text=gettext("Whom it alone made a VIP is none from then on. It stays on record."),
            label=gettext("Retire"),
            needs_reason=True,
        )

    @admin.display(description=_("whom it is for"))
    def condition_in_words(self, rule: VipRule) -> str:
        return in_words(rule.condition)

    def preview(self, request: HttpRequest, record: VipRule | None, form: Any) -> HttpResponse:
        """Show whom the rule would make what."""
        stated = form.stated()
        former = VipRule.objects.get(pk=record.pk) if record else None
        preview = preview_rule(
            stated["level"], stated["condition"], at=timezone.now(), former=former
        )
        named = [move for move in preview.changed if move.name]
        context = self.context(
            request,
            title=stated["name"],
            condition=in_words(stated["condition"]),
            preview=preview,
            moves=[(move, *_levels(move)) for move in named],
            unnamed=len(preview.changed) - len(named),
            save=gettext("Save the rule"),
            back=gettext("Back to the rule"),
        )
        return TemplateResponse(request, "admin/vip/preview.html", context)


def _levels(move: Move) -> tuple[str, str]:
    before, after = (
        VipLevel(level).label if level else "—" for level in (move.before, move.after)
    )
    return str(before), str(after)
