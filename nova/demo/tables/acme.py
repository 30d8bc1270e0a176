"""Acme Broadcast: a news broadcaster on four continents."""

from nova.accounts.choices import ProxyScope
from nova.demo.tables.crew import ACME_CREW, ACME_NEEDS
from nova.demo.tables.hours import HAMBURG_HOURS, NEW_YORK_HOURS
from nova.demo.tables.shapes import (
    CastGroup,
    Honour,
    Organisation,
    Overheard,
    Person,
    Place,
    Promise,
    Ruling,
    Trust,
)

HQ, LONDON, NEW_YORK = "Hamburg HQ", "London Studios", "New York Bureau"
NAIROBI, SINGAPORE = "Nairobi Hub", "Singapore Playout"
DESK, NETWORK, BROADCAST = "Service Desk", "Network", "Broadcast Engineering"
APPS, BUILDING, FIELD, HR = "Applications", "Facilities", "Field Services", "HR Services"
IT, OPS = "Information Technology", "Broadcast Operations"
NEWS, SALES, FINANCE = "Newsroom", "Sales and Affiliates", "Finance"
PEOPLE, OFFICE, CORPORATE = "People and Culture", "Executive Office", "Corporate Services"

SUBMIT, VIEW, REPLY = ProxyScope.SUBMIT, ProxyScope.VIEW, ProxyScope.REPLY
TECH, LEAD_ROLE, FIELD_ROLE = "technician", "lead", "field_engineer"

