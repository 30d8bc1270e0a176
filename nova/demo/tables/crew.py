"""What the engineers of the demo know, and when they work."""

from datetime import time

from nova.demo.tables.shapes import Absence, Engineer, Need

# Hours by weekday (0: Monday); those that end first end on the next day.
Week = tuple[tuple[int, time, time], ...]
WORKDAYS, ALL_DAYS = range(5), range(7)


def _week(days: range, opens: int, closes: int) -> Week:
    return tuple((day, time(opens), time(closes)) for day in days)


DAY = _week(WORKDAYS, 8, 17)
# Each hands over to the next, also where they are in different zones.
EARLY, LATE, NIGHT = _week(ALL_DAYS, 6, 15), _week(ALL_DAYS, 14, 22), _week(ALL_DAYS, 22, 6)

ACME_CREW = (
    Engineer("lead", DAY, {"Windows": 4, "Identity": 5}, ("de", "en"), capacity=400),
    Engineer(
        "tech",
        DAY,
        {"Windows": 4, "Payroll": 3, "Newsroom": 4},
        ("de", "en", "fr"),
        certificates={"Payroll data": 200},
        is_for_vips=True,
    ),
    Engineer("field", DAY, {"Video walls": 4, "Printers": 4}, ("cs", "de", "en")),
    Engineer(
        "mei.tanaka", EARLY, {"Windows": 5, "Identity": 3}, ("de", "en", "ja"), capacity=1200
    ),
    Engineer("priya.raman", LATE, {"Windows": 3, "Identity": 4}, ("en", "hi"), is_for_vips=True),
    Engineer("jonas.weber", NIGHT, {"Windows": 3, "Networks": 2}, ("de", "en")),
    Engineer(
        "kofi.mensah",
        DAY,
        {"Networks": 5, "Wi-Fi": 4},
        ("de", "en"),
        certificates={"Work at height": 80},
        absences=(Absence("training", 9, 10, "Routing, second part"),),
    ),
    Engineer("ingrid.dahl", DAY, {"Networks": 5, "Telephony": 4}, ("de", "en", "nb")),
    Engineer("diego.ramos", DAY, {"Networks": 4, "Wi-Fi": 3}, ("en", "es")),
    Engineer("sun-hee.park", DAY, {"Playout": 5}, ("en", "ko")),
    Engineer("lars.nygaard", DAY, {"Playout": 4, "Video walls": 3}, ("da", "de", "en")),
    Engineer(
        "aisha.bello",
        LATE,
        {"Playout": 4, "Video walls": 5},
        ("en",),
        certificates={"Work at height": None},
    ),
    Engineer(
        "tomasz.zielinski",
        DAY,
        {"Newsroom": 5, "Payroll": 4},
        ("de", "en", "pl"),
        certificates={"Payroll data": None},
        absences=(Absence("leave", -2, 4, "Mountains"),),
    ),
    Engineer(
        "grace.njeri",
        DAY,
        {"Newsroom": 3, "Payroll": 4},
        ("en", "sw"),
        certificates={"Payroll data": -12},
    ),
    Engineer("yusuf.demir", DAY, {"Printers": 4, "Video walls": 2}, ("en", "tr")),
    Engineer("pedro.alves", EARLY, {"Buildings": 4}, ("de", "en", "pt")),
    Engineer("noemi.ricci", DAY, {"Payroll": 3}, ("de", "en", "it")),
    Engineer("samuel.owusu", DAY, {"Printers": 3, "Networks": 2}, ("en", "sw")),
)
ACME_NEEDS = (
    Need("Payroll", skill="Payroll", level=3),
    Need("Payroll", certificate="Payroll data"),
    Need("Corporate network", skill="Networks", level=2),
    Need("Wi-Fi", skill="Wi-Fi", level=2, is_category=True, is_mandatory=False),
)
GLOBEX_CREW = (
    Engineer("lead", DAY, {"Windows": 4, "Networks": 3}, ("en", "nl")),
    Engineer("tech", EARLY, {"Windows": 4, "Payroll": 3}, ("en", "nl")),
    Engineer("field", LATE, {"Networks": 3}, ("en", "nl")),
    Engineer("haruto.ito", DAY, {"Networks": 4}, ("en", "ja")),
)
