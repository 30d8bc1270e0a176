"""The words by which people say for whom something is. Another language is a few lines more.

"…" stands for the person. All words are compared as `nova.cosmo.reading.fold` leaves them.
"""

# These leave no doubt for whom a text is.
PLAIN = [
    *("on behalf of …", "in the name of …", "at the request of …", "requested by …"),
    *("this is for …", "it is for …", "it s for …", "ticket is for …", "request is for …"),
    *("… asked me", "… has asked me", "… asked us", "… has asked us"),
    *("… wants me to", "… told me to", "… needs me to"),
    *("im Auftrag von …", "im Namen von …", "das ist für …", "… hat mich gebeten"),
    *("de la part de …", "au nom de …", "… m a demandé"),
]
# Assistants write for themselves, too.
OF_ASSISTANTS = [
    *("I am … s assistant", "I m … s assistant", "this is … s assistant", "… s assistant here"),
    *("I am the assistant of …", "I am the assistant to …", "I am assistant to …"),
    *("assistant of …", "assistant to …", "PA to …", "Assistenz von …", "assistante de …"),
]
BARE = ["for …", "für …", "pour …"]

# Before a bare "for" these make it mean something else.
OTHER_FOR = {*("looking", "look", "waiting", "wait", "searching", "asking", "asked", "thanks")}
NEGATIONS = {
    *("not", "never", "neither", "nor", "instead", "except", "t", "without"),
    *("nicht", "kein", "keine", "pas", "sauf", "statt"),
}
# They may stand between a negation and what it negates; "t" is the rest of "isn't".
BESIDE_NEGATIONS = {"meant", "intended", "really", "actually", "made", "of", "being", "gedacht"}
# Shortly before a phrase they make it a supposition, or something that others say.
SUPPOSING = {
    *("if", "unless", "whether", "maybe", "perhaps", "wenn", "falls", "vielleicht", "si"),
    *("claim", "claims", "claimed", "claiming", "pretend", "pretends", "pretended", "pretending"),
    *("phishing", "scam", "spam", "fake", "fraud", "spoofed", "sent", "signed", "angeblich"),
    *("nobody", "nothing", "noone", "none", "niemand", "nichts", "personne", "rien"),
}
NO_MORE = {
    *("former", "ex", "previous", "late", "deputy", "vice", "acting", "assistant", "future"),
    *("ehemalige", "ehemaliger", "ehemaligen", "stellvertretende", "ancien", "ancienne"),
}
BELONGINGS = {"assistant", "assistants", "office", "secretary", "team", "pa", "department"}

HONORIFICS = {
    *("mr", "ms", "mrs", "miss", "mx", "dr", "prof", "professor", "sir", "herr", "herrn", "frau"),
    *("monsieur", "madame", "mme"),
}
DETERMINERS = {
    *("our", "the", "my", "unser", "unsere", "unseren", "unserem", "unserer", "der", "die"),
    *("den", "dem", "notre", "le", "la", "mon", "ma"),
}
FILLERS = DETERMINERS | HONORIFICS | {"boss", "manager", "colleague", "chef", "chefin", "patron"}
ALSO = {"and", "und", "et"}

# By its short form, how else a title is written.
TITLES = {
    "ceo": ["chief executive officer", "chief executive"],
    "cfo": ["chief financial officer", "chief finance officer"],
    "cto": ["chief technology officer", "chief technical officer"],
    "coo": ["chief operating officer", "chief operations officer"],
    "cio": ["chief information officer"],
    "ciso": ["chief information security officer"],
    "cmo": ["chief marketing officer"],
    "cpo": ["chief product officer"],
    "cro": ["chief revenue officer", "chief risk officer"],
    "chro": ["chief human resources officer", "chief people officer"],
    "cdo": ["chief data officer", "chief digital officer"],
    "vp": ["vice president"],
    "svp": ["senior vice president"],
    "evp": ["executive vice president"],
    "md": ["managing director", "geschäftsführer", "geschäftsführerin"],
    "hr": ["human resources"],
    "it": ["information technology"],
}
# Who bears one of these alone is meant by it, whatever else their title says,
CHIEFS = {"ceo", "cfo", "cto", "coo", "cio", "ciso", "cmo", "cpo", "cro", "chro", "cdo", "md"}
# unless it says one of these: the assistant to the CFO is not the CFO.
DEPENDENT = NO_MORE | BELONGINGS | {"to", "advisor", "staff"}
IN_TITLES = {"of", "for", "the", "and", "von", "der", "de"}  # "head of finance" is "head finance"

CLOSINGS = {
    *("regards", "best regards", "kind regards", "warm regards", "best", "best wishes", "cheers"),
    *("thanks", "thank you", "many thanks", "thanks and regards", "sincerely", "yours"),
    *("yours sincerely", "mfg", "viele grüße", "beste grüße", "mit freundlichen grüßen"),
    *("cordialement", "bien cordialement", "merci"),
}
