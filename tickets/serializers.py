"""What callers state. A serializer validates and never saves; `tickets.shape` shows tickets."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from rest_framework import serializers

from nova.accounts.models import Department, Region, Service, Site, Team, User
from nova.api.fields import Named, Person
from nova.api.serializers import StrictSerializer, Text
from tickets import choices
from tickets.custom_fields import BadValues, cleaned
from tickets.fields import Requester, Worker
from tickets.intake import TicketDraft
from tickets.lens import Lens
from tickets.models import Category, Ticket
from tickets.satisfaction import DIMENSIONS

MOST_TEXT = 50_000
MOST_TAGS = 20
MOST_DAYS = 3 * 366
EARLIEST, LATEST = 1970, 2100
# What only the desk decides; a requester who states one of these is refused.
DESK_ONLY = {
    "impact",
    "type",
    "source",
    "module",
    "department",
    "region",
    "site",
    "tags",
    "team",
}


class TicketFields(StrictSerializer):
    """What opening and editing have in common."""

    title = Text(250)
    description = Text(MOST_TEXT, allow_blank=True, required=False)
    kind = serializers.ChoiceField(choices.Kind.choices, required=False)
    type = serializers.ChoiceField(choices.TicketType.choices, required=False)
    impact = serializers.ChoiceField(choices.Level.choices, required=False)
    urgency = serializers.ChoiceField(choices.Level.choices, required=False)
    module = serializers.ChoiceField(choices.Module.choices, required=False)
    category = Named(Category, required=False, allow_null=True)
    subcategory = Named(Category, required=False, allow_null=True)
    department = Named(Department, required=False, allow_null=True)
    service = Named(Service, required=False, allow_null=True)
    region = Named(Region, required=False, allow_null=True)
    site = Named(Site, required=False, allow_null=True)
    location = Text(150, allow_blank=True, required=False)
    custom_fields = serializers.DictField(required=False)
    tags = serializers.ListField(child=Text(50), required=False, max_length=MOST_TAGS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not self.viewer_lens.desk:
            stated = sorted(DESK_ONLY & attrs.keys())
            if stated:
                raise serializers.ValidationError(
                    dict.fromkeys(stated, "Only the desk decides this.")
                )
        parent = attrs.get("category") or self.context.get("category")
        child = attrs.get("subcategory")
        if child and (parent is None or child.parent_id != parent.pk):
            message = "This is no subcategory of the category."
            raise serializers.ValidationError({"subcategory": message})
        return attrs

    @property
    def viewer(self) -> User:
        viewer: User = self.context["request"].user
        return viewer

    @property
    def viewer_lens(self) -> Lens:
        return Lens.of(self.viewer)

    def clean_own(self, values: dict[str, Any], kind: str, *, partial: bool) -> dict[str, Any]:
        """Return the values of custom fields, checked."""
        is_requester = not self.viewer_lens.desk
        try:
            return cleaned(values, kind, is_requester=is_requester, partial=partial)
        except BadValues as error:
            raise serializers.ValidationError({"custom_fields": error.errors}) from error


class OpenTicketSerializer(TicketFields):
    """What a caller states to open a ticket. Only `title` is needed.

    `requester` is whom it is for: the caller, or somebody in whose name they may open tickets.
    """

    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices.Source.choices, required=False
    )
    requester = Requester(required=False)
    team = Named(Team, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        kind = attrs.get("kind", choices.Kind.INCIDENT)
        own = self.clean_own(attrs.get("custom_fields", {}), kind, partial=False)
        return {**attrs, "custom_fields": own}

    def to_draft(self, *, now: datetime) -> TicketDraft:
        """Return the ticket as stated. Whom it is for defaults to the caller."""
        stated = dict(self.validated_data)
        requester = stated.pop("requester", self.viewer)
        stated["tags"] = tuple(stated.pop("tags", ()))
        stated.setdefault("source", choices.Source.API)
        named = {
            f"{name}_id" if isinstance(value, Model) else name: _plain(value)
            for name, value in stated.items()
            if value is not None
        }
        return TicketDraft(requester=requester, submitted_by=self.viewer, opened_at=now, **named)


class EditTicketSerializer(TicketFields):
    """What a caller states to edit a ticket: only what shall change."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        ticket = self.context["ticket"]
        if "custom_fields" in attrs:
            kind = attrs.get("kind", ticket.kind)
            own = self.clean_own(attrs["custom_fields"], kind, partial=True)
            attrs["custom_fields"] = {**ticket.custom_fields, **own}
        if attrs.get("category", ticket.category) != ticket.category:
            attrs.setdefault("subcategory", None)
        return attrs


