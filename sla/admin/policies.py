"""Nova Core's pages of policies."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from nova.accounts.core import CoreInline, viewer
from nova.accounts.models import Team
from nova.accounts.zones import UTC
from nova.errors import Refused
from sla import services
from sla.admin.arranged import ARRANGE, ArrangedAdmin
from sla.choices import Metric, VersionStatus
from sla.forms import MatchForm, PolicyForm
from sla.forms.policies import fieldsets_of
from sla.models import Policy, PolicyVersion
from sla.services.catalogue import SAID, differences
from sla.verdicts import verdicts_on
from sla.words import Words
from tickets.lens import Lens


class VersionInline(CoreInline):
    """What the policy has promised so far, and what each version did differently."""

    model = PolicyVersion
    permission = ARRANGE
    read_only = True
    can_delete = False
    fields = ["number", "status", "published_at", "retired_at", "author", "changed"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyVersion]:
        versions = super().get_queryset(request).select_related("author")
        siblings = [f"policy__versions__{each}" for each in SAID]
        return versions.prefetch_related(*siblings).order_by("-number")

    @admin.display(description=_("What it changed"))
    def changed(self, version: PolicyVersion) -> str:
        numbered = {each.number: each for each in version.policy.versions.all()}
        before = max((number for number in numbered if number < version.number), default=None)
        if before is None:
            return "—"
        said = differences(numbered[before], numbered[version.number]).items()
        return "; ".join(f"{name}: {_said(was)} → {_said(now)}" for name, (was, now) in said)


@admin.register(Policy)
class PolicyAdmin(ArrangedAdmin):
    """Which tickets get which targets; the first in order that matches is the one.

    To save is to write a draft; it promises something from its publishing on.
    """

    form = PolicyForm
    list_display = ["name", "order", "state", "promised"]
    list_select_related = ["current__policy"]
    search_fields = ["name"]
    inlines = [VersionInline]
    change_form_after_template = "admin/sla/policy/steps.html"
    actions_submit_line = ["publish", "discard"]
    actions_detail = ["retire"]
    actions_list = ["match"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let those in who may know how VIPs are treated, since policies say it."""
        allowed = super().has_view_permission(request, obj)
        return allowed and Lens.of(viewer(request)).adjustments

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        policies = super().get_queryset(request)
        named = policies.prefetch_related("current__targets__calendar", "current__targets__team")
        return named.prefetch_related("versions").order_by("order", "pk")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_form(request, obj, **{**kwargs, "fields": ["name", "order"]})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return fieldsets_of(Team.objects.order_by("name"))

    def get_actions_submit_line(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer to discard only a draft that is there, and is not all there is."""
        offered: list[Any] = super().get_actions_submit_line(request, object_id)
        versions = PolicyVersion.objects.filter(policy=object_id).values_list("status", flat=True)
        found = [*versions] if object_id else []
        may_discard = VersionStatus.DRAFT in found and len(found) > 1
        return [one for one in offered if may_discard or not one.action_name.endswith("_discard")]

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        acting: dict[str, Any] = {"actor": viewer(request), "now": timezone.now()}
        placed = {name: form.cleaned_data[name] for name in ("name", "order")}
        if not change:
            obj.pk = services.create_policy(**placed, **form.stated(), **acting).pk
            obj._state.adding = False
        else:
            services.edit_policy(obj.pk, **placed, **acting)
            services.draft_policy(obj.pk, **form.stated(), **acting)
        self._press(request, obj)

    def _press(self, request: HttpRequest, policy: Policy) -> None:
        """Do what the pressed button says beyond saving."""
        for pressed in self.get_actions_submit_line(request, policy.pk):
            if pressed.action_name in request.POST:
                pressed.method(request, policy)

    @action(description=_("Save and publish"))
    def publish(self, request: HttpRequest, policy: Policy) -> None:
        self._do(request, services.publish_policy, policy.pk, _("It is in force."))

    @action(description=_("Discard the draft"))
    def discard(self, request: HttpRequest, policy: Policy) -> None:
        self._do(request, services.discard_policy_draft, policy.pk, _("The draft is gone."))

    @action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, object_id: str) -> HttpResponse:
        policy = self.one(request, object_id)
        if request.method == "POST":
            done = _("It promises no more. Clocks that run keep its terms.")
            self._do(request, services.retire_policy, policy.pk, done)
            return self.response_post_save_change(request, policy)
        context = self.context(request, policy=policy)
        return TemplateResponse(request, "admin/sla/policy/retire.html", context)

    @action(description=_("Which policy would this ticket get?"), url_path="match")
    def match(self, request: HttpRequest) -> HttpResponse:
        """Try the policies on a ticket, real or thought of, and say of each why it is not it."""
        form = MatchForm(request.GET or None)
        found = None
        if form.is_bound and form.is_valid():
            at = form.opened_at or timezone.now()
            found = verdicts_on(form.facts(), viewer(request).tenant_id, at)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Which policy would this ticket get?"),
            "opts": self.opts,
            "form": form,
            "found": found,
        }
        return TemplateResponse(request, "admin/sla/policy/match.html", context)

    def _do(self, request: HttpRequest, verb: Any, policy_id: int, done: Any) -> None:
        try:
            verb(policy_id, actor=viewer(request), now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)

    @admin.display(description=_("state"))
    def state(self, policy: Policy) -> str:
        has_draft = any(v.status == VersionStatus.DRAFT for v in policy.versions.all())
        said = [str(_("draft"))] if has_draft else []
        if policy.current:
            said.insert(0, _("version %(number)s in force") % {"number": policy.current.number})
        return ", ".join(said) or str(VersionStatus.RETIRED.label)

    @admin.display(description=_("targets"))
    def promised(self, policy: Policy) -> str:
        said = _("%(metric)s in %(span)s, %(calendar)s")
        words = Words(UTC, timezone.now(), gettext)
        order = Metric.values.index
        targets = policy.current.targets.all() if policy.current else []
        return "; ".join(
            said
            % {
                "metric": f"{target.get_metric_display()} {target.team or ''}".strip(),
                "span": words.span(target.seconds),
                "calendar": target.calendar,
            }
            for target in sorted(targets, key=lambda target: order(target.metric))
        )


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    return "—" if value is None else str(value)
