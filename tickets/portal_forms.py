"""What requesters are asked, in their words. A form checks; services write."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.accounts.choices import ProxyScope
from nova.accounts.models import User
from nova.text import Text
from tickets.choices import FieldType, Kind, Level, Score, Source
from tickets.custom_fields import LONGEST, BadValues, cleaned
from tickets.intake import TicketDraft
from tickets.models import Category, CustomField, DeskSettings, Rating
from tickets.portal import portal_fields

MOST_TEXT = 50_000
MOST_COMMENT = 2_000
MOST_FILES = 10
PRESSING = (
    (Level.HIGH, gettext_lazy("I cannot go on working")),
    (Level.MEDIUM, gettext_lazy("It slows me down")),
    (Level.LOW, gettext_lazy("It can wait")),
)
OWN = "own_"


class Files(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, each within the tenant's bounds."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = [super(FilesField, self).clean(one, initial) for one in data or []]
        if len(uploads) > MOST_FILES:
            message = _("Send at most %(most)s files at once.") % {"most": MOST_FILES}
            raise forms.ValidationError(message)
        return uploads


class PersonsForm(forms.Form):
    """A form of somebody who may send files along, as large as their tenant takes them."""

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.person = person
        if not person.has_perm("tickets.attach_file"):
            del self.fields["attachments"]

    def clean_attachments(self) -> list[UploadedFile]:
        uploads: list[UploadedFile] = self.cleaned_data["attachments"]
        if uploads:
            most = DeskSettings.objects.get(tenant=self.person.tenant_id).max_attachment_bytes
            for upload in uploads:
                _check_size(upload, most)
        return uploads


class ReportForm(PersonsForm):
    """What is wrong, and what helps to put it right. `once` tells one form from the next."""

    once = forms.CharField(
        initial=partial(get_random_string, 32),
        max_length=32,
        required=False,
        widget=forms.HiddenInput,
    )
    requester = forms.TypedChoiceField(
        label=gettext_lazy("For whom?"), coerce=int, required=False, empty_value=None
    )
    title = Text(
        label=gettext_lazy("What is wrong?"),
        max_length=250,
        error_messages={"required": gettext_lazy("Say in a few words what is wrong.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    details = Text(
        label=gettext_lazy("Tell us more"),
        help_text=gettext_lazy("What did you try, and what happened then?"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-submit-key": True}),
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How pressing is it?"),
        choices=PRESSING,
        initial=Level.MEDIUM,
        widget=forms.RadioSelect,
    )
    category = forms.ChoiceField(
        label=gettext_lazy("What is it about?"), required=False, widget=forms.RadioSelect
    )
    location = Text(
        label=gettext_lazy("Where is it?"),
        help_text=gettext_lazy("A room, a desk, a machine"),
        max_length=150,
        required=False,
    )
    attachments = FilesField(
        label=gettext_lazy("Photos or files"),
        help_text=gettext_lazy("A picture of the screen often says it all."),
        required=False,
    )

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, person=person, **options)
        self.people = _people(person)
        self._ask_for_whom()
        self.own = list(portal_fields(Kind.INCIDENT))
        self.fields["details"].widget.attrs["data-draft"] = f"report:person:{person.pk}"
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("I am not sure")),
            *_categories(person),
        ]
        for field in self.own:
            self.fields[OWN + field.key] = _asked(field)

    def _ask_for_whom(self) -> None:
        """Ask only those who may report for somebody."""
        if not self.people:
            del self.fields["requester"]
            return
        names = [(other.pk, other.name) for other in self.people.values()]
        self.fields["requester"].choices = [("", _("Myself")), *names]  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        """Check the tenant's own fields by the rules that the API keeps, too."""
        values = {
            field.key: value
            for field in self.own
            if (value := _stated(self.cleaned_data.get(OWN + field.key))) is not None
        }
        try:
            own = cleaned(values, Kind.INCIDENT, is_requester=True)
        except BadValues as error:
            for key, message in error.errors.items():
                if OWN + key not in self.errors:
                    self.add_error(OWN + key, message)
            return self.cleaned_data
        return {**self.cleaned_data, "custom_fields": own}

    def to_draft(self, *, now: datetime) -> TicketDraft:
        """Return the report as a ticket of its own kind: the desk decides on the rest."""
        stated = self.cleaned_data
        return TicketDraft(
            requester=self.people.get(stated.get("requester") or 0, self.person),
            submitted_by=self.person,
            title=stated["title"],
            description=stated["details"],
            urgency=stated["urgency"],
            category_id=int(stated["category"]) if stated["category"] else None,
            location=stated["location"],
            custom_fields=stated["custom_fields"],
            source=Source.PORTAL,
            opened_at=now,
        )


class AnswerForm(PersonsForm):
    """Words of the requester on their ticket, with files."""

    body = Text(max_length=MOST_TEXT, required=False)
    attachments = FilesField(label=gettext_lazy("Photos or files"), required=False)

    def __init__(self, *args: Any, needs_words: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.needs_words = needs_words

    def clean(self) -> dict[str, Any]:
        stated = self.cleaned_data
        if self.needs_words and not (stated.get("body") or stated.get("attachments")):
            raise forms.ValidationError(self.needs_words)
        return stated


class RatingForm(forms.Form):
    """How it was, and perhaps why."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("How was it?"),
        coerce=int,
        choices=Score.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the five.")},
    )
    comment = Text(
        label=gettext_lazy("What was good, or what could be better?"),
        max_length=MOST_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "rating-%s", "label_suffix": "", **options})

    @classmethod
    def of(cls, rating: Rating | None) -> "RatingForm":
        """Return the form with the answer so far."""
        said = {"stars": rating.score, "comment": rating.comment} if rating else {}
        return cls(initial=said)


def _people(person: User) -> dict[int, User]:
    """Return by id those for whom a person may report, by name."""
    whom = [pk for pk, scopes in person.stands_for.items() if ProxyScope.SUBMIT in scopes]
    found = User.objects.filter(pk__in=whom).order_by("name", "pk") if whom else ()
    return {other.pk: other for other in found}


def _categories(person: User) -> Sequence[tuple[str, str]]:
    found = Category.objects.filter(tenant=person.tenant_id, parent=None, is_active=True)
    return [(str(pk), name) for pk, name in found.order_by("name").values_list("pk", "name")]


def _asked(field: CustomField) -> forms.Field:
    """Return the question that a tenant's own field asks."""
    options: dict[str, Any] = {"label": field.label, "required": field.is_required}
    match FieldType(field.type):
        case FieldType.NUMBER:
            return forms.FloatField(**options)
        case FieldType.DATE:
            return forms.DateField(**options, widget=forms.DateInput(attrs={"type": "date"}))
        case FieldType.BOOLEAN:
            return forms.BooleanField(label=field.label, required=False)
        case FieldType.CHOICE:
            choices = [("", "—"), *((option, option) for option in field.options)]
            return forms.ChoiceField(**options, choices=choices)
        case _:
            return Text(**options, max_length=LONGEST)


def _stated(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


def _check_size(upload: UploadedFile, most: int) -> None:
    if (upload.size or 0) > most:
        said = {"name": upload.name, "mib": most >> 20}
        message = _("%(name)s is larger than %(mib)s MB. Choose a smaller one.")
        raise forms.ValidationError(message % said)
