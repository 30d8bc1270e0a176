"""What people state on the desk's pages. A form cleans; a service does."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.accounts.models import Team, User
from nova.text import Text
from tickets import rules
from tickets.acts import Step
from tickets.choices import ResolutionCode, Status
from tickets.models import Ticket
from tickets.people import by_team, workers
from tickets.serializers import MOST_TEXT
from tickets.timeline import Change

DAY_MINUTES = 24 * 60
MOST_REASON = 250


class Answering(forms.Form):
    """A form about a ticket as it was after its event `after`.

    `news` is what others did meanwhile, where it must be read before the form may be sent again.
    """

    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)
    news: Sequence[Change] = ()

    @property
    def seen(self) -> int | None:
        """Return the last event in view; None when the form does not say."""
        after: int | None = self.cleaned_data.get("after")
        return after

    def show_again(self, after: int) -> None:
        """Let the next sending count as having seen all up to `after`."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("after")] = str(after)
        self.data = data


class AssignForm(Answering):
    """Who works on a ticket. `others` keeps whoever has it now among the choices."""

    assignee = forms.TypedChoiceField(
        label=gettext_lazy("Assignee"), coerce=int, empty_value=None, required=False
    )
    backup = forms.TypedChoiceField(
        label=gettext_lazy("Backup"), coerce=int, empty_value=None, required=False
    )
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"), label=gettext_lazy("Team"), required=False
    )
    reason = Text(label=gettext_lazy("Reason"), max_length=MOST_REASON, required=False)
    blank = gettext_lazy("Nobody")

    def __init__(self, *args: Any, user: User, others: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = workers(user.tenant_id) | {person.pk: str(person) for person in others}
        choices = [("", self.blank), *by_team(people)]
        for name in ("assignee", "backup"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["team"].empty_label = self.blank  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        stated = super().clean() or self.cleaned_data
        if stated.get("backup") and stated["backup"] == stated.get("assignee"):
            self.add_error("backup", _("Choose somebody else than the assignee."))
        return stated

    def people(self) -> dict[str, User | Team | None]:
        """Return whom the form names, by the ticket's own names."""
        ids = {name: self.cleaned_data[name] for name in ("assignee", "backup")}
        found = User.objects.in_bulk([pk for pk in ids.values() if pk])
        people: dict[str, User | Team | None] = {
            name: found.get(pk) if pk else None for name, pk in ids.items()
        }
        return {**people, "team": self.cleaned_data["team"]}


class BulkAssignForm(AssignForm):
    """Who works on many tickets; what is left empty stays on each as it is."""

    blank = gettext_lazy("Leave as it is")

    def people(self) -> dict[str, User | Team | None]:
        return {name: one for name, one in super().people().items() if one is not None}


class StageForm(Answering):
    """To which stage, and the words that it needs."""

    to = forms.ChoiceField(
        label=gettext_lazy("Next stage"),
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": gettext_lazy("It cannot go there from where it is now.")
        },
    )
    reason = Text(
        label=gettext_lazy("Reason"),
        max_length=MOST_REASON,
        required=False,
        help_text=gettext_lazy("What is it waiting for? Everybody on the desk reads this."),
    )
    resolution = Text(
        label=gettext_lazy("Resolution"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What was wrong, and what helped?"),
    )
    resolution_code = forms.ChoiceField(
        label=gettext_lazy("How it was solved"), choices=ResolutionCode.choices, required=False
    )

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(step.to, step.verb) for step in steps]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        stated = super().clean() or self.cleaned_data
        to = stated.get("to")
        if to in rules.AWAITING and not stated.get("reason"):
            self.add_error("reason", _("Say what it waits for."))
        if to == Status.RESOLVED and not stated.get("resolution"):
            self.add_error("resolution", _("Say what helped: the requester reads it."))
        return stated

    def words(self) -> dict[str, Any]:
        """Return the words that belong to the stage asked for."""
        stated = self.cleaned_data
        if stated["to"] == Status.RESOLVED:
            return {name: stated[name] for name in ("resolution", "resolution_code")}
        return {"reason": stated["reason"]}


class MergeForm(Answering):
    """Into which ticket, and why."""

    into = Text(
        label=gettext_lazy("Into the ticket"),
        max_length=20,
        help_text=gettext_lazy("Its reference, such as T-1042. It goes on; this one ends."),
    )
    reason = Text(label=gettext_lazy("Reason"), max_length=MOST_REASON, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_into(self) -> Ticket:
        found = Ticket.objects.visible_to(self.user).with_reference(self.cleaned_data["into"])
        if found is None:
            raise forms.ValidationError(_("There is no such ticket."))
        return found


class ReplyForm(forms.Form):
    """Words to the requester, or a note among the desk; with files."""

    kind = forms.ChoiceField(choices=[("reply", ""), ("note", "")])
    body = Text(
        max_length=MOST_TEXT,
        error_messages={"required": gettext_lazy("Write something first.")},
    )
    last_seen = forms.IntegerField(min_value=0, required=False)
    send_anyway = forms.BooleanField(required=False)

    @property
    def is_internal(self) -> bool:
        return bool(self.cleaned_data["kind"] == "note")


class TimeForm(forms.Form):
    """Work done, in whole minutes, up to a day."""

    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=DAY_MINUTES)
    note = Text(label=gettext_lazy("What for"), max_length=500, required=False)
    is_billable = forms.BooleanField(label=gettext_lazy("Billable"), required=False)


def assign_initial(ticket: Ticket, after: int) -> dict[str, Any]:
    """Return what the assign form shows first: who works on the ticket now."""
    return {
        "assignee": ticket.assignee_id,
        "backup": ticket.backup_id,
        "team": ticket.team_id,
        "after": after,
    }
