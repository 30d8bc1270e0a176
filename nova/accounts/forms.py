"""What people type to come in, and to look after themselves. No form writes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import ProxyScope
from nova.accounts.models import User
from nova.accounts.permissions import choices_for
from nova.accounts.rules import EVERYTHING, ends_in_vain
from nova.accounts.zones import zone_names
from nova.text import Text

WORKS_AT_DESK = "tickets.view_ticket"
CODE = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "off"}


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in zone_names()]


@cache
def _zone_options() -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', _zones())


class ZoneSelect(forms.Select):
    """A list of all zones, drawn once per process: a template for each option costs 50 ms."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = _zone_options()
        if value in zone_names():
            mark = format_html('value="{}"', value)
            options = SafeString(options.replace(mark, f"{mark} selected", 1))
        drawn = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", drawn, options)


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=20, widget=forms.TextInput({**CODE, "autofocus": True})
    )


class ResetForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}),
    )


class PasswordForm(forms.Form):
    """Asks for the password once more, before something that a stranger must not do."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise ValidationError(_("This is not your password."))
        return password


class ProfileForm(forms.ModelForm):
    """What people may change of themselves."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=lazy(_zones, list), widget=ZoneSelect)

    class Meta:
        model = User
        fields = ["name", "phone", "zone"]
        labels = {"name": _("Name"), "phone": _("Phone")}
        field_classes = {"name": Text, "phone": Text}
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "phone": forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        }


class Minute(forms.DateTimeInput):
    """An instant, to the minute, in the time of whoever chooses it."""

    def __init__(self) -> None:
        super().__init__({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class AbsenceForm(forms.Form):
    """Until when somebody is away, and who is told of what would be theirs to hear."""

    until = forms.DateTimeField(
        label=_("Away until"),
        required=False,
        widget=Minute,
        help_text=_("Empty: you are here."),
    )
    stands_in = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who stands in"),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Hears of escalations in your place."),
    )

    def __init__(self, person: User, stated: Any = None) -> None:
        known = {"until": person.away_until, "stands_in": person.stands_in_id}
        super().__init__(stated, initial=known)
        others = User.objects.visible_to(person).with_permission(WORKS_AT_DESK)
        choices = others.exclude(pk=person.pk).order_by("name", "pk")
        self.fields["stands_in"].queryset = choices  # type: ignore[attr-defined]


class ProxyForm(forms.Form):
    """Who shall act for somebody: one of those who were found, in what, from when until when."""

    proxy = forms.TypedChoiceField(label=_("Who"), coerce=int, widget=forms.RadioSelect)
    scopes = forms.MultipleChoiceField(
        label=_("What they may do"),
        choices=ProxyScope.choices,
        initial=[ProxyScope.SUBMIT, ProxyScope.VIEW, ProxyScope.REPLY],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Approvals are still to come: until then, to approve is nothing."),
        error_messages={"required": _("Choose at least one thing.")},
    )
    starts_at = forms.DateTimeField(
        label=_("From"), required=False, widget=Minute, help_text=_("Empty: from now on.")
    )
    ends_at = forms.DateTimeField(
        label=_("Until"), required=False, widget=Minute, help_text=_("Empty: until it is ended.")
    )
    reason = Text(label=_("Why"), max_length=250, required=False)

    def __init__(self, found: Iterable[User], stated: Any = None, *, now: datetime) -> None:
        people = {person.pk: person for person in found}
        alone = next(iter(people)) if len(people) == 1 else None
        super().__init__(stated, initial={"proxy": alone}, label_suffix="")
        self.people, self.now = people, now
        choices = [(pk, _described(person)) for pk, person in people.items()]
        self.fields["proxy"].choices = choices  # type: ignore[attr-defined]

    def clean_ends_at(self) -> datetime | None:
        ends_at: datetime | None = self.cleaned_data["ends_at"]
        if ends_in_vain(self.cleaned_data.get("starts_at"), ends_at, self.now):
            raise ValidationError(_("It must end in the future, and after it starts."))
        return ends_at

    def terms(self) -> dict[str, Any]:
        """Return what was chosen, as `appoint_proxy` takes it."""
        return {**self.cleaned_data, "proxy": self.people[self.cleaned_data["proxy"]]}


def _described(person: User) -> str:
    place = f", {person.department}" if person.department else ""
    return f"{person.name}{place} ({person.email})"


class OwnKeyForm(forms.Form):
    """What somebody's new key is for, how long, and how much of what they may do it may do."""

    name = Text(
        label=_("Name"), max_length=100, help_text=_("Such as the program that will use it.")
    )
    days = forms.TypedChoiceField(
        label=_("It ends"),
        coerce=int,
        choices=[
            (30, _("after 30 days")),
            (90, _("after 90 days")),
            (365, _("after a year")),
            (0, _("only when I revoke it")),
        ],
        initial=90,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the key may do.")},
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = (EVERYTHING, _("Everything that I may do, now and later"))
        self.fields["scopes"].choices = [everything, *choices_for(person.permissions)]  # type: ignore[attr-defined]

    def expires_at(self, now: datetime) -> datetime | None:
        days: int = self.cleaned_data["days"]
        return now + timedelta(days=days) if days else None
