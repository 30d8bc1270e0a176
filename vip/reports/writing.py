"""How the cells of a report are written: exactly for a program, or as people say them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_format

from nova.web.times import duration_words
from nova.web.words import present_words

Writer = Callable[[Any], Any]
HOUR, MINUTE = 3600, 60


def exactly(zone: ZoneInfo) -> Writer:
    """Write instants with their offset from UTC, spans as spreadsheets do: 26:05:09."""
    return partial(_write, zone, lambda at: at.isoformat(timespec="seconds"), _clock)


def in_words(zone: ZoneInfo) -> Writer:
    """Write instants as "3 Mar 2026 13:00", spans as "2 h 10"."""
    return partial(_write, zone, lambda at: date_format(at, "j M Y H:i"), _said)


def _write(
    zone: ZoneInfo,
    instant: Callable[[datetime], str],
    span: Callable[[timedelta], str],
    cell: Any,
) -> Any:
    match cell:
        case None:
            return ""
        case datetime():
            return instant(cell.astimezone(zone))
        case timedelta():
            return span(cell)
    return cell


def _clock(span: timedelta) -> str:
    whole = round(span.total_seconds())
    return f"{whole // HOUR}:{whole % HOUR // MINUTE:02}:{whole % MINUTE:02}"


def _said(span: timedelta) -> str:
    return duration_words(span.total_seconds(), present_words())
