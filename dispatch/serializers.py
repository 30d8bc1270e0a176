"""What callers state of engineers, and how engineers are shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from dispatch.calendar import knows_why, word_of
from dispatch.choices import ChangeKind, Weekday
from dispatch.engine.facts import TOP_LEVEL, Presence
from dispatch.languages import LANGUAGES
from dispatch.models import Certificate, Engineer, RosterChange, Shift, Skill
from dispatch.models.engineers import MOST_POINTS
from dispatch.services import Hours, Stated, StatedChange
from nova.accounts.models import Site, User
from nova.accounts.permissions import SEE_VIPS
from nova.api.fields import Named, Person
from nova.api.serializers import StrictSerializer, Text

MOST = 200
MOST_SHIFTS = 28


class KnownSkill(StrictSerializer):
    skill = Named(Skill)
    level = serializers.IntegerField(min_value=1, max_value=TOP_LEVEL)


class HeldCertificate(StrictSerializer):
    certificate = Named(Certificate)
    expires_on = serializers.DateField(required=False, allow_null=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "What somebody knows",
            {"languages": ["de", "en"], "skills": [{"skill": "Cisco", "level": 3}]},
            request_only=True,
        )
    ]
)
class StatedSerializer(StrictSerializer):
    """What an engineer brings. A list that is given replaces the one that there was."""

    takes_work = serializers.BooleanField(required=False)
    capacity = serializers.IntegerField(min_value=0, max_value=MOST_POINTS, required=False)
    languages = serializers.ListField(
        child=serializers.ChoiceField(list(LANGUAGES)), max_length=MOST, required=False
    )
    sites = serializers.ListField(child=Named(Site), max_length=MOST, required=False)
    skills = serializers.ListField(child=KnownSkill(), max_length=MOST, required=False)
    certificates = serializers.ListField(child=HeldCertificate(), max_length=MOST, required=False)
    is_for_vips = serializers.BooleanField(required=False)

    def stated(self) -> Stated:
        """Return what was stated, as the services take it."""
        given: dict[str, Any] = {**self.validated_data}
        given.pop("person", None)
        if "sites" in given:
            given["sites"] = [site.pk for site in given["sites"]]
        if "skills" in given:
            given["skills"] = {row["skill"].pk: row["level"] for row in given["skills"]}
        if "certificates" in given:
            papers = given["certificates"]
            given["certificates"] = {r["certificate"].pk: r.get("expires_on") for r in papers}
        return cast(Stated, given)


class AddedSerializer(StatedSerializer):
    """Who is given work from now on, and what they bring."""

    person = Person()


class ShiftHoursSerializer(StrictSerializer):
    """A shift. One that closes before it opens ends on the next day."""

    weekday = serializers.ChoiceField(Weekday.choices)
    opens = serializers.TimeField(format="%H:%M")
    closes = serializers.TimeField(format="%H:%M")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Early on Mondays, a night on Fridays",
            {
                "week": [
                    {"weekday": 0, "opens": "06:00", "closes": "14:00"},
                    {"weekday": 4, "opens": "22:00", "closes": "06:00"},
                ]
            },
            request_only=True,
        )
    ]
)
class WeekSerializer(StrictSerializer):
    """All hours of a week (0: Monday), in the engineer's time zone."""

    week = serializers.ListField(child=ShiftHoursSerializer(), max_length=MOST_SHIFTS)

    def hours(self) -> list[Hours]:
        return [Hours(**row) for row in self.validated_data["week"]]


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A week at the sea",
            {"kind": "leave", "first": "2026-07-06", "last": "2026-07-10"},
            request_only=True,
        )
    ]
)
class ChangeSerializer(StrictSerializer):
    """Days on which somebody works otherwise; `opens` and `closes` only of other hours."""

    kind = serializers.ChoiceField(ChangeKind.choices)
    first = serializers.DateField()
    last = serializers.DateField(required=False)
    opens = serializers.TimeField(required=False, allow_null=True)
    closes = serializers.TimeField(required=False, allow_null=True)
    reason = Text(200, required=False, allow_blank=True)

    def change(self) -> StatedChange:
        given = self.validated_data
        return StatedChange(**{"last": given["first"], **given})


class SkillSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


def engineer_shape(
    engineer: Engineer, presence: Presence, load: int, viewer: User
) -> dict[str, Any]:
    """Return an engineer as a viewer may see them. Asks for `with_known` and what they name."""
    person = engineer.person
    shape = {
        "id": engineer.pk,
        "person": _named(person),
        "takes_work": engineer.takes_work,
        "capacity": engineer.capacity,
        "load": load,
        "presence": {
            "is_on_duty": presence.until is not None,
            "until": presence.until,
            "back_at": presence.back_at,
            "known_by": presence.source,
            "known_at": presence.known_at,
            "is_stale": presence.is_stale,
        },
        "languages": engineer.languages,
        "teams": [_named(team) for team in person.teams.all()],
        "sites": [_named(site) for site in engineer.sites.all()],
        "skills": [{**_named(row.skill), "level": row.level} for row in engineer.skills.all()],
        "certificates": [
            {**_named(row.certificate), "expires_on": row.expires_on}
            for row in engineer.certificates.all()
        ],
    }
    if viewer.has_perm(SEE_VIPS):
        shape["is_for_vips"] = engineer.is_for_vips
    return shape


def roster_shape(
    engineer: Engineer, shifts: list[Shift], changes: list[RosterChange], viewer: User
) -> Mapping[str, Any]:
    """Return when an engineer works; why they are away only to who is told."""
    is_told = knows_why(viewer, engineer)
    return {
        "zone": engineer.person.zone,
        "week": [ShiftHoursSerializer(shift).data for shift in shifts],
        "changes": [change_shape(change, is_told=is_told) for change in changes],
    }


def change_shape(change: RosterChange, *, is_told: bool) -> dict[str, Any]:
    is_open = is_told or change.kind == ChangeKind.HOURS
    shape = {
        "id": change.pk,
        "kind": change.kind if is_open else "away",
        "label": word_of(change, is_told=is_told),
        "first": change.first,
        "last": change.last,
        "opens": change.opens,
        "closes": change.closes,
    }
    return {**shape, "reason": change.reason} if is_told else shape


def window_of(asked: Mapping[str, Any], today: date) -> tuple[date, date]:
    """Return the days that are asked for, `from` and `to`; a fortnight from today without them."""
    form = WindowSerializer(data=asked, context={"today": today})
    form.is_valid(raise_exception=True)
    return form.validated_data["from"], form.validated_data["to"]


class WindowSerializer(serializers.Serializer):
    """The days that a roster is asked for; `to` is among them."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: serializers.DateField(required=False) for name in ("from", "to")}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first = attrs.get("from", self.context["today"])
        try:
            last = attrs.get("to") or date.fromordinal(first.toordinal() + 13)
        except ValueError as error:
            raise serializers.ValidationError({"from": ["It is too late."]}) from error
        if last < first:
            raise serializers.ValidationError({"to": ["It is before the first day."]})
        return {"from": first, "to": last}


def _named(thing: Any) -> dict[str, Any]:
    return {"id": thing.pk, "name": str(thing)}
