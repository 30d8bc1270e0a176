"""Acts on the tickets that are selected in a queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from nova.accounts.models import User
from nova.web.http import Request
from nova.web.numbers import number_in
from tickets.acts import Step, added, steps_from
from tickets.forms import Answering, BulkAssignForm, StageForm
from tickets.models import REFERENCE, Ticket
from tickets.services import edit_many
from tickets.views.answers import ACTED, INVALID, dialog, done, needs

MOST = 1000
MANY = "/tickets/bulk/"


@dataclass(frozen=True, slots=True)
class BulkAct:
    """One act of the bar that appears when rows are selected."""

    url: str
    label: object
    icon: str
    key: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The tickets that an act is about; `left` counts those beyond what one act changes."""

    tickets: Sequence[Ticket]
    left: int

    @property
    def pks(self) -> list[int]:
        return [ticket.pk for ticket in self.tickets]


def bulk_acts(user: User) -> list[BulkAct]:
    """Return the acts that a person may do to many tickets."""
    if not user.has_perm("tickets.bulk_edit_tickets"):
        return []
    acts = [
        ("tickets.assign_ticket", "bulk_assign", gettext_lazy("Assign"), "user-plus", "a"),
        ("tickets.move_ticket", "bulk_stage", gettext_lazy("Move"), "arrow-right", "s"),
    ]
    own = [
        BulkAct(reverse(f"tickets:{name}"), label, icon, key)
        for permission, name, label, icon, key in acts
        if user.has_perm(permission)
    ]
    others = added(user.has_perm)
    return own + [BulkAct(f"{MANY}{act.path}", act.label, act.icon, act.key) for act in others]


@require_POST
@needs("bulk_edit_tickets", "assign_ticket")
def assign(request: Request) -> HttpResponse:
    """Ask who shall work on the selected tickets, and set them."""
    selected = selection(request)
    form = BulkAssignForm(stated(request), user=request.user)
    if form.is_valid():
        changes: dict[str, Any] = {**form.people(), "reason": form.cleaned_data["reason"]}
        return _edited(request, selected, changes)
    return asked(request, "tickets/assign.html", act_of("assign"), selected, form)


@require_POST
@needs("bulk_edit_tickets", "move_ticket")
def stage(request: Request) -> HttpResponse:
    """Ask for the stage that the selected tickets shall enter, and move those that may."""
    selected = selection(request)
    form = StageForm(stated(request), steps=_steps(selected.tickets))
    if form.is_valid():
        return _edited(request, selected, {"to": form.cleaned_data["to"], **form.words()})
    return asked(request, "tickets/stage.html", act_of("stage"), selected, form)


def selection(request: Request) -> Selection:
    """Return what is selected. The dialog names what it is about, and says how many it is not."""
    given = request.POST.getlist("reference")
    named = [REFERENCE.match(reference) for reference in given[:MOST]]
    numbers = [int(match[1]) for match in named if match]
    tickets = Ticket.objects.visible_to(request.user).filter(number__in=numbers).for_list()
    left = len(given[MOST:]) or number_in(request.POST.get("left", "")) or 0
    return Selection(list(tickets), left)


def stated(request: Request) -> Any:
    """Return what the dialog says; the bar itself only names the tickets."""
    if "asked" not in request.POST:
        return None
    stated = request.POST.copy()
    if "to_me" in stated:
        stated["assignee"] = str(request.user.pk)
    return stated


def _steps(tickets: Sequence[Ticket]) -> list[Step]:
    """Return every stage that at least one of the tickets may enter."""
    steps = {
        step.to: step for status in {t.status for t in tickets} for step in steps_from(status)
    }
    return list(steps.values())


def act_of(name: str) -> str:
    return reverse(f"tickets:bulk_{name}")


def asked(
    request: Request, template: str, action: str, selected: Selection, form: Answering
) -> HttpResponse:
    """Answer the dialog that asks what shall be done to the selected tickets."""
    context = {
        "tickets": selected.tickets,
        "left": selected.left,
        "left_words": _left_words(selected.left),
        "form": form,
        "action": action,
        "back": reverse("tickets:pulse"),
    }
    status = INVALID if form.is_bound else 200
    return dialog(request, template, context, status=status)


def _edited(request: Request, selected: Selection, changes: dict[str, Any]) -> HttpResponse:
    refused = edit_many(selected.pks, changes, actor=request.user, now=timezone.now())
    return acted(request, selected, refused)


def acted(request: Request, selected: Selection, refused: Mapping[str, str]) -> HttpResponse:
    """Answer that it is done, and which tickets refused and why."""
    tickets = selected.tickets
    said = _said(len(tickets) - len(refused), selected.left)
    queue = reverse("tickets:pulse")
    if not refused:
        return done(request, queue, said)
    titles = {ticket.reference: ticket.title for ticket in tickets}
    rows = [(reference, titles[reference], why) for reference, why in refused.items()]
    context = {"refused": rows, "said": said, "back": queue}
    response = dialog(request, "tickets/refused.html", context)
    return trigger_client_event(response, ACTED, {}) if request.htmx else response


def _said(changed: int, left: int) -> str:
    said = ngettext("%(count)s ticket changed.", "%(count)s tickets changed.", changed)
    return f"{said % {'count': changed}} {_left_words(left)}".rstrip()


def _left_words(left: int) -> str:
    """Say which of the selected tickets an act leaves alone; "" where it takes them all."""
    if not left:
        return ""
    words = ngettext(
        "One act takes up to %(most)s tickets: the last one selected stays as it is.",
        "One act takes up to %(most)s tickets: the last %(left)s selected stay as they are.",
        left,
    )
    return words % {"most": MOST, "left": left}
