"""The queue's filters as a form of checkboxes and lists; its address holds what was chosen."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import Department, Service, Team, User
from nova.web.numbers import number_in
from tickets.choices import Kind, Priority, SlaState, Status
from tickets.labels import LABELS
from tickets.lens import Lens
from tickets.models import DONE

SEVERAL = ("status", "priority", "kind", "sla")
OPEN_STATUSES = [choice for choice in Status.choices if choice[0] not in DONE]
WHOSE = [("", _("Anybody's")), ("me", _("Mine")), ("none", _("Nobody's"))]


def _several(label: Any, choices: Sequence[Any]) -> forms.MultipleChoiceField:
    boxes = forms.CheckboxSelectMultiple()
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=boxes)


def _one(label: Any, things: QuerySet) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(things, label=label, required=False, empty_label=_("Any"))


class FilterForm(forms.Form):
    """What the queue can be narrowed by; what the viewer must not know of is not there."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    status = _several(_("Stage"), OPEN_STATUSES)
    priority = _several(_("Priority"), Priority.choices)
    kind = _several(_("Kind"), Kind.choices)
    sla = _several(_("Clock"), SlaState.choices[1:])
    assignee = forms.ChoiceField(label=_("Whose"), choices=WHOSE, required=False)
    team = _one(_("Team"), Team.objects.none())
    service = _one(_("Service"), Service.objects.none())
    department = _one(_("Department"), Department.objects.none())

    def __init__(self, params: QueryDict, user: User) -> None:
        # Dialogs of the same page ask for an assignee and a team, too.
        super().__init__(initial=_chosen(params), auto_id="filter_%s")
        for name, model in (("team", Team), ("service", Service), ("department", Department)):
            things = model.objects.filter(tenant=user.tenant_id).order_by("name")
            self.fields[name].queryset = things  # type: ignore[attr-defined]
        if not Lens.of(user).clocks:
            del self.fields["sla"]

    def words_of(self, name: str, value: str) -> tuple[str, str]:
        """Return a filter of the address in words: what it is called, and what it keeps."""
        field = self.fields.get(name)
        if field is None:
            return str(LABELS.get(name, name.replace("_", " ").capitalize())), value
        return str(field.label), ", ".join(_word(field, one) for one in value.split(","))


def _word(field: forms.Field, value: str) -> str:
    """Return what a value of a filter is called; itself where it is nothing that there is."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        return str(field.queryset.filter(pk=number_in(value)).first() or value)
    choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
    return str({str(key): label for key, label in choices}.get(value, value))


def joined(params: QueryDict) -> QueryDict | None:
    """Return the parameters with repeated ones joined by commas; None when they are so already.

    A form of checkboxes repeats a name; an address that people share says it once.
    """
    clean = QueryDict(mutable=True)
    for name, values in params.lists():
        kept = [value for value in values if value]
        if kept:
            clean[name] = ",".join(dict.fromkeys(kept)) if name in SEVERAL else kept[-1]
    return None if clean.urlencode() == params.urlencode() else clean


def _chosen(params: QueryDict) -> dict[str, object]:
    chosen = {name: str(params[name]) for name in params}
    return {name: v.split(",") if name in SEVERAL else v for name, v in chosen.items()}
