"""Nova Core's page of how work is given out: the versions so far, and the next one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from dispatch import services, versions
from dispatch.drafting import Tried, tried_on
from dispatch.engine.terms import TERMS
from dispatch.events import SEE, AssignmentArranged
from dispatch.models import AssignmentPolicy
from dispatch.services.policies import HEAVIEST, arranged_of, check_weights
from nova.accounts.core import viewer
from nova.accounts.permissions import SEE_VIPS
from nova.accounts.previewed import PreviewedAdmin, PreviewedForm
from nova.events.models import EventRecord

ARRANGE = "dispatch.manage_assignment"
SHOWN = 20  # tickets of a preview
WEIGHTS = [f"weight_{name}" for name in TERMS]
OF_VIPS = {"weight_vip", versions.OF_VIPS}
CHOOSES = {*WEIGHTS, "longest_wait", versions.OF_VIPS}  # what says who is first
NOTE = AssignmentPolicy._meta.get_field("note")


def _weight(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=HEAVIEST,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=help_text,
    )


class PolicyForm(PreviewedForm):
    """The version in force, to be put otherwise; `changes` is what is to be otherwise."""

    weight_skill = _weight(
        _("Skill"),
        _("How well they know what the work asks for; by half where it asks for nothing"),
    )
    weight_room = _weight(
        _("Room"), _("What is left of their capacity with it: evens out the load")
    )
    weight_quality = _weight(
        _("Past results"),
        _("Of the ticket's service: solved for good, in time, and to satisfaction"),
    )
    weight_known = _weight(_("Knows them"), _("How often they worked for this requester lately"))
    weight_language = _weight(_("Language"), _("Whether they speak the requester's language"))
    weight_nearness = _weight(
        _("Serves the site"), _("Whether they serve the ticket's site by name, not just all sites")
    )
    weight_vip = _weight(
        _("Preferred for VIPs"), _("Of VIPs' tickets: whether they are preferred for VIPs")
    )
    note = forms.CharField(
        label=_("Why it is changed"),
        max_length=NOTE.max_length,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Stands beside the version, for those who come after you"),
    )

    class Meta:
        model = AssignmentPolicy
        fields = [
            "is_automatic",
            versions.OF_VIPS,
            "longest_wait",
            "routes_teams",
            "route_from",
            "is_balanced",
            "balance_unanswered",
            "balance_in_hands",
            "balance_rest",
            "balance_gap",
            "balance_most",
            "note",
        ]
        help_texts = {
            versions.OF_VIPS: _("Others do not get them, even where nobody preferred is there"),
            "longest_wait": _(
                "Who has less left, and less than such work takes, is not given more"
            ),
            "route_from": _("Where your history is less sure, a ticket stays without a team"),
            "is_balanced": _("Off, a round only gives out what waits"),
            "balance_unanswered": _("What its holder has not taken up by then goes to another"),
            "balance_in_hands": _("Since its holder last did anything about it"),
            "balance_rest": _("For so long it stays where it was put, and does not go back"),
            "balance_gap": _("Of two people's shares of their capacity: nearer is near enough"),
            "balance_most": _("There is a round every minute; what is more is left to the next"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weights = self.instance.weights
        self.initial.update({f"weight_{name}": weights.get(name, 0) for name in TERMS})
        self.initial["note"] = ""  # what was said of the version before is not said of the next

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not {*self.changed_data} - {"note"}:
            raise ValidationError(_("Nothing of it is otherwise than in force already."))
        newest = services.current_policy(self.tenant_id, timezone.now())
        if newest.pk != self.instance.pk:
            said = _("Somebody has put %(version)s in force since: look at that one, please.")
            raise ValidationError(said, params={"version": newest})
        given = {name: cleaned.get(f"weight_{name}") for name in TERMS}
        # For validation as for the preview; what is not shown, or is wrong, stays as it was.
        self.instance.weights |= {k: value for k, value in given.items() if value is not None}
        try:
            check_weights(self.instance.weights)
        except ValidationError as wrong:
            self.add_error("weight_room", wrong.message_dict["weights"])
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Return what is to be otherwise, by column."""
        changed, stated = {*self.changed_data}, arranged_of(self.instance)
        names = changed & {*stated} | ({"weights"} if changed & {*WEIGHTS} else set())
        return {name: stated[name] for name in names}


