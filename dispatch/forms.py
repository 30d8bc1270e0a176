"""What people type of engineers: what they know, their week, and days that are otherwise."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dispatch import rules
from dispatch.choices import ChangeKind, Weekday
from dispatch.engine.facts import TOP_LEVEL
from dispatch.languages import LANGUAGES
from dispatch.models import Certificate, Engineer, Skill
from dispatch.models.engineers import MOST_POINTS
from dispatch.services import Hours, Stated, StatedChange
from dispatch.services.overriding import APPROVE
from nova.accounts.choices import PersonKind
from nova.accounts.models import Site, User
from nova.accounts.permissions import SEE_VIPS
from nova.text import Text

HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-\u2013]\s*(\d{1,2})(?::(\d{2}))?")
MIDNIGHT = 24
DAY = {"type": "date"}


class Day(forms.DateInput):
    """A day, as browsers ask for one."""

    def __init__(self) -> None:
        super().__init__(DAY, format="%Y-%m-%d")


class Clock(forms.TimeInput):
    """A time of the day, to the minute."""

    def __init__(self) -> None:
        super().__init__({"type": "time"}, format="%H:%M")


class KnownForm(forms.Form):
    """Which languages one speaks, and what one knows how well. One of each can be added."""

    def __init__(self, engineer: Engineer, stated: Any = None, *, top: int) -> None:
        super().__init__(stated, label_suffix="")
        self.engineer = engineer
        self.held = list(engineer.skills.select_related("skill").order_by("skill__name"))
        for row in self.held:
            highest = max(top, row.level)
            self.fields[f"skill_{row.skill_id}"] = forms.TypedChoiceField(
                label=row.skill.name, coerce=int, choices=_levels(highest), initial=row.level
            )
        others = Skill.objects.exclude(pk__in=[row.skill_id for row in self.held])
        self.fields["more"] = forms.ModelChoiceField(
            others.order_by("name"), label=_("Another skill"), required=False
        )
        self.fields["more_level"] = forms.TypedChoiceField(
            label=_("How well"), coerce=int, choices=_levels(top)[1:], initial=1, required=False
        )
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Languages"),
            choices=[(code, LANGUAGES.get(code, code)) for code in engineer.languages],
            initial=engineer.languages,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        if not engineer.languages:
            del self.fields["languages"]
        free = [(code, name) for code, name in LANGUAGES.items() if code not in engineer.languages]
        self.fields["language"] = forms.ChoiceField(
            label=_("Another language"), choices=[("", "—"), *free], required=False
        )

    def known(self) -> dict[str, Any]:
        """Return languages and skills, as the services take them."""
        given = self.cleaned_data
        skills = {row.skill_id: given[f"skill_{row.skill_id}"] for row in self.held}
        if given["more"]:
            skills[given["more"].pk] = given["more_level"] or 1
        languages = [*given.get("languages", []), *filter(None, [given["language"]])]
        return {
            "skills": {pk: level for pk, level in skills.items() if level},
            "languages": languages,
        }


class ManagedForm(forms.Form):
    """What a lead settles of an engineer besides."""

    takes_work = forms.BooleanField(label=_("Takes work"), required=False)
    capacity = forms.IntegerField(
        label=_("Capacity"),
        min_value=0,
        max_value=MOST_POINTS,
        help_text=_("In points: an ordinary ticket that is worked on is 100"),
    )
    is_for_vips = forms.BooleanField(label=_("Preferred for VIPs"), required=False)
    sites = forms.ModelMultipleChoiceField(
        Site.objects.order_by("name"),
        label=_("Sites"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: all of them"),
    )

    def __init__(self, engineer: Engineer, stated: Any = None, *, viewer: User) -> None:
        names = ("takes_work", "capacity", "is_for_vips")
        initial = {name: getattr(engineer, name) for name in names}
        initial["sites"] = list(engineer.sites.values_list("pk", flat=True))
        super().__init__(stated, initial=initial, label_suffix="")
        if not viewer.has_perm(SEE_VIPS):
            del self.fields["is_for_vips"]
        self.held = list(engineer.certificates.select_related("certificate"))
        for row in self.held:
            name = row.certificate.name
            self.fields[f"until_{row.certificate_id}"] = forms.DateField(
                label=_("%(name)s until") % {"name": name},
                initial=row.expires_on,
                required=False,
                widget=Day,
            )
            self.fields[f"gone_{row.certificate_id}"] = forms.BooleanField(
                label=_("%(name)s is gone") % {"name": name}, required=False
            )
        others = Certificate.objects.exclude(pk__in=[row.certificate_id for row in self.held])
        self.fields["more"] = forms.ModelChoiceField(
            others.order_by("name"), label=_("Another certificate"), required=False
        )
        self.fields["more_until"] = forms.DateField(
            label=_("Its last day"), required=False, widget=Day, help_text=_("Empty: for good")
        )

    def stated(self) -> Stated:
        """Return what is stated, as the services take it."""
        given = self.cleaned_data
        papers = {
            row.certificate_id: given[f"until_{row.certificate_id}"]
            for row in self.held
            if not given[f"gone_{row.certificate_id}"]
        }
        if given["more"]:
            papers[given["more"].pk] = given["more_until"]
        stated: Stated = {
            "takes_work": given["takes_work"],
            "capacity": given["capacity"],
            "sites": [site.pk for site in given["sites"]],
            "certificates": papers,
        }
        if "is_for_vips" in given:
            stated["is_for_vips"] = given["is_for_vips"]
        return stated


class WeekForm(forms.Form):
    """The hours of each weekday, such as "8-12, 13-17:30"; "22-6" ends on the next day."""

    def __init__(self, engineer: Engineer, stated: Any = None) -> None:
        super().__init__(stated, label_suffix="")
        said: dict[int, list[str]] = {day: [] for day in Weekday}
        for shift in engineer.shifts.all():
            said[shift.weekday].append(f"{shift.opens:%H:%M}-{shift.closes:%H:%M}")
        for day in Weekday:
            self.fields[f"day_{day.value}"] = HoursField(
                label=day.label, initial=", ".join(said[day]), required=False, max_length=80
            )

    def week(self) -> list[Hours]:
        return [
            Hours(day.value, opens, closes)
            for day in Weekday
            for opens, closes in self.cleaned_data[f"day_{day.value}"]
        ]


class HoursField(forms.CharField):
    """Hours of a day: from and to, several of them with commas between."""

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        return [_hours(part.strip()) for part in said.split(",") if part.strip()]


class ChangeForm(forms.Form):
    """Days on which somebody works otherwise."""

    kind = forms.ChoiceField(label=_("What"), choices=ChangeKind.choices)
    first = forms.DateField(label=_("First day"), widget=Day)
    last = forms.DateField(
        label=_("Last day"), required=False, widget=Day, help_text=_("Empty: this one day")
    )
    opens = forms.TimeField(label=_("From"), required=False, widget=Clock)
    closes = forms.TimeField(
        label=_("To"), required=False, widget=Clock, help_text=_("Only for other hours")
    )
    reason = Text(label=_("Note"), max_length=200, required=False)

    def __init__(
        self, stated: Any = None, *, kinds: Iterable[str], day: date | None = None
    ) -> None:
        super().__init__(stated, initial={"first": day}, label_suffix="")
        offered: Any = self.fields["kind"]
        offered.choices = [(kind, ChangeKind(kind).label) for kind in kinds]

    def change(self) -> StatedChange:
        given = self.cleaned_data
        return StatedChange(**{**given, "last": given["last"] or given["first"]})


class NewEngineerForm(forms.Form):
    """Who is given work from now on: somebody of the desk who is not yet."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Who"))

    def __init__(self, viewer: User, stated: Any = None) -> None:
        super().__init__(stated, label_suffix="")
        people = User.objects.visible_to(viewer).with_permission("dispatch.edit_own_engineer")
        free = people.filter(kind=PersonKind.PERSON, engineer=None)
        offered: Any = self.fields["person"]
        offered.queryset = free.order_by("name", "pk")


