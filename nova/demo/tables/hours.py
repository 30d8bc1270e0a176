"""When the demo's desks are open: in zones of their own, with lunch, half days and holidays."""

from nova.demo.tables.shapes import Opening

LUNCH = [["08:00", "12:00"], ["13:00", "17:30"]]
LONG = [["07:00", "12:00"], ["12:30", "19:00"]]
SHORT_FRIDAY = {
    "mon": LUNCH,
    "tue": LUNCH,
    "wed": LUNCH,
    "thu": LUNCH,
    "fri": [["08:00", "14:00"]],
}
FREIGHT = {"mon": LONG, "tue": LONG, "wed": LONG, "thu": LONG, "fri": LONG}
YEAR_ENDS = ("12-24 closed 12:00-24:00 Christmas Eve", "12-31 closed 12:00-24:00 New Year's Eve")

HAMBURG_HOURS = Opening(
    "Hamburg desk", "Europe/Berlin", SHORT_FRIDAY, "DE", "HH", half_days=YEAR_ENDS
)
NEW_YORK_HOURS = Opening(
    "New York bureau",
    "America/New_York",
    {day: [["09:00", "12:30"], ["13:15", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "US",
    "NY",
    half_days=("12-24 closed 13:00-24:00 Christmas Eve",),
)
ROTTERDAM_HOURS = Opening(
    "Rotterdam terminal",
    "Europe/Amsterdam",
    FREIGHT,
    "NL",
    half_days=("12-05 closed 16:00-24:00 Sinterklaas", *YEAR_ENDS),
    drafted={**FREIGHT, "sat": [["08:00", "12:00"]]},
)