FIXED = (
    Person("admin", "Ada Lindqvist", "Service platform owner", IT, HQ, "3", "admin", (DESK,)),
    Person("lead", "Leon Fischer", "Service desk lead", IT, HQ, "3", LEAD_ROLE, (DESK,)),
    Person("tech", "Tara Okonkwo", "Support engineer", IT, HQ, "3", TECH, (DESK, APPS)),
    Person("field", "Filip Novák", "Field engineer", OPS, HQ, "1", FIELD_ROLE, (FIELD,)),
    Person("manager", "Marta Silva", "Head of IT operations", IT, HQ, "7", "manager"),
    Person("exec", "Edward Asante", "Chief operating officer", OFFICE, HQ, "11", "executive"),
    Person("requester", "Rosa Delgado", "News editor", NEWS, HQ, "7"),
    Person("vip", "Victoria Brandt", "Chief executive officer", OFFICE, HQ, "11"),
    Person("assistant", "Amir Haddad", "Assistant to the CEO", CORPORATE, HQ, "7"),
)
DESK_PEOPLE = (
    Person("mei.tanaka", "Mei Tanaka", "Support engineer", IT, HQ, "3", TECH, (DESK,)),
    Person("jonas.weber", "Jonas Weber", "Support engineer", IT, HQ, "3", TECH, (DESK,)),
    Person("priya.raman", "Priya Raman", "Support engineer", IT, LONDON, "2", TECH, (DESK,)),
    Person("kofi.mensah", "Kofi Mensah", "Network engineer", IT, HQ, "3", TECH, (NETWORK,)),
    Person("ingrid.dahl", "Ingrid Dahl", "Network lead", IT, HQ, "3", LEAD_ROLE, (NETWORK,)),
    Person("diego.ramos", "Diego Ramos", "Network engineer", IT, NEW_YORK, "21", TECH, (NETWORK,)),
    Person(
        "sun-hee.park", "Sun-hee Park", "Playout engineer", OPS, SINGAPORE, "4", TECH, (BROADCAST,)
    ),
    Person(
        "lars.nygaard", "Lars Nygaard", "Broadcast lead", OPS, HQ, "1", LEAD_ROLE, (BROADCAST,)
    ),
    Person(
        "aisha.bello",
        "Aisha Bello",
        "Broadcast engineer",
        OPS,
        LONDON,
        "Ground",
        TECH,
        (BROADCAST,),
    ),
    Person(
        "tomasz.zielinski", "Tomasz Zieliński", "Application engineer", IT, HQ, "3", TECH, (APPS,)
    ),
    Person("grace.njeri", "Grace Njeri", "Application engineer", IT, NAIROBI, "1", TECH, (APPS,)),
    Person(
        "yusuf.demir", "Yusuf Demir", "Field engineer", OPS, LONDON, "Ground", FIELD_ROLE, (FIELD,)
    ),
    Person(
        "hana.kovacs",
        "Hana Kovács",
        "Building services lead",
        CORPORATE,
        HQ,
        "1",
        LEAD_ROLE,
        (BUILDING,),
    ),
    Person(
        "pedro.alves", "Pedro Alves", "Building technician", CORPORATE, HQ, "1", TECH, (BUILDING,)
    ),
    Person("noemi.ricci", "Noemi Ricci", "HR specialist", PEOPLE, HQ, "7", TECH, (HR,)),
    Person(
        "samuel.owusu", "Samuel Owusu", "Field engineer", OPS, NAIROBI, "1", FIELD_ROLE, (FIELD,)
    ),
)
COLLEAGUES = (
    Person("olivia.hart", "Olivia Hart", "Editor in chief", NEWS, LONDON, "2"),
    Person("chen.wei", "Chen Wei", "Chief financial officer", OFFICE, HQ, "11"),
    Person("fatima.zahra", "Fatima Zahra", "General counsel", OFFICE, HQ, "11"),
    Person("nils.berger", "Nils Berger", "Head of finance", FINANCE, HQ, "7", "manager"),
    Person("carmen.ortiz", "Carmen Ortiz", "Head of sales", SALES, NEW_YORK, "21", "manager"),
    Person("david.kim", "David Kim", "Head of broadcast operations", OPS, HQ, "7", "manager"),
    Person("lucia.moretti", "Lucia Moretti", "Head of people", PEOPLE, HQ, "7", "manager"),
    Person("hugo.laurent", "Hugo Laurent", "Head of corporate services", CORPORATE, HQ, "7"),
    Person("anna.kowalska", "Anna Kowalska", "Anchor", NEWS, HQ, "1"),
    Person("ben.carter", "Ben Carter", "Correspondent", NEWS, NEW_YORK, "21"),
    Person("chiara.romano", "Chiara Romano", "Video editor", NEWS, HQ, "7"),
    Person("dmitri.sokolov", "Dmitri Sokolov", "Camera operator", NEWS, LONDON, "Ground"),
    Person("elif.yilmaz", "Elif Yılmaz", "Producer", NEWS, HQ, "7"),  # noqa: RUF001 - her name
    Person("farid.rahimi", "Farid Rahimi", "Reporter", NEWS, LONDON, "2"),
    Person("gabriela.santos", "Gabriela Santos", "Graphics designer", NEWS, HQ, "7"),
    Person("hiro.nakamura", "Hiro Nakamura", "Correspondent", NEWS, SINGAPORE, "4"),
    Person("imani.wanjiru", "Imani Wanjiru", "Reporter", NEWS, NAIROBI, "1"),
    Person("jakub.novotny", "Jakub Novotný", "Sound engineer", OPS, HQ, "1"),
    Person("katarina.horvat", "Katarina Horvat", "Studio manager", OPS, HQ, "1"),
    Person("liam.osullivan", "Liam O'Sullivan", "Vision mixer", OPS, LONDON, "Ground"),
    Person("maya.cohen", "Maya Cohen", "Archivist", NEWS, HQ, "3"),
    Person("nadia.petrova", "Nadia Petrova", "Planner", NEWS, HQ, "7"),
    Person("omar.farouk", "Omar Farouk", "Playout operator", OPS, SINGAPORE, "4"),
    Person("paula.jensen", "Paula Jensen", "Accountant", FINANCE, HQ, "7"),
    Person("quentin.dubois", "Quentin Dubois", "Controller", FINANCE, HQ, "7"),
    Person("rania.khoury", "Rania Khoury", "Payroll clerk", FINANCE, HQ, "7"),
    Person("sipho.dlamini", "Sipho Dlamini", "Transmission engineer", OPS, NAIROBI, "1"),
    Person("thuy.nguyen", "Thuy Nguyen", "Account manager", SALES, SINGAPORE, "4"),
    Person("ulrike.stein", "Ulrike Stein", "Contract manager", SALES, HQ, "7"),
    Person("valentina.cruz", "Valentina Cruz", "Account manager", SALES, NEW_YORK, "21"),
    Person("will.harrison", "Will Harrison", "Ad operations", SALES, LONDON, "2"),
    Person("xenia.popova", "Xenia Popova", "Recruiter", PEOPLE, HQ, "7"),
    Person("yara.nasser", "Yara Nasser", "Learning specialist", PEOPLE, LONDON, "2"),
    Person("zoltan.balogh", "Zoltán Balogh", "Receptionist", CORPORATE, HQ, "1"),
    Person("amara.diallo", "Amara Diallo", "Travel desk", CORPORATE, HQ, "1"),
    Person("bjorn.eriksen", "Bjørn Eriksen", "Fleet manager", CORPORATE, HQ, "1"),
    Person("cleo.martin", "Cleo Martin", "Subtitler", NEWS, LONDON, "2"),
    Person("dev.patel", "Dev Patel", "Data journalist", NEWS, LONDON, "2"),
    Person("esther.goldberg", "Esther Goldberg", "Weather editor", NEWS, HQ, "7"),
    Person("finn.murphy", "Finn Murphy", "Sports editor", NEWS, LONDON, "2"),
    Person("giulia.ferrari", "Giulia Ferrari", "Social media editor", NEWS, HQ, "7"),
    Person("hassan.ali", "Hassan Ali", "Night editor", NEWS, HQ, "7"),
    Person("ines.carvalho", "Inês Carvalho", "Make-up artist", OPS, HQ, "1"),
    Person("joon.lee", "Joon Lee", "Lighting designer", OPS, HQ, "1"),
    Person("kateryna.bondar", "Kateryna Bondar", "Translator", NEWS, HQ, "7"),
    Person("luca.bianchi", "Luca Bianchi", "Runner", OPS, LONDON, "Ground"),
)
ACME = Organisation(
    slug="acme",
    name="Acme Broadcast",
    domain="acme.example",
    shows_vips_to_technicians=True,
    places=(
        Place(HQ, "Europe", "Europe/Berlin", ("1", "3", "7", "11")),
        Place(LONDON, "Europe", "Europe/London", ("Ground", "2")),
        Place(NEW_YORK, "Americas", "America/New_York", ("21",)),
        Place(NAIROBI, "Africa", "Africa/Nairobi", ("1",)),
        Place(SINGAPORE, "Asia Pacific", "Asia/Singapore", ("4",)),
    ),
    departments={
        OFFICE: "vip",
        IT: "manager",
        OPS: "david.kim",
        NEWS: "olivia.hart",
        SALES: "carmen.ortiz",
        FINANCE: "nils.berger",
        PEOPLE: "lucia.moretti",
        CORPORATE: "hugo.laurent",
    },
    teams={
        DESK: "lead",
        NETWORK: "ingrid.dahl",
        BROADCAST: "lars.nygaard",
        APPS: "lead",
        FIELD: "lars.nygaard",
        BUILDING: "hana.kovacs",
        HR: "lead",
    },
    seniors={
        DESK: "mei.tanaka",
        NETWORK: "kofi.mensah",
        BROADCAST: "sun-hee.park",
        APPS: "tomasz.zielinski",
        FIELD: "yusuf.demir",
    },
    operations={HQ: "manager", LONDON: "david.kim", SINGAPORE: "david.kim"},
    services={
        "Workplace": DESK,
        "Meeting rooms": DESK,
        "Identity": DESK,
        "E-mail and calendar": APPS,
        "Newsroom system": APPS,
        "Media archive": APPS,
        "Business applications": APPS,
        "Payroll": APPS,
        "Corporate network": NETWORK,
        "Remote access": NETWORK,
        "Telephony": NETWORK,
        "Playout": BROADCAST,
        "Studios": BROADCAST,
        "Contribution links": BROADCAST,
        "Affiliate distribution": BROADCAST,
        "Field production": FIELD,
        "Buildings": BUILDING,
        "Joining and leaving": HR,
    },
    people=(*FIXED, *DESK_PEOPLE, *COLLEAGUES),
    honours=(
        Honour("person", "vip", "exec", "manual", "Chief executive officer", 40),
        Honour("department", OFFICE, "gold", "scim", "Executive Office", 38),
        Honour("floor", f"{HQ} 11", "priority", "manual", "Boardroom floor", 35),
        Honour("person", "olivia.hart", "gold", "api", "On air during the election", 12, -9),
        Honour("person", "anna.kowalska", "priority", "manual", "Anchor of the evening news", 30),
        Honour("person", "ben.carter", "priority", "manual", "Covered the summit", 26, 8),
        Honour("group", "Election night", "priority", "manual", "On air until the result", 12, -5),
    ),
    promises=(Promise(OFFICE, {"response": 3, "resolution": 30}, "Annual general meeting", 6, 8),),
    rulings=(
        Ruling(
            *("Chief officers", "gold", (("title", "starts_with", "Chief"),)),
            "Whoever answers for the house",
            38,
        ),
        Ruling(
            *("Marked by the identity provider", "priority", (("onAir", "is_true", ""),)),
            "Whoever is on air tonight",
            30,
        ),
    ),
    trusts=(
        Trust("vip", "assistant", (SUBMIT, VIEW, REPLY), "Keeps her office", 42),
        Trust("david.kim", "nadia.petrova", (SUBMIT, VIEW), "Plans his shifts", 33),
        Trust("chen.wei", "nadia.petrova", (SUBMIT,), "Prepares the quarter", 20),
        Trust("requester", "hassan.ali", (VIEW, REPLY), "Night shift", 9, -5),
    ),
    openings=(HAMBURG_HOURS, NEW_YORK_HOURS),
    groups=(
        CastGroup("Executives", "00g-executives", ("exec", "vip")),
        CastGroup("Field crew", "00g-field-crew", ("field",), FIELD),
        CastGroup(
            "Election night", "00g-election", ("olivia.hart", "anna.kowalska", "fatima.zahra")
        ),
    ),
    hired="hired.csv",
    crew=ACME_CREW,
    needs=ACME_NEEDS,
    tickets=350,
    overheard=(
        Overheard(
            "nadia.petrova",
            "Figures of the quarter do not open",
            "I report this on behalf of Chen Wei, whose call with the bank begins at noon.",
            "Workplace",
        ),
        Overheard(
            "requester",
            "Slides freeze in the meeting room",
            "The forecast has to be ready at two; the room is booked for our CEO.",
            "Workplace",
        ),
    ),
)