class MoveSerializer(StrictSerializer):
    """To which stage. Awaiting stages need a reason."""

    to = serializers.ChoiceField(choices.Status.choices)
    reason = Text(250, allow_blank=True, required=False)
    resolution = Text(MOST_TEXT, allow_blank=True, required=False)
    resolution_code = Text(60, allow_blank=True, required=False)


class AssignSerializer(StrictSerializer):
    """Who works on it. `engineer` is the assignee; null takes the work away."""

    engineer = Worker(required=False, allow_null=True)
    backup = Worker(required=False, allow_null=True)
    team = Named(Team, required=False, allow_null=True)
    reason = Text(250, allow_blank=True, required=False)

    def people(self) -> dict[str, Model | None]:
        """Return what was stated, by the ticket's own names."""
        stated = dict(self.validated_data)
        stated.pop("reason", None)
        if "engineer" in stated:
            stated["assignee"] = stated.pop("engineer")
        return stated


class MergeSerializer(StrictSerializer):
    """Of which ticket it is a duplicate."""

    into = Text(20)
    reason = Text(250, allow_blank=True, required=False)

    def validate_into(self, reference: str) -> Ticket:
        found = Ticket.objects.visible_to(self.context["request"].user).with_reference(reference)
        if found is None:
            raise serializers.ValidationError("There is no such ticket.")
        return found


class CommentSerializer(StrictSerializer):
    """Words in Markdown. `seen_version` guards against answering over an unseen reply."""

    body = Text(MOST_TEXT)
    is_internal = serializers.BooleanField(default=False)
    seen_version = serializers.IntegerField(required=False, min_value=1)


class FileSerializer(StrictSerializer):
    """What is stated beside a file."""

    is_internal = serializers.BooleanField(default=False)


class WatcherSerializer(StrictSerializer):
    """Who is told; by default the caller."""

    person = Person(required=False)


class RatingSerializer(StrictSerializer):
    """How it was: 4 and 5 are satisfied."""

    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = Text(2000, allow_blank=True, required=False)


class SatisfactionSerializer(StrictSerializer):
    """Days of UTC, both inclusive, and by what to divide."""

    since = serializers.DateField()
    until = serializers.DateField()
    by = serializers.ChoiceField(list(DIMENSIONS), default="team")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        days = (attrs["until"] - attrs["since"]).days
        if not (0 <= days <= MOST_DAYS and EARLIEST <= attrs["since"].year <= LATEST):
            raise serializers.ValidationError({"until": "Ask for three years at the most."})
        return attrs


class TimeEntrySerializer(StrictSerializer):
    """Work done, in whole minutes, up to a day."""

    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60)
    note = Text(500, allow_blank=True, required=False)
    is_billable = serializers.BooleanField(default=False)
    worked_on = serializers.DateField(required=False)


class BulkEditSerializer(StrictSerializer):
    """Up to a thousand tickets and what shall change on each."""

    references = serializers.ListField(
        child=serializers.RegexField(r"^T-\d{1,18}$"), min_length=1, max_length=1000
    )
    impact = serializers.ChoiceField(choices.Level.choices, required=False)
    urgency = serializers.ChoiceField(choices.Level.choices, required=False)
    category = Named(Category, required=False)
    assignee = Worker(required=False, allow_null=True)
    team = Named(Team, required=False, allow_null=True)
    to = serializers.ChoiceField(choices.Status.choices, required=False)
    reason = Text(250, allow_blank=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() - {"references", "reason"}:
            raise serializers.ValidationError("Say what shall change.")
        # Another category has other subcategories.
        return {**attrs, "subcategory": None} if "category" in attrs else attrs


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value
