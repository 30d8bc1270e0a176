"""Globex Logistics: the other organisation, by which the fence can be seen."""

from nova.accounts.choices import ProxyScope
from nova.demo.tables.crew import GLOBEX_CREW
from nova.demo.tables.hours import ROTTERDAM_HOURS
from nova.demo.tables.shapes import Honour, Organisation, Person, Place, Trust

ROTTERDAM, OSAKA = "Rotterdam Terminal", "Osaka Office"
IT, OFFICE, FREIGHT, FINANCE = "IT", "Management", "Freight", "Finance"
DESK, NETWORK = "IT Support", "Infrastructure"

GLOBEX = Organisation(
    slug="globex",
    name="Globex Logistics",
    domain="globex.example",
    places=(
        Place(ROTTERDAM, "Europe", "Europe/Amsterdam", ("0", "2")),
        Place(OSAKA, "Asia Pacific", "Asia/Tokyo", ("9",)),
    ),
    departments={OFFICE: "vip", IT: "manager", FREIGHT: "willem.jansen", FINANCE: "exec"},
    teams={DESK: "lead", NETWORK: "lead"},
    seniors={DESK: "tech"},
    operations={ROTTERDAM: "manager"},
    services={
        "Workplace": DESK,
        "Identity": DESK,
        "Meeting rooms": DESK,
        "E-mail and calendar": DESK,
        "Business applications": DESK,
        "Payroll": DESK,
        "Corporate network": NETWORK,
        "Remote access": NETWORK,
        "Telephony": NETWORK,
        "Buildings": DESK,
        "Joining and leaving": DESK,
    },
    people=(
        Person(
            "admin", "Anouk de Vries", "IT administrator", IT, ROTTERDAM, "2", "admin", (DESK,)
        ),
        Person("lead", "Lotte Bakker", "Support lead", IT, ROTTERDAM, "2", "lead", (DESK,)),
        Person(
            "tech", "Tim Visser", "Support engineer", IT, ROTTERDAM, "2", "technician", (DESK,)
        ),
        Person(
            "field", "Femke Smit", "Field engineer", IT, ROTTERDAM, "0", "field_engineer", (DESK,)
        ),
        Person("manager", "Maarten Mulder", "Head of IT", IT, ROTTERDAM, "2", "manager"),
        Person("exec", "Emi Sato", "Finance director", FINANCE, OSAKA, "9", "executive"),
        Person("requester", "Ruben Peters", "Dispatcher", FREIGHT, ROTTERDAM, "0"),
        Person("vip", "Vera van Dijk", "Managing director", OFFICE, ROTTERDAM, "2"),
        Person("assistant", "Aylin Kaya", "Office manager", FREIGHT, ROTTERDAM, "2"),
        Person(
            "haruto.ito",
            "Haruto Ito",
            "Network engineer",
            IT,
            OSAKA,
            "9",
            "technician",
            (NETWORK,),
        ),
        Person("willem.jansen", "Willem Jansen", "Head of freight", FREIGHT, ROTTERDAM, "2"),
        Person("sofie.claes", "Sofie Claes", "Customs clerk", FREIGHT, ROTTERDAM, "0"),
        Person("yuki.mori", "Yuki Mori", "Forwarder", FREIGHT, OSAKA, "9"),
        Person("bram.hendriks", "Bram Hendriks", "Crane planner", FREIGHT, ROTTERDAM, "0"),
        Person("nora.aalto", "Nora Aalto", "Accountant", FINANCE, ROTTERDAM, "2"),
        Person("kenji.abe", "Kenji Abe", "Controller", FINANCE, OSAKA, "9"),
        Person("iris.meijer", "Iris Meijer", "Planner", FREIGHT, ROTTERDAM, "0"),
        Person("daan.bos", "Daan Bos", "Warehouse lead", FREIGHT, ROTTERDAM, "0"),
    ),
    honours=(
        Honour("person", "vip", "exec", "manual", "Managing director", 40),
        Honour("department", FINANCE, "priority", "manual", "Closing of the year", 20, -15),
    ),
    trusts=(
        Trust("vip", "assistant", tuple(ProxyScope), "Runs the office", 42),
        Trust("kenji.abe", "yuki.mori", (ProxyScope.SUBMIT,), "Speaks for Osaka", 20),
    ),
    openings=(ROTTERDAM_HOURS,),
    crew=GLOBEX_CREW,
    tickets=45,
)
