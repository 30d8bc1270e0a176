"""What people state when they want it otherwise than the engine."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dispatch.models import Engineer
from dispatch.services.overriding import APPROVE
from nova.accounts.models import User


class OverrideForm(forms.Form):
    """Who shall have it, why, and who approves of it: oneself, where one may."""

    chosen = forms.ModelChoiceField(User.objects.none(), label=_("Who shall work on it"))
    reason = forms.CharField(label=_("Why not whom the engine names"), max_length=250)
    approver = forms.ModelChoiceField(User.objects.none(), label=_("Who approves of it"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().filter(tenant=user.tenant_id).order_by("name", "pk")
        engineers = Engineer.objects.at_work().values("person")
        self.fields["chosen"].queryset = people.filter(pk__in=engineers)  # type: ignore[attr-defined]
        approvers = people.with_permission(APPROVE)
        self.fields["approver"].queryset = approvers  # type: ignore[attr-defined]
        if user.has_perm(APPROVE):
            self.fields["approver"].initial = user.pk
