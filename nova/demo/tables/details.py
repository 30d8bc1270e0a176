"""What fills the braces in the demo's cases."""

DETAILS: dict[str, tuple[str, ...]] = {
    "room": ("Elbe", "Alster", "Themse", "Hudson", "Studio 2 gallery", "7.14", "3.02", "11.01"),
    "laptop": ("NB-2204", "NB-1873", "NB-2391", "NB-0957", "NB-2410", "NB-1466"),
    "printer": ("PR-07-02", "PR-03-01", "PR-11-01", "PR-01-04"),
    "studio": ("Studio 1", "Studio 2", "Studio 4", "the green-screen studio"),
    "suite": ("edit suite 3", "edit suite 7", "edit suite 9", "the sound suite"),
    "show": ("the evening news", "the noon bulletin", "the morning show", "the weekend magazine"),
    "feed": ("FEED-18", "FEED-04", "FEED-22", "FEED-09"),
    "station": ("Harbour FM", "Kanal 9", "Radio Savanna", "Coast TV", "Lakeside News"),
    "joiner": (
        "Alba Rossi",
        "Noah Lindgren",
        "Zuri Kamau",
        "Emil Hansen",
        "Leila Aziz",
        "Theo Grant",
    ),
    "folder": ("Budget next year", "Contracts", "Election desk", "Investigations", "Rosters"),
    "app": ("the expense tool", "the travel tool", "the contract database", "the planning tool"),
    "error": ("0x80070035", "ERR-1107", "timeout after 30 s", "HTTP 502", "licence not found"),
    "van": ("OB van 2", "OB van 5", "the SNG truck"),
    "month": ("January", "last month", "the quarter", "the half-year"),
}
GREETINGS = ("Hello {name},", "Hi {name},", "Good morning {name},", "Dear {name},")
TAKEN = (
    "thanks for letting us know. I am looking into it now.",
    "I have your ticket and will be back with news shortly.",
    "got it. I will check this with the team and come back to you.",
    "this is with me. If anything changes on your side, just answer here.",
)
THANKS = (
    "Works again. Thank you for the quick help!",
    "Perfect, thanks a lot.",
    "Can confirm, all good now.",
    "Great, that did it.",
)
AGAIN = (
    "Sorry, it is back this morning. Exactly the same as before.",
    "It worked for an hour, and now it has stopped again.",
    "Not quite: it is fine on my machine, but not for my colleague.",
)
STILL_WAITING = (
    "Any news? We need this before the weekend.",
    "Just checking in: is there a date already?",
    "This is getting urgent for us.",
)
# By score, how often it is given, and what is said with it.
RATINGS: dict[int, tuple[int, tuple[str, ...]]] = {
    1: (3, ("It took days, and nobody told me why.",)),
    2: (5, ("Solved, but I had to ask three times.", "")),
    3: (12, ("", "Fine in the end.")),
    4: (35, ("", "", "Quick, and friendly on the phone.")),
    5: (45, ("", "", "Excellent, thank you!", "Solved before my coffee was cold.")),
}
