"""Template tags of every page: icons, a person's time, clocks and tracks. Nothing here queries."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from nova.web import times
from nova.web.clocks import ClockFacts, Countdown, countdown_of
from nova.web.stages import Stage, Step, large_track, place_of, small_track

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """Draw one Lucide icon; silent to screen readers unless it has a label of its own."""
    return _drawn(str(name), size, str(label))


@lru_cache(maxsize=512)
def _drawn(name: str, size: int, label: str) -> SafeString:
    said = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    svg = lucide(name, size=size, **{"class": "icon", **said})
    return mark_safe(" ".join(svg.split()))  # noqa: S308  a drawing of the package, no more


@register.filter
def person_time(instant: datetime, now: datetime) -> str:
    return times.person_time(instant, now, timezone.get_current_timezone())


@register.filter
def full_time(instant: datetime) -> str:
    return times.full_time(instant, timezone.get_current_timezone())


@register.simple_tag
def moment(instant: datetime, now: datetime) -> SafeString:
    """Write an instant in a person's words, the whole truth on hover; the words stay fresh."""
    zone = timezone.get_current_timezone()
    return format_html(
        '<time data-moment datetime="{}" data-now="{}" title="{}">{}</time>',
        instant.isoformat(timespec="seconds"),
        f"{now.timestamp():.3f}",
        times.full_time(instant, zone),
        times.person_time(instant, now, zone),
    )


@register.simple_tag
def duration(seconds: float) -> str:
    return times.duration_words(seconds)


@register.inclusion_tag("components/_countdown.html")
def countdown(clock: ClockFacts, now: datetime) -> dict[str, Countdown | datetime]:
    return {"words": countdown_of(clock, now, timezone.get_current_timezone()), "now": now}


@register.inclusion_tag("components/_clock_ring.html")
def clock_ring(
    clock: ClockFacts, now: datetime, large: bool = False
) -> dict[str, Countdown | bool]:
    words = countdown_of(clock, now, timezone.get_current_timezone())
    return {"words": words, "large": large}


@register.inclusion_tag("components/_track_small.html")
def stage_track(status: str, label: str, seconds: float) -> dict[str, object]:
    """Draw the track of a row: five small marks, the stage's word and the time in it."""
    steps: list[Step] = small_track(status, label)
    place = place_of(status) + 1
    return {"steps": steps, "label": label, "place": place, "seconds": seconds}


@register.inclusion_tag("components/_track_large.html")
def stage_track_large(stages: Sequence[Stage]) -> dict[str, list[Step]]:
    return {"steps": large_track(stages)}


@register.filter
def initials(name: str) -> str:
    """Return at most two letters that stand for a person: "Ada Osei" is "AO"."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
