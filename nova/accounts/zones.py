"""The time zones that people and calendars may name."""

from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

UTC = ZoneInfo("UTC")


@cache
def zone_names() -> tuple[str, ...]:
    """Return every IANA zone that this machine knows, looked up on its disk once."""
    return tuple(sorted(available_timezones()))


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone of this name; UTC where there is none, so that a page never fails for it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Europe", a folder
        return UTC
