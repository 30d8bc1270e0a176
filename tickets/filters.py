"""What tickets can be filtered by: one meaning in the queue's address, the API and exports."""

from typing import Any

import django_filters as filters
from django.http import QueryDict

from nova.web.numbers import number_in
from tickets.choices import Kind, Level, Module, Priority, SlaState, Source, Status, TicketType
from tickets.lens import Lens
from tickets.models import Ticket, TicketQuerySet


class CommaFilter(filters.BaseInFilter, filters.ChoiceFilter):
    """One or several of a list of choices, such as `status=new,acknowledged`."""


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
    service = filters.NumberFilter(field_name="service_id")
    region = filters.NumberFilter(field_name="region_id")
    department = filters.NumberFilter(field_name="department_id")
    site = filters.NumberFilter(field_name="site_id")
    category = filters.NumberFilter(field_name="category_id")
    team = filters.NumberFilter(field_name="team_id")
    requester = filters.NumberFilter(field_name="requester_id")
    assignee = filters.CharFilter(method="of_assignee")
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

    def of_assignee(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep a person's tickets: their id, `me`, or `none` for nobody's."""
        if value == "none":
            return tickets.filter(assignee=None)
        if value == "me":
            return tickets.filter(assignee=self.request.user)
        person_id = number_in(value)
        return tickets.none() if person_id is None else tickets.filter(assignee_id=person_id)

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
