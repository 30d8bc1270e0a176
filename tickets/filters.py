"""What tickets can be filtered by: one meaning in the queue's address, the API and exports."""

from typing import Any

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from nova.web.numbers import number_in
from tickets.choices import Kind, Level, Module, Priority, SlaState, Source, Status, TicketType
from tickets.lens import Lens
from tickets.models import Ticket, TicketQuerySet


class CommaFilter(filters.BaseInFilter, filters.ChoiceFilter):
    """One or several of a list of choices, such as `status=new,acknowledged`."""


class IdField(forms.CharField):
    """The id of a thing: a whole number, and nothing that could be taken for another one."""

    words: tuple[str, ...] = ()  # what may stand in the place of a number
    refusal = gettext_lazy("Give a whole number.")

    def clean(self, value: Any) -> int | str | None:
        text: str = super().clean(value)
        if not text or text in self.words:
            return text or None
        number = number_in(text)
        if number is None:
            raise forms.ValidationError(self.refusal)
        return number


class AssigneeField(IdField):
    words = ("me", "none")
    refusal = gettext_lazy("Give a whole number, me or none.")


class IdFilter(filters.Filter):
    """One thing, by its id."""

    field_class = IdField


class AssigneeFilter(filters.Filter):
    """One person by their id, `me`, or `none` for nobody."""

    field_class = AssigneeField


class TicketFilter(filters.FilterSet):
    """The filters of tickets. `vip` is there only for those who may see the flag."""

    status = CommaFilter(choices=Status.choices)
    type = CommaFilter(choices=TicketType.choices)
    kind = CommaFilter(choices=Kind.choices)
    priority = CommaFilter(choices=Priority.choices)
    impact = CommaFilter(choices=Level.choices)
    urgency = CommaFilter(choices=Level.choices)
    module = CommaFilter(choices=Module.choices)
    source = CommaFilter(choices=Source.choices)
    sla = CommaFilter(field_name="sla_state", choices=SlaState.choices[1:])
    service = IdFilter(field_name="service_id")
    region = IdFilter(field_name="region_id")
    department = IdFilter(field_name="department_id")
    site = IdFilter(field_name="site_id")
    category = IdFilter(field_name="category_id")
    team = IdFilter(field_name="team_id")
    requester = IdFilter(field_name="requester_id")
    assignee = AssigneeFilter(method="of_assignee")
    tag = filters.CharFilter(field_name="tags__name")
    open = filters.BooleanFilter(method="that_are_open")
    vip = filters.BooleanFilter(method="of_vips")
    created_after = filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="lt")
    q = filters.CharFilter(method="with_words")

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, *args: Any, **kwargs: Any) -> None:
        # Only what is asked for: to copy all of them costs more than to read a page of tickets.
        asked = {k: v for k, v in self.base_filters.items() if k in data}  # type: ignore[has-type]
        self.base_filters = asked
        super().__init__(data, *args, **kwargs)

    def of_assignee(self, tickets: TicketQuerySet, name: str, value: Any) -> TicketQuerySet:
        """Keep a person's tickets: their id, `me`, or `none` for nobody's."""
        if value == "none":
            return tickets.filter(assignee=None)
        if value == "me":
            return tickets.filter(assignee=self.request.user)
        return tickets.filter(assignee_id=value)

    def that_are_open(self, tickets: TicketQuerySet, name: str, value: bool) -> TicketQuerySet:
        return tickets.unresolved() if value else tickets.exclude(resolved_at=None)

    def of_vips(self, tickets: TicketQuerySet, name: str, value: bool) -> TicketQuerySet:
        return tickets.exclude(vip_level="") if value else tickets.filter(vip_level="")

    def with_words(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep those whose title or description has all the words, or which are named so."""
        return tickets.with_words(value)


def filterset(request: Any, tickets: TicketQuerySet) -> TicketFilter:
    """Return the filters that the caller may use, fed with the request's parameters."""
    found = TicketFilter(request.GET, queryset=tickets, request=request)
    lens = Lens.of(request.user)
    for name, may in (
        *(("vip", lens.vip), ("sla", lens.clocks)),
        *(("team", lens.desk), ("tag", lens.desk)),  # what the desk arranges among itself
    ):
        if not may:
            found.filters.pop(name, None)
    return found
