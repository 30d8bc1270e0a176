"""Template tags of every page: icons, a person's time, clocks and tracks. Nothing here queries."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django import template
from django.utils import formats
from django.utils.safestring import SafeString

from nova.web import conversation, icons, marks, times
from nova.web.clocks import ClockFacts, countdown_of
from nova.web.queue_row import Ticket
from nova.web.queue_row import queue_rows as draw_rows
from nova.web.stages import Stage
from nova.web.words import present_reader, present_words

register = template.Library()
register.simple_tag(marks.avatar)
register.filter(marks.initials)


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    return icons.icon(str(name), size, str(label))


@register.filter
def person_time(instant: datetime, now: datetime) -> str:
    return times.person_time(instant, present_reader(now))


@register.filter
def full_time(instant: datetime) -> str:
    return times.full_time(instant, present_reader(instant))


@register.simple_tag
def moment(instant: datetime, now: datetime) -> SafeString:
    return marks.moment(instant, present_reader(now))


@register.simple_tag
def stamp(instant: datetime, now: datetime) -> SafeString:
    return marks.stamp(instant, present_reader(now))


@register.simple_tag
def duration(seconds: float) -> str:
    return times.duration_words(seconds, present_words())


@register.filter
def span(seconds: float) -> str:
    """Write how long something is, whichever way it counts."""
    return times.duration_words(abs(seconds), present_words())


@register.filter
def share(part: float | None) -> str:
    """Write a share from 0 to 1 in per cent; a dash where there is none."""
    return "—" if part is None else f"{formats.number_format(100 * part, 1)} %"


@register.simple_tag
def countdown(clock: ClockFacts, now: datetime) -> SafeString:
    reader = present_reader(now)
    return marks.countdown(countdown_of(clock, reader), reader)


@register.simple_tag
def clock_ring(clock: ClockFacts, now: datetime, is_large: bool = False) -> SafeString:
    words = countdown_of(clock, present_reader(now))
    return marks.ring(words.state, words.percent, is_large=is_large)


@register.simple_tag
def stage_track(status: str, label: str, seconds: float, now: datetime) -> SafeString:
    return marks.stage_track(status, label, seconds, present_reader(now))


@register.simple_tag
def vip_badge(label: str) -> SafeString:
    return marks.vip_badge(label, present_words())


@register.simple_tag
def queue_rows(tickets: Iterable[Ticket], now: datetime) -> SafeString:
    return draw_rows(tickets, present_reader(now))


@register.simple_tag
def timeline(items: Iterable[conversation.Item], now: datetime) -> SafeString:
    return conversation.timeline(items, present_reader(now))


@register.simple_tag
def entry(turn: conversation.Turn, now: datetime) -> SafeString:
    return conversation.entry(turn, present_reader(now))


@register.simple_tag
def fact_value(fact: marks.Fact, is_back: bool = False) -> SafeString:
    return marks.fact_value(fact, present_words(), is_back=is_back)


@register.simple_tag
def stage_track_large(stages: Sequence[Stage], now: datetime) -> SafeString:
    return marks.large_track(stages, present_reader(now))
