"""The facts of a ticket: what each shows, how it is edited in place, and what an edit changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from nova.accounts.models import Department, Region, Service, Site
from nova.text import Text
from tickets.choices import FieldType, Kind, Level, Module, TicketType
from tickets.custom_fields import fault
from tickets.forms import Answering
from tickets.labels import LABELS, WORDS
from tickets.models import Category, CustomField, Ticket
from tickets.serializers import MOST_TAGS, MOST_TEXT
from tickets.shape import Shape

OWN = "own."  # begins the names of a tenant's own fields
LONGEST_TAG = 50
CHOICES = {"impact": Level, "urgency": Level, "kind": Kind, "type": TicketType, "module": Module}
NAMED: dict[str, type[Model]] = {
    "service": Service,
    "department": Department,
    "region": Region,
    "site": Site,
}
SHOWN = (
    *("priority", "impact", "urgency", "kind", "type", "module", "category", "subcategory"),
    *("service", "department", "region", "site", "location", "tags"),
)
DERIVED = {"priority"}
EDITABLE = {*SHOWN, "title", "description"} - DERIVED


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as a page shows it. Without `edit_url` it is only read."""

    name: str
    label: str
    value: str
    edit_url: str = ""
    help: str = ""


class FactForm(Answering):
    """One field of a ticket, edited in place."""

    def __init__(self, *args: Any, field: forms.Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = field


def facts_of(shape: Shape, own: Sequence[CustomField], *, can_edit: bool) -> list[Fact]:
    """Return the facts in their order, the tenant's own fields last."""
    url = _urls(shape["reference"]) if can_edit else _nowhere
    facts = [
        Fact(
            name=name,
            label=str(LABELS[name]),
            value=_shown(name, shape[name]),
            edit_url="" if name in DERIVED else url(name),
            help=_help(name),
        )
        for name in SHOWN
    ]
    values = shape["custom_fields"]
    return facts + [
        Fact(OWN + f.key, f.label, _own_shown(values.get(f.key)), url(OWN + f.key)) for f in own
    ]


def own_fields(kind: str) -> list[CustomField]:
    """Return the tenant's own fields of this kind of ticket."""
    return sorted(CustomField.objects.of_kind(kind), key=lambda field: field.label)


def own_field(name: str, kind: str) -> CustomField | None:
    """Return the own field that a fact of this name is, if it is one."""
    if not name.startswith(OWN):
        return None
    fields = CustomField.objects.of_kind(kind)
    return next((field for field in fields if OWN + field.key == name), None)


def field_of(ticket: Ticket, name: str, own: CustomField | None) -> forms.Field:
    """Return the form field of a fact, showing what it is now."""
    field = _own_input(own) if own else _input(ticket, name)
    field.label = own.label if own else LABELS[name]
    field.widget.attrs["autofocus"] = True
    field.initial = _initial(ticket, name, own)
    return field


def changes_to(ticket: Ticket, name: str, value: Any, own: CustomField | None) -> dict[str, Any]:
    """Return what an edit changes, as `edit_ticket` takes it. Raises `ValidationError`."""
    if name == "tags":
        return {"tags": tag_names(value)}
    if own is None:
        # Another category has other subcategories.
        return {name: value, "subcategory": None} if name == "category" else {name: value}
    plain = _plain(value, own)
    wrong = fault(own, plain) if plain is not None else ""
    if wrong or (plain is None and own.is_required):
        raise forms.ValidationError(wrong or _("This field is required."))
    return {"custom_fields": {**ticket.custom_fields, own.key: plain}}


def tag_names(text: str) -> list[str]:
    """Return the tags that a line names. Raises `ValidationError` for too many or too long."""
    names = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(names) > MOST_TAGS or any(len(name) > LONGEST_TAG for name in names):
        words = _("Give up to %(most)s tags of up to %(long)s letters.")
        raise forms.ValidationError(words % {"most": MOST_TAGS, "long": LONGEST_TAG})
    return names


def _input(ticket: Ticket, name: str) -> forms.Field:
    if name in CHOICES:
        return forms.ChoiceField(choices=CHOICES[name].choices)
    if name in NAMED:
        return _picker(NAMED[name]._default_manager.order_by("name"))
    if name == "category":
        return _picker(Category.objects.filter(parent=None, is_active=True).order_by("name"))
    if name == "subcategory":
        found = Category.objects.filter(parent=ticket.category_id, is_active=True)
        # str() of a subcategory names its parent, which is known here
        return _picker(found.exclude(parent=None).order_by("name"), ShortName)
    return TEXTS[name]()


class ShortName(forms.ModelChoiceField):
    """Chooses among things of one parent, by their own names."""

    def label_from_instance(self, obj: Model) -> str:
        return str(obj.name)  # type: ignore[attr-defined]


def _picker(
    found: QuerySet[Any], kind: type[forms.ModelChoiceField] = forms.ModelChoiceField
) -> forms.Field:
    return kind(found, required=False, empty_label=_("None"))


TEXTS: dict[str, Callable[[], forms.Field]] = {
    "title": lambda: Text(max_length=250),
    "description": lambda: Text(
        max_length=MOST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 6})
    ),
    "location": lambda: Text(max_length=150, required=False),
    "tags": lambda: Text(required=False, max_length=2000, help_text=_("Separated by commas")),
}


def _own_input(field: CustomField) -> forms.Field:
    options = [("", _("None")), *((option, option) for option in field.options)]
    inputs: dict[str, Callable[[], forms.Field]] = {
        FieldType.TEXT: lambda: Text(required=False, max_length=2000),
        FieldType.NUMBER: lambda: forms.FloatField(required=False),
        FieldType.DATE: lambda: forms.DateField(
            required=False, widget=forms.DateInput(attrs={"type": "date"})
        ),
        FieldType.BOOLEAN: lambda: forms.ChoiceField(
            required=False, choices=[("", _("None")), ("yes", _("Yes")), ("no", _("No"))]
        ),
        FieldType.CHOICE: lambda: forms.ChoiceField(required=False, choices=options),
    }
    return inputs[field.type]()


def _initial(ticket: Ticket, name: str, own: CustomField | None) -> Any:
    if own:
        value = ticket.custom_fields.get(own.key)
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    if name == "tags":
        return ", ".join(ticket.tags.order_by("name").values_list("name", flat=True))
    return getattr(ticket, f"{name}_id", None) or getattr(ticket, name)


def _plain(value: Any, own: CustomField) -> Any:
    """Return what a field cleaned, as JSON holds it; None where nothing was given."""
    if value in ("", None):
        return None
    if own.type == FieldType.BOOLEAN:
        return value == "yes"
    if own.type == FieldType.NUMBER:
        return int(value) if value == int(value) else value
    return value.isoformat() if own.type == FieldType.DATE else value


def _shown(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value["name"])
    if isinstance(value, list):
        return ", ".join(value)
    return str(WORDS.get(name, {}).get(value, value or ""))


def _own_shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


def _help(name: str) -> str:
    return _("Impact and urgency together give the priority.") if name == "priority" else ""


def _urls(reference: str) -> Callable[[str], str]:
    """Return how the facts of a ticket are addressed: the router is asked once, not for each."""
    blank = reverse("tickets:fact", args=[reference, "name"])
    return lambda name: blank.removesuffix("name") + name


def _nowhere(name: str) -> str:
    return ""