def kinds_for(*, manages: bool) -> Sequence[str]:
    """Return what days may be stated as, by a lead or by oneself."""
    return ChangeKind.values if manages else rules.OWN_KINDS


def _levels(top: int) -> list[tuple[int, Any]]:
    words = {1: _("1 a little"), 3: _("3 well"), TOP_LEVEL: _("5 teaches it")}
    return [(0, _("not any more")), *((n, words.get(n, str(n))) for n in range(1, top + 1))]


def _hours(said: str) -> tuple[time, time]:
    found = HOURS.fullmatch(said)
    try:
        if found is None:
            raise ValueError(said)
        opens, closes = (_time(*found.group(at, at + 1)) for at in (1, 3))
    except ValueError as error:
        message = _("Write hours such as 8-12, 13-17:30, and not “%(said)s”.")
        raise ValidationError(message % {"said": said}) from error
    return opens, closes


def _time(hour: str, minute: str | None) -> time:
    rest = int(minute or 0)
    return time() if int(hour) == MIDNIGHT and not rest else time(int(hour), rest)


class OverrideForm(forms.Form):
    """Who shall have it, why, and who approves of it: oneself, where one may."""

    chosen = forms.ModelChoiceField(User.objects.none(), label=_("Who shall work on it"))
    reason = Text(label=_("Why not whom the engine names"), max_length=250)
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
        if self.initial.get("chosen"):  # who it shall be is said already
            self.fields["reason"].widget.attrs["autofocus"] = True


class SettleForm(forms.Form):
    """What is said to a decision on a wish."""

    comment = Text(max_length=250, required=False)
