"""Template tags of every page: icons, a person's time, clocks and tracks. Nothing here queries."""

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from nova.web import icons, marks, times
from nova.web.clocks import ClockFacts, countdown_of
from nova.web.queue_row import Ticket
from nova.web.queue_row import queue_row as draw_row
from nova.web.stages import Stage, Step, large_track

register = template.Library()
register.simple_tag(marks.avatar)
register.simple_tag(marks.stage_track)
register.simple_tag(marks.vip_badge)
register.filter(marks.initials)


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    return icons.icon(str(name), size, str(label))


@register.filter
def person_time(instant: datetime, now: datetime) -> str:
    return times.person_time(instant, now, timezone.get_current_timezone())


@register.filter
def full_time(instant: datetime) -> str:
    return times.full_time(instant, timezone.get_current_timezone())


@register.simple_tag
def moment(instant: datetime, now: datetime) -> SafeString:
    return marks.moment(instant, now, timezone.get_current_timezone())


@register.simple_tag
def duration(seconds: float) -> str:
    return times.duration_words(seconds)


@register.simple_tag
def countdown(clock: ClockFacts, now: datetime) -> SafeString:
    zone = timezone.get_current_timezone()
    return marks.countdown(countdown_of(clock, now, zone), now, zone)


@register.simple_tag
def clock_ring(clock: ClockFacts, now: datetime, is_large: bool = False) -> SafeString:
    words = countdown_of(clock, now, timezone.get_current_timezone())
    return marks.ring(words.state, words.percent, is_large=is_large)


@register.simple_tag
def queue_row(ticket: Ticket, now: datetime) -> SafeString:
    return draw_row(ticket, now, timezone.get_current_timezone())


@register.inclusion_tag("components/_track_large.html")
def stage_track_large(stages: Sequence[Stage]) -> dict[str, list[Step]]:
    return {"steps": large_track(stages)}