@admin.register(AssignmentPolicy)
class AssignmentPolicyAdmin(PreviewedAdmin):
    """Versions stay as they were; to change the one in force is to put the next one in force.

    Who would be first for some tickets is shown before, to who may see VIPs, for it tells of them.
    """

    permission = ARRANGE
    form = PolicyForm
    only_save = True
    list_display = ["version", "since", "author", "changed", "note"]
    list_select_related = ["author"]
    empty_value_display = "—"
    list_before_template = "dispatch/core/policy_head.html"
    change_form_outer_before_template = "dispatch/core/policy_head.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let the version in force be changed; who comes too late is told so by the form."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.is_in_force or request.method == "POST")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssignmentPolicy]:
        """Return the versions, the newest first, each with what the one before it stated."""
        others = AssignmentPolicy.objects.filter(tenant=OuterRef("tenant"))
        stated = JSONObject(**{name: F(name) for name in arranged_of(AssignmentPolicy())})
        before = others.filter(number=OuterRef("number") - 1).values(stated=stated)
        told = (
            super()
            .get_queryset(request)
            .annotate(
                before=Subquery(before),
                is_in_force=~Exists(others.filter(number__gt=OuterRef("number"))),
                sees_vips=Value(_sees_vips(request)),
            )
        )
        return told.order_by("-number")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if not _sees_vips(request):
            form.base_fields.pop("weight_vip", None)  # as its fieldset has it not
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        is_form = obj is None or self.has_change_permission(request, obj)
        hidden = set() if _sees_vips(request) else OF_VIPS

        def shown(*names: str) -> list[str]:
            return [name for name in names if name not in hidden]

        fields = PolicyForm.Meta.fields
        counts = _(
            "Of each engineer whom no gate keeps, every term is met to a share from 0 to 100 %. "
            "Shares times weights, from 0 to 100, make a sum, and the highest sum is the first "
            "choice. What weighs 0 does not count."
        )
        weights = _pairs(shown(*WEIGHTS)) if is_form else ["weighed"]
        return [
            (_("What counts, and how much"), {"fields": weights, "description": counts}),
            (_("Who may have what"), {"fields": shown(*fields[:3])}),
            (_("Tickets without a team"), {"fields": fields[3:5]}),
            (_("The balancer"), {"fields": [fields[5], *_pairs(fields[6:11])]}),
            (_("Your reason") if is_form else _("Why"), {"fields": ["note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None or self.has_change_permission(request, obj) else ["weighed"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.require(request)
        services.current_policy(viewer(request).tenant_id, timezone.now())  # makes the first
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def preview(
        self, request: HttpRequest, record: AssignmentPolicy, form: Any
    ) -> HttpResponse | None:
        """Show who would be first, where that may be another and the viewer may know."""
        if not ({*form.changed_data} & CHOOSES and viewer(request).has_perms([SEE, SEE_VIPS])):
            return None
        # Validation has put the draft into the record.
        tried = tried_on(record, viewer(request), now=timezone.now(), most=SHOWN)
        context = self.context(
            request,
            title=gettext("Who would be first by this draft"),
            sentence=_in_words(tried),
            tried=tried,
            save=gettext("Put it in force"),
            back=gettext("Back to the policy"),
        )
        return TemplateResponse(request, "dispatch/core/firsts.html", context)

    def save_model(
        self, request: HttpRequest, obj: AssignmentPolicy, form: Any, change: bool
    ) -> None:
        """Leave it to the service, which also tells of it."""
        fresh = services.arrange_assignment(
            form.changes(),
            note=form.cleaned_data["note"],
            actor=viewer(request),
            now=timezone.now(),
        )
        obj.pk, obj.number = fresh.pk, fresh.number

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the service has told it already."""

    def history_of(self, obj: Any) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("policy", obj.pk).filter(name=AssignmentArranged.name)

    @admin.display(description=_("version"))
    def version(self, policy: Any) -> str:
        said = gettext("%(version)s, in force") % {"version": policy}
        return said if policy.is_in_force else str(policy)

    @admin.display(description=_("what it changed"))
    def changed(self, policy: Any) -> str:
        if policy.before is None:
            return "—"
        said = versions.differences(policy.before, policy, sees_vips=policy.sees_vips)
        return "; ".join(said) or "—"

    @admin.display(description=_("weights"))
    def weighed(self, policy: Any) -> str:
        return versions.weights_in_words(policy, sees_vips=policy.sees_vips)


def _sees_vips(request: HttpRequest) -> bool:
    return viewer(request).has_perm(SEE_VIPS)


def _pairs(names: list[str]) -> list[tuple[str, ...]]:
    """Return fields two by two, as they stand side by side."""
    return [tuple(names[at : at + 2]) for at in range(0, len(names), 2)]


def _in_words(tried: list[Tried]) -> str:
    """Say what a draft would do as a whole."""
    if not tried:
        return gettext("There are no open tickets or no engineers to try it on.")
    others = sum(each.now != each.then for each in tried)
    said = ngettext(
        "Of the newest %(all)s open tickets, %(count)s would have another first choice.",
        "Of the newest %(all)s open tickets, %(count)s would have another first choice.",
        others,
    )
    return said % {"all": len(tried), "count": others}
