"""Calendars, moments and lives of clocks for the searches, where zones do odd things."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sla.ledger import Kind, ReopenMode
from tests.sla.walk import QUARTER, WEEKDAYS

# Each zone with a moment shortly before something odd happens to its clock.
ODD_MOMENTS = [
    ("America/New_York", datetime(2026, 3, 7, 12, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 10, 31, 12, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC)),
    ("Europe/Dublin", datetime(2026, 10, 24, 12, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 3, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 3, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 29, 12, tzinfo=UTC)),
    ("Pacific/Kwajalein", datetime(1993, 8, 20, 6, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 2, 14, 12, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 3, 21, 12, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 3, 12, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 10, 31, 12, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 6, 5, 6, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 6, 5, 6, tzinfo=UTC)),
    ("UTC", datetime(2026, 12, 31, 6, tzinfo=UTC)),
]
# Each with a moment within an hour before its clock jumps; St John's repeats 23:01 to 00:01.
SECONDS_ZONES = [
    ("America/St_Johns", datetime(2010, 11, 7, 2, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 6, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 30, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 9, 30, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 2, 15, 1, 30, tzinfo=UTC)),
]


def quarters(most: int, least: int = 0) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda count: QUARTER * count)


def spans(most: int = 3) -> st.SearchStrategy[list[list[str]]]:
    edges = st.lists(st.integers(0, 96), max_size=2 * most, unique=True).map(sorted)
    return edges.map(
        lambda marks: [
            [clock_time(a), clock_time(b)] for a, b in zip(marks[::2], marks[1::2], strict=False)
        ]
    )


def clock_time(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


@st.composite
def calendars(draw: st.DrawFn, zone: str, around: datetime) -> dict[str, Any]:
    """Draw a calendar of `zone` with split days, and holidays of every form near `around`."""
    usual = draw(spans())
    open_days = draw(st.sets(st.sampled_from(WEEKDAYS)))
    odd_days = draw(st.dictionaries(st.sampled_from(WEEKDAYS), spans(), max_size=2))
    weekly = dict.fromkeys(open_days, usual) | odd_days
    days = st.integers(-1, 12).map(lambda count: around.date() + timedelta(days=count))
    return {"tz": zone, "weekly": weekly, "holidays": draw(st.lists(holidays(days), max_size=4))}


@st.composite
def odd_calendars(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """Draw a calendar and the odd moment of its zone."""
    zone, base = draw(st.sampled_from(ODD_MOMENTS))
    return draw(calendars(zone, base)), base


@st.composite
def holidays(draw: st.DrawFn, days: st.SearchStrategy[date]) -> dict[str, Any]:
    form: dict[str, Any] = {"date": draw(days).isoformat()}
    more = draw(st.sampled_from([(), ("closed",), ("open",), ("open", "closed")]))
    return form | {key: draw(spans(2)) for key in more}


@st.composite
def lives(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a question to the calculator: a calendar, a policy, and a life with doubled events."""
    zone, base = draw(st.sampled_from(ODD_MOMENTS))
    start = base + draw(quarters(96))
    events = [{"at": start, "type": "start"}]
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=9)):
        event: dict[str, Any] = {"at": events[-1]["at"] + draw(quarters(60)), "type": kind}
        if kind == "target_change":
            event["target_min"] = draw(targets)
        if kind == "calendar_change":
            event["calendar"] = draw(calendars(zone, base))
        events.append(event)
    return {
        "calendar": draw(calendars(zone, base)),
        "policy": {
            "target_min": draw(targets),
            "reopen": draw(st.sampled_from(["continue", "new_cycle", "as_if_never_stopped"])),
            "target_change": draw(st.sampled_from(["retroactive", "restart"])),
        },
        "events": events,
        "as_of": events[-1]["at"] + draw(quarters(200)),
    }


targets = st.integers(1, 120).map(lambda count: 15 * count)
KINDS = [
    "start",
    "pause",
    "resume",
    "pause",
    "resume",
    "stop",
    "reopen",
    "cancel",
    "target_change",
    "calendar_change",
    "reassign",
]
verbs = st.sampled_from(
    [
        (Kind.PAUSED, ""),
        (Kind.RESUMED, ""),
        (Kind.STOPPED, ""),
        (Kind.CANCELLED, ""),
        *((Kind.REOPENED, mode) for mode in ReopenMode),
    ]
)
