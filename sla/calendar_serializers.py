"""Calendars as callers state them, and as the API shows them."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from nova.api.serializers import StrictSerializer, Text
from sla.calendar_changes import differences
from sla.calendars import Malformed, hours_from_json
from sla.models import Calendar, CalendarFeed, CalendarVersion
from sla.public_holidays import countries, holidays_by_rule, subdivisions
from sla.written import PublicHolidays, Written
from sla.year import Year

MOST_YEARS = 30
FIRST_YEAR, LAST_YEAR = 1970, 2100


class PublicHolidaysSerializer(StrictSerializer):
    """Whose public holidays close the desk, for which years (inclusive)."""

    country = serializers.ChoiceField(choices=countries())
    subdivision = Text(10, default="", allow_blank=True)
    first_year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    last_year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def validate(self, stated: dict[str, Any]) -> dict[str, Any]:
        part = stated["subdivision"].upper()
        if part and part not in subdivisions(stated["country"]):
            raise ValidationError({"subdivision": ["This country has no such part."]})
        if not stated["first_year"] <= stated["last_year"] <= stated["first_year"] + MOST_YEARS:
            raise ValidationError({"last_year": ["Give thirty years at the most, in order."]})
        return {**stated, "subdivision": part}


class HoursSerializer(StrictSerializer):
    """Hours as the calculator takes them, and whose public holidays are added to their days."""

    tz = Text(100)
    weekly = serializers.DictField(child=serializers.JSONField(), default=dict)
    holidays = serializers.ListField(child=serializers.JSONField(), default=list)
    public_holidays = PublicHolidaysSerializer(required=False, allow_null=True)

    def validate(self, stated: dict[str, Any]) -> dict[str, Any]:
        try:
            hours_from_json({name: stated[name] for name in ("tz", "weekly", "holidays")})
        except Malformed as error:
            raise ValidationError(error.errors) from error
        return stated

    def written(self, former: Written | None = None) -> Written:
        """Return what was stated. A rule that a former version has already keeps its days."""
        stated = self.validated_data
        return Written(
            zone=stated["tz"],
            weekly=stated["weekly"],
            own=stated["holidays"],
            public=_public(stated.get("public_holidays"), former),
            feed=former.feed if former else [],
        )


class CalendarSerializer(HoursSerializer):
    """A new calendar, with its first draft."""

    name = Text(100)

    def validate_name(self, name: str) -> str:
        if Calendar.objects.filter(name=name).exists():
            raise ValidationError("Another calendar has this name.")
        return name


class PublishSerializer(StrictSerializer):
    """A draft that never opens is published only where that is meant."""

    may_stay_closed = serializers.BooleanField(default=False)


def calendar_shape(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar as lists show it. Needs `for_list`."""
    drafts: list[CalendarVersion] = getattr(calendar, "drafts", [])
    current, feed = calendar.current, getattr(calendar, "feed", None)
    return {
        "id": calendar.pk,
        "name": calendar.name,
        "tz": (current or drafts[0]).definition["tz"] if current or drafts else None,
        "current": current.number if current else None,
        "draft": drafts[0].number if drafts else None,
        "feed": _feed_shape(feed) if feed else None,
    }


def version_shape(version: CalendarVersion, former: CalendarVersion | None) -> dict[str, Any]:
    """Return a version with its hours, and what it says otherwise than the one before it."""
    written = version.written
    changes = differences(former.definition, version.definition) if former else []
    return {
        "number": version.number,
        "status": version.status,
        "author": version.author.name if version.author else None,
        "written_at": version.written_at,
        "published_at": version.published_at,
        "retired_at": version.retired_at,
        **version.definition,
        "public_holidays": written.public.rule if written.public else None,
        "changes": [vars(change) for change in changes],
    }


def year_shape(version: CalendarVersion, year: Year) -> dict[str, Any]:
    """Return a year's open time, in seconds, by month and by day."""
    return {
        "year": year.number,
        "version": version.number,
        "tz": version.definition["tz"],
        "seconds": year.seconds,
        "months": [{"month": m.number, "seconds": m.seconds} for m in year.months],
        "empty_weeks": [monday.isoformat() for monday in year.empty_weeks],
        "days": [
            {
                "date": day.on.isoformat(),
                "seconds": day.seconds,
                "look": day.look.value,
                "name": day.name,
                "clocks_set_by": day.shift,
            }
            for day in year.days
        ],
    }


def _public(stated: dict[str, Any] | None, former: Written | None) -> PublicHolidays | None:
    if not stated:
        return None
    if former and former.public and former.public.rule == dict(stated):
        return former.public
    return holidays_by_rule(**stated)


def _feed_shape(feed: CalendarFeed) -> dict[str, Any]:
    """Return how a feed fares. Its address may be a secret, so only its host is shown."""
    return {
        "host": feed.host,
        "publishes_itself": feed.publishes_itself,
        "fetched_at": feed.fetched_at,
        "last_error": feed.last_error,
    }
